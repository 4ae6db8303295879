"""What callers said lately."""

from __future__ import annotations

from datetime import timedelta

from booking.conversations import Line, add_turns, start
from booking.heard import DAYS, LONGEST, Answer, lately
from models.store import Store
from tests.booking.town import NOW


def said(store: Store, *lines: Line, days: float = 1) -> None:
    when = NOW - timedelta(days=days)
    with store.begin() as session:
        add_turns(session, when, start(session, when, "phone", None), lines)


def found(store: Store) -> list[Answer]:
    with store.read() as session:
        return lately(session, NOW, ["service", "city"])


def test_answers_to_the_questions_asked_for_are_found_the_newest_first_and_each_once(store: Store) -> None:
    said(store, Line("caller", "heard", "रायपुर", "city"), Line("caller", "heard", "शादी का कागज", "service"))
    said(store, Line("caller", "heard", "रायपुर", "city"), Line("caller", "heard", "अपना पता", "note"))
    said(store, Line("bot", "say", "कहाँ?", "city"), Line("caller", "keyed", "1", "city"))
    assert found(store) == [Answer("रायपुर", "city", "hi"), Answer("शादी का कागज", "service", "hi")]


def test_numbers_are_masked(store: Store) -> None:
    said(store, Line("caller", "heard", "मेरा नंबर नौ आठ सात छह पाँच है 9876543210", "service"))
    assert "9876" not in found(store)[0].text
    assert "आठ" not in found(store)[0].text


def test_stories_and_old_answers_are_left_out(store: Store) -> None:
    said(store, Line("caller", "heard", "क " * LONGEST, "service"), Line("caller", "heard", "", "service"))
    said(store, Line("caller", "heard", "पहले का", "service"), days=DAYS + 1)
    assert found(store) == []
