from __future__ import annotations

import pytest

from booking.actors import Actor
from booking.assignment import assign
from booking.errors import Conflict, NotAllowed, TooEarly
from booking.stages import DEEDS
from booking.staging import take
from booking.tracking import by_number
from models.bookings import Booking
from models.store import Store
from tests.booking.life import AGENT, COURSE, FIELD, engages, happened, stands, told
from tests.booking.town import NOW, TEN, at, holds_and_books

ADMIN = Actor("admin", "1")


def takes(store: Store, number: str, to: str, actor: Actor = ADMIN, **options: object) -> Booking:
    with store.begin() as session:
        return take(session, TEN, by_number(session, number), to, actor, **options)


def assigned(store: Store) -> str:
    engages(store)
    made = holds_and_books(store)
    with store.begin() as session:
        assign(session, NOW, by_number(session, made.number), AGENT)
    return made.number


def visits(store: Store, number: str) -> list[str]:
    with store.read() as session:
        return [v.state for v in by_number(session, number).visits]


def test_with_the_stage_the_visit_ends(town: Store) -> None:
    number = assigned(town)
    assert takes(town, number, "visited", FIELD).stage == "visited"
    assert visits(town, number) == ["done"]


@pytest.mark.parametrize("absent", ["citizen_absent", "executive_absent"])
def test_a_visit_that_did_not_come_about_ends_as_such(town: Store, absent: str) -> None:
    number = assigned(town)
    assert takes(town, number, absent, expected_version=2).stage == absent
    assert visits(town, number) == [absent]
    assert told(town, number)[-1] == absent


def test_the_rest_of_the_course_is_taken_by_word(town: Store) -> None:
    number = assigned(town)
    for stage in list(COURSE)[1:]:
        takes(town, number, stage, COURSE[stage])
    assert stands(town, number).stage == "delivered"
    assert [after for _, _, after, _ in happened(town, number)] == ["booked", *COURSE]


@pytest.mark.parametrize("to", sorted(DEEDS))
def test_what_needs_a_slot_or_an_executive_is_not_done_by_a_word(town: Store, to: str) -> None:
    number = assigned(town)
    with pytest.raises(NotAllowed, match=r"by (moving|assignment)\."):
        takes(town, number, to)
    assert visits(town, number) == ["planned"]


def test_an_older_version_is_refused_on_every_way(town: Store) -> None:
    number = assigned(town)
    for to in ("visited", "citizen_absent", "fee_paid"):
        with pytest.raises(Conflict):
            takes(town, number, to, expected_version=1)


def test_nothing_is_visited_before_its_day(town: Store) -> None:
    number = assigned(town)
    with town.begin() as session, pytest.raises(TooEarly):
        take(session, at(22, 20), by_number(session, number), "visited", FIELD)
    assert visits(town, number) == ["planned"]


def test_only_the_executive_who_was_there_says_what_happened_there(town: Store) -> None:
    number, other = assigned(town), Actor("executive", "M-2")
    takes(town, number, "visited", FIELD)
    for to in ("fee_paid", "documents_needed"):
        with pytest.raises(NotAllowed, match="another executive"):
            takes(town, number, to, other, data={"missing": ["identity"]})
    takes(town, number, "fee_paid", FIELD)
    with pytest.raises(NotAllowed, match="another executive"):
        takes(town, number, "submitted", other)
    for stage in list(COURSE)[3:-1]:
        takes(town, number, stage, COURSE[stage])
    assert takes(town, number, "delivered", other).stage == "delivered"  # anybody may bring the envelope
