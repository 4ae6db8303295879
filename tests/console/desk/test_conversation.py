"""The page of one conversation follows it: new lines come, what nobody heard goes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from booking.conversations import Line, add_turns, correct_turn
from booking.desk.talks import news, talk
from booking.errors import NotFound
from models.audit import AuditEntry
from models.store import Store
from tests.console.accounts.house import START, Browser, Clock
from tests.console.desk import scene
from tests.console.desk.office import text
from tests.console.desk.watching import desk_pages, people, signed_in

HERE = "/desk/conversation/c21"


@pytest.fixture
def pages(store: Store) -> Flask:
    people(store)
    scene.talks(store, START, "c21", scene.HINDI[:4])
    return desk_pages(store, Clock())


@pytest.fixture
def ravi(pages: Flask) -> Browser:
    return signed_in(pages, "ravi")


def lines(answer: object) -> list[str]:
    return re.findall(r'id="line-(\d+)"', answer.get_data(as_text=True))  # type: ignore[attr-defined]


def test_who_said_what_with_what_was_not_understood(store: Store, ravi: Browser) -> None:
    more = [*scene.HINDI[4:6], Line("caller", "keyed", "5", "day"), Line("caller", "silent", "", "day")]
    with store.begin() as session:
        add_turns(session, START, "c21", more)
    shown = ravi.get(HERE)
    assert lines(shown) == [str(n) for n in range(1, 9)]
    said = text(shown)
    assert "वो जो बाज़ार वाला दिन not understood" in re.sub(r"\s+", " ", said)
    assert "pressed 5" in said
    assert "said nothing" in said
    assert said.count("not understood") == 2
    with store.read() as session:
        assert ("conversation.seen", "conversation:c21") in session.execute(
            select(AuditEntry.what, AuditEntry.subject)
        ).all()


def test_new_lines_are_added_and_what_nobody_heard_is_taken_out(store: Store, ravi: Browser) -> None:
    assert "after=4" in ravi.get(HERE).get_data(as_text=True)
    with store.begin() as session:
        add_turns(session, START, "c21", [*scene.HINDI[4:6], Line("bot", "say", "Not heard at all", "day")])
    fresh = ravi.get(f"{HERE}/said?after=4")
    assert lines(fresh)[:3] == ["5", "6", "7"]
    assert "after=7" in fresh.get_data(as_text=True)
    with store.begin() as session:
        correct_turn(session, "c21", 7, None)
        correct_turn(session, "c21", 5, "हम किस")
    corrected = ravi.get(f"{HERE}/said?after=7").get_data(as_text=True)
    assert '<div id="line-7" hx-swap-oob="delete">' in corrected
    assert "हम किस</span>" in corrected
    assert "after=7" in corrected
    for odd in ("-5", "x", "9" * 30):
        assert ravi.get(f"{HERE}/said?after={odd}").status_code == 200


def test_markup_in_what_was_said_is_text(store: Store, ravi: Browser) -> None:
    with store.begin() as session:
        add_turns(session, START, "c21", [Line("caller", "heard", "<script>alert(1)</script>", "day")])
    assert "<script>alert" not in ravi.get(HERE).get_data(as_text=True)


def test_a_conversation_that_is_not_there(ravi: Browser) -> None:
    for path in ("none", "none/said", "none/about", "%00", "%00/said"):
        assert ravi.get(f"/desk/conversation/{path}").status_code == 404
    assert ravi.get("/desk/note/%00").status_code == 404


def test_what_belongs_to_a_conversation(store: Store) -> None:
    scene.work(store, START)
    lost = scene.waits(store, START, "c77")
    with store.read() as session:
        booked = talk(session, "c50")
        assert (len(booked.bookings), len(booked.notes), booked.handoff) == (1, 1, None)
        assert (waiting := talk(session, "c77").handoff) is not None
        assert waiting.id == lost.id
        assert len(news(session, "c77", 0).fresh) == len(scene.HINDI)
        with pytest.raises(NotFound):
            talk(session, "none")
