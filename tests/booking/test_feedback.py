from __future__ import annotations

import pytest

from booking import notes
from booking.actors import CALLER, Actor, Role
from booking.errors import BadValue, NotAllowed, NotFound, TooEarly
from booking.feedback import Rating, feedback_of, rate
from booking.notices import write_notice
from booking.tracking import by_number
from models.feedback import Feedback
from models.store import Store
from tests.booking.life import cancels, counted, goes_until, happened, last_event, stands
from tests.booking.town import NOW, at, holds_and_books

LATER = at(30, 10)


def rates(store: Store, number: str, rating: Rating, actor: Actor = CALLER) -> Feedback:
    with store.begin() as session:
        return rate(session, LATER, by_number(session, number), rating, actor)


def delivered(store: Store) -> str:
    made = holds_and_books(store)
    goes_until(store, made.number, "delivered")
    return made.number


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5])
def test_a_delivered_booking_is_rated_from_one_to_five(town: Store, points: int) -> None:
    number = delivered(town)
    rates(town, number, Rating(points))
    with town.read() as session:
        kept = feedback_of(session, by_number(session, number))
    assert kept is not None
    assert (kept.rating, kept.text, kept.channel, kept.note_id, kept.at) == (points, "", "phone", None, LATER)
    assert happened(town, number)[-1] == ("feedback", "delivered", "delivered", "caller")
    assert last_event(town, number).data == {"rating": points, "channel": "phone"}


@pytest.mark.parametrize("points", [0, 6, -1, 10**30])
def test_no_other_number_is_a_rating(town: Store, points: int) -> None:
    number = delivered(town)
    with pytest.raises(BadValue, match="1 to 5"):
        rates(town, number, Rating(points))
    assert counted(town, Feedback) == 0


def test_a_replayed_rating_changes_nothing(town: Store) -> None:
    number = delivered(town)
    first = rates(town, number, Rating(4, text="ठीक"))
    before = stands(town, number).version
    assert rates(town, number, Rating(4, text="ठीक")).id == first.id
    assert (stands(town, number).version, counted(town, Feedback)) == (before, 1)


def test_a_later_rating_takes_the_place_of_the_first_and_both_are_written_down(town: Store) -> None:
    number = delivered(town)
    rates(town, number, Rating(1))
    assert rates(town, number, Rating(5), Actor("agent", "7")).rating == 5
    assert counted(town, Feedback) == 1
    assert [who for what, *_, who in happened(town, number) if what == "feedback"] == ["caller", "agent:7"]


def test_who_has_rated_at_night_is_not_asked_in_the_morning(town: Store) -> None:
    number = delivered(town)
    with town.begin() as session:
        write_notice(session, at(30, 3), by_number(session, number), "feedback_ask")
    rates(town, number, Rating(5))
    with town.read() as session:
        states = {n.event: n.state for n in by_number(session, number).notices}
    assert (states["feedback_ask"], states["delivered"]) == ("dropped", "pending")


def test_a_rating_comes_with_a_voice_note_and_without_long_numbers(town: Store) -> None:
    number = delivered(town)
    with town.begin() as session:
        note = notes.keep(session, NOW, "c1", b"\xff" * 800, 4.5)
    kept = rates(town, number, Rating(2, note, "मेरा आधार 123456789012", "whatsapp"))
    assert (kept.note_id, kept.text, kept.channel) == (note, "मेरा आधार xxxxxxxxxxxx", "whatsapp")


def test_an_unknown_voice_note_is_refused(town: Store) -> None:
    with pytest.raises(NotFound):
        rates(town, delivered(town), Rating(2, "gone"))


@pytest.mark.parametrize("stage", ["assigned", "submitted", "out_for_delivery"])
def test_nothing_is_rated_before_it_is_delivered(town: Store, stage: str) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, stage)
    with pytest.raises(TooEarly):
        rates(town, made.number, Rating(5))


def test_what_was_cancelled_is_not_rated(town: Store) -> None:
    made = holds_and_books(town, start=at(25, 10))
    cancels(town, made.number)
    with pytest.raises(NotAllowed):
        rates(town, made.number, Rating(1))


@pytest.mark.parametrize("role", ["executive", "office", "admin", "job"])
def test_nobody_rates_the_own_work(town: Store, role: Role) -> None:
    number = delivered(town)
    with pytest.raises(NotAllowed, match="rating by"):
        rates(town, number, Rating(5), Actor(role, "M-1"))
    assert counted(town, Feedback) == 0
