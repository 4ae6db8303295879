from __future__ import annotations

from datetime import timedelta

import pytest

from booking.callbacks import Wanted, promise
from booking.callers import remember_language
from booking.conversations import Line, add_turns, finish, save, start
from booking.desk.answers import accept
from booking.desk.card import card, said
from booking.desk.endings import abandon
from booking.desk.endings import finish as finished
from booking.desk.figures import by_hour, today
from booking.desk.line import dropped
from booking.desk.load import recorded
from booking.desk.moment import calls_now, now_at
from booking.desk.whisper import Whisper, whisper
from booking.errors import NotFound
from booking.hours import AgentHours
from booking.notes import keep
from models.queue import Handoff
from models.store import Store
from tests.booking.desk.people import MINUTE, NOON, RULES, SECOND, calls, comes, does, offers
from tests.booking.life import cancels
from tests.booking.town import at, holds_and_books

CALLER = "+919812345615"
SAID = {"service": "birth_certificate", "city": "raipur", "date": "2026-11-24", "daypart": "morning"}


def talks(store: Store, id: str, caller: str | None = CALLER, outcome: str = "", now: object = NOON) -> None:
    """A conversation in which a city was not understood."""
    with store.begin() as session:
        start(session, now, "phone", caller, id)  # type: ignore[arg-type]
        save(session, id, {"filled": SAID, "node": "city", "language": "hi"}, expected_version=0, now=now)  # type: ignore[arg-type]
        lines = [
            Line("bot", "say", "कौन सा शहर?", "city"),
            Line("caller", "heard", "राय", "city"),
            Line("caller", "heard", "रायपुर", "city", {"city": "raipur"}),
            Line("bot", "say", "किस दिन?", "date"),
            Line("caller", "heard", "हूँ", "date"),
        ]
        add_turns(session, now, id, lines)  # type: ignore[arg-type]
        if outcome:
            finish(session, now, id, outcome)  # type: ignore[arg-type]


def test_the_card_knows_the_caller_and_what_was_said(town: Store) -> None:
    open_one = holds_and_books(town, "c8")
    over = holds_and_books(town, "c9", at(23, 11))
    cancels(town, over.number)
    talks(town, "old", outcome="booked", now=at(22, 9))
    talks(town, "c1")
    with town.begin() as session:
        remember_language(session, NOON, CALLER, "en")
        promise(session, NOON, AgentHours(), Wanted(CALLER, "asked", "hi", "old"))
        keep(session, NOON, "c1", b"\xff" * 800, 0.1)
    row = calls(town, "c1", caller=CALLER, reason="ladder", summary=SAID)
    with town.read() as session:
        found = card(session, row.id)
        assert [b.number for b in found.caller.bookings] == [open_one.number, over.number]
        assert [c.id for c in found.caller.conversations] == ["old"]
        assert (found.caller.mobile, found.caller.language, len(found.caller.callbacks)) == ("9812345615", "en", 1)
        assert [(s.text, s.missed) for s in found.said if s.who == "caller"] == [
            ("राय", True),
            ("रायपुर", False),
            ("हूँ", True),
        ]
        assert (len(found.notes), found.filled["service"]) == (1, "birth_certificate")
        assert found.whisper == Whisper(
            "birth_certificate", "raipur", "2026-11-24", "morning", "date", "ladder", "hi", ""
        )
        assert [e.what for e in found.events] == ["entered"]
        assert [s.seq for s in said(session, "c1", after=3)] == [4, 5]
        with pytest.raises(NotFound):
            card(session, 99)


def test_the_card_of_who_calls_again_has_the_words_of_both_calls(store: Store) -> None:
    talks(store, "c1")
    row = calls(store, "c1", caller=CALLER)
    does(store, dropped, row.id)
    talks(store, "c2")
    calls(store, "c2", NOON + MINUTE, caller=CALLER)
    with store.read() as session:
        assert {s.conversation for s in card(session, row.id).said} == {"c1", "c2"}


def test_where_it_got_stuck_is_known_also_after_the_line_broke(store: Store) -> None:
    talks(store, "c1")
    row = calls(store, "c1", caller=CALLER)
    with store.read() as session:
        before = whisper(session, session.get_one(Handoff, row.id)).stuck
    does(store, dropped, row.id)
    with store.begin() as session:
        start(session, NOON, "phone", CALLER, "c2")  # nothing is said in it
    calls(store, "c2", NOON + MINUTE, caller=CALLER)
    with store.read() as session:
        again = session.get_one(Handoff, row.id)
        assert (again.conversation_id, whisper(session, again).stuck) == ("c2", before)
    assert before


def test_a_withheld_number_shows_nothing_of_others(town: Store) -> None:
    holds_and_books(town)
    talks(town, "old", None, "cut_off")
    talks(town, "c1", None)
    row = calls(town, "c1", caller=None, summary={"filled": {"services": ["pan_card"], "slot": "2026-11-24T10:00:00"}})
    with town.read() as session:
        found = card(session, row.id).caller
        assert (found.number, found.mobile, found.bookings, found.conversations, found.handoffs) == (
            None, None, [], [], [],
        )  # fmt: skip
        heard = whisper(session, session.get_one(Handoff, row.id))
        assert (heard.service, heard.when, heard.daypart) == ("pan_card", "2026-11-24T10:00:00", None)


def test_the_figures_of_the_day_and_of_this_moment(store: Store) -> None:
    comes(store, "a1")
    for n, outcome in enumerate(("booked", "goodbye", "cut_off", "handoff")):
        talks(store, f"t{n}", outcome=outcome, now=NOON - 60 * MINUTE)
    talks(store, "live", now=NOON)
    quick, slow, lost = calls(store, "c1"), calls(store, "c2"), calls(store, "c3")
    offers(store)
    does(store, accept, quick.id, "a1", now=NOON + 10 * SECOND)
    does(store, finished, quick.id, "a1", "booked", now=NOON + 70 * SECOND)
    offers(store, NOON + 70 * SECOND)
    does(store, accept, slow.id, "a1", now=NOON + 70 * SECOND)
    does(store, abandon, RULES, lost.id, now=NOON + 80 * SECOND)
    calls(store, "live", NOON + 80 * SECOND, caller=CALLER)
    now = NOON + 90 * SECOND
    with store.read() as session:
        figures = today(session, now, RULES)
        assert (figures.entered, figures.answered, figures.in_time, figures.abandoned) == (4, 2, 1, 1)
        assert figures.service_level == pytest.approx(1 / 3)
        assert (figures.abandonment, figures.wait_s, figures.longest_s, figures.handling_s) == (0.25, 40, 70, 60)
        assert (figures.conversations, figures.contained, figures.containment) == (4, 2, 0.5)
        hours = by_hour(session, now, RULES)
        assert {h: (f.entered, f.conversations) for h, f in hours.items()} == {11: (0, 4), 12: (4, 0)}
        moment = now_at(session, now)
        assert ([r.conversation_id for r in moment.waiting], [r.id for r in moment.talking]) == (["live"], [slow.id])
        assert (dict(moment.states), moment.longest_s) == ({"talking": 1}, 10)
        (live,) = calls_now(session, now)
        assert (live.conversation, live.node, live.text, live.who) == ("live", "city", "हूँ", "caller")
        assert live.handoff is not None
        empty = today(session, now + timedelta(days=1), RULES)
        assert (empty.service_level, empty.abandonment, empty.containment, empty.wait_s) == (None, None, None, None)


def test_the_recorded_load_is_a_mean_of_days_and_hours(store: Store) -> None:
    for n in range(4):
        now = NOON + n * 2 * MINUTE
        comes(store, "a1", now)
        row = calls(store, f"c{n}", now)
        offers(store, now)
        does(store, accept, row.id, "a1", now=now)
        does(store, finished, row.id, "a1", "booked", now=now + 90 * SECOND)
    calls(store, "c8", at(24, 15))
    with store.read() as session:
        loads = recorded(session, at(23, 0).date(), at(24, 0).date(), 240)
        assert {h: (one.calls, one.handling_s) for h, one in loads.items()} == {12: (2, 90), 15: (0.5, 90)}
        assert recorded(session, at(25, 0).date(), at(26, 0).date(), 240) == {}
