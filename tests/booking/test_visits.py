from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.actors import CALLER, JOB, Actor
from booking.errors import BadValue, BookingError, Conflict, NotAllowed, SlotTaken, TooEarly
from booking.rules import VisitRules
from booking.tracking import by_number
from booking.visits import Side, no_show, second_visit, visited
from models.bookings import Booking
from models.store import Store
from tests.booking.life import AGENT, FIELD, OFFICE, goes, happened, moves, taken, told
from tests.booking.team import assigns, assigns_due, booked, comes, executive, hires, visits
from tests.booking.town import AT_ONCE, RULES, TEN, at, holds

OTHER = Actor("executive", "M-2")
LATER = at(25, 11)


@pytest.fixture
def number(town: Store) -> str:
    """A booking that the executive M-1 visits on Monday at ten."""
    hires(town, executive("M-1"), executive("M-2"))
    made = booked(town)
    assigns(town, made, "M-1")
    return made


def arrives(store: Store, number: str, actor: Actor = FIELD, now: datetime = TEN, **options: Any) -> Booking:
    with store.begin() as session:
        return visited(session, now, by_number(session, number), actor, **options)


def fails(store: Store, number: str, side: Side, actor: Actor = AGENT, now: datetime = TEN, **options: Any) -> Booking:
    with store.begin() as session:
        return no_show(session, now, by_number(session, number), side, actor, **options)


def returns(
    store: Store,
    number: str,
    missing: tuple[str, ...] = ("identity",),
    start: datetime = LATER,
    actor: Actor = FIELD,
    rules: VisitRules = RULES,
    **options: Any,
) -> Booking:
    with store.begin() as session:
        return second_visit(session, TEN, rules, by_number(session, number), start, missing, actor, **options)


def test_a_visit_that_took_place_is_done(town: Store, number: str) -> None:
    done = arrives(town, number)
    assert (done.stage, done.executive_id) == ("visited", "M-1")
    assert visits(town, number) == [("M-1", "done", "documents")]
    assert happened(town, number)[-1] == ("stage", "assigned", "visited", "executive:M-1")
    assert told(town, number)[-1] == "visited"


def test_a_visit_is_done_once_however_often_it_is_said(town: Store, number: str) -> None:
    assert arrives(town, number).version == arrives(town, number).version == 3


def test_another_executive_ends_neither_visit_nor_appointment(town: Store, number: str) -> None:
    with pytest.raises(NotAllowed, match="another executive's visit"):
        arrives(town, number, OTHER)
    with pytest.raises(NotAllowed, match="another executive's visit"):
        fails(town, number, "citizen", OTHER)
    arrives(town, number)
    with pytest.raises(NotAllowed, match="another executive's visit"):
        returns(town, number, actor=OTHER)
    assert visits(town, number) == [("M-1", "done", "documents")]


@pytest.mark.parametrize("actor", [CALLER, JOB])
def test_nobody_else_says_that_a_visit_took_place(town: Store, number: str, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        arrives(town, number, actor)


def test_no_visit_took_place_before_its_day_and_no_no_show_before_its_time(town: Store, number: str) -> None:
    with pytest.raises(TooEarly, match="2026-11-23"):
        arrives(town, number, now=at(22, 23, 59))
    for side in ("citizen", "executive"):
        with pytest.raises(TooEarly, match="10:00"):
            fails(town, number, side, now=TEN - AT_ONCE)
    assert arrives(town, number, now=at(23, 9, 50)).stage == "visited"


def test_who_has_seen_an_older_version_must_look_again(town: Store, number: str) -> None:
    with pytest.raises(Conflict):
        arrives(town, number, expected_version=1)
    with pytest.raises(Conflict):
        fails(town, number, "citizen", expected_version=1)
    assert arrives(town, number, expected_version=2).stage == "visited"


@pytest.mark.parametrize(("side", "actor"), [("citizen", FIELD), ("citizen", AGENT), ("executive", AGENT)])
def test_a_no_show_ends_the_visit_and_is_told(town: Store, number: str, side: Side, actor: Actor) -> None:
    done = fails(town, number, side, actor)
    assert done.stage == f"{side}_absent"
    assert visits(town, number) == [("M-1", f"{side}_absent", "documents")]
    assert happened(town, number)[-1] == ("no_show", "assigned", f"{side}_absent", str(actor))
    assert told(town, number)[-1] == f"{side}_absent"
    assert fails(town, number, side, actor).version == done.version


def test_neither_a_caller_nor_the_executive_says_that_the_executive_did_not_come(town: Store, number: str) -> None:
    for actor in (CALLER, FIELD):
        with pytest.raises(NotAllowed):
            fails(town, number, "executive", actor)


def test_a_booking_that_nobody_was_assigned_to_is_a_no_show_too(town: Store) -> None:
    number = booked(town)
    assert fails(town, number, "executive").stage == "executive_absent"
    with pytest.raises(NotAllowed):
        fails(town, booked(town, "c2"), "citizen")


def test_after_a_no_show_a_new_slot_is_booked_and_assigned(town: Store, number: str) -> None:
    fails(town, number, "citizen")
    moves(town, number, LATER, CALLER, at(23, 12))
    assert taken(town) == {LATER: 1}
    assert assigns_due(town, at(23, 12)).assigned == 1
    assert visits(town, number) == [("M-1", "citizen_absent", "documents"), ("M-2", "planned", "documents")]


def test_after_the_executive_did_not_come_another_one_can_still_be_sent_that_day(town: Store, number: str) -> None:
    fails(town, number, "executive", now=TEN + timedelta(minutes=30))
    done = assigns(town, number, "M-2", now=TEN + timedelta(minutes=31))
    assert (done.stage, comes(town, number)) == ("assigned", "M-2")


def test_a_no_show_of_the_executive_does_not_count_as_work(town: Store, number: str) -> None:
    fails(town, number, "executive")
    assert assigns(town, booked(town, "c2", at(23, 15))).executive_id == "M-1"


def test_a_second_visit_names_the_documents_and_takes_another_seat(town: Store, number: str) -> None:
    arrives(town, number)
    again = returns(town, number, ("identity", "residence_proof"))
    assert (again.stage, again.missing, again.starts_at) == ("booked", ["identity", "residence_proof"], LATER)
    assert taken(town) == {LATER: 1}
    assert [e[:3] for e in happened(town, number)[-2:]] == [
        ("stage", "visited", "documents_needed"),
        ("second_visit", "documents_needed", "booked"),
    ]
    assert assigns_due(town, TEN).assigned == 1
    assert visits(town, number) == [("M-1", "done", "documents"), ("M-2", "planned", "second")]
    assert arrives(town, number, Actor("executive", "M-2"), LATER).executive_id == "M-2"


def test_a_second_visit_is_agreed_once_however_often_it_is_said(town: Store, number: str) -> None:
    arrives(town, number)
    assert returns(town, number).version == returns(town, number).version


def test_a_second_visit_without_a_seat_changes_nothing(town: Store, number: str) -> None:
    arrives(town, number)
    one = VisitRules(seats=1)
    holds(town, "c9", LATER, rules=one, now=TEN)
    with pytest.raises(SlotTaken):
        returns(town, number, rules=one)
    with town.read() as session:
        assert (by_number(session, number).stage, by_number(session, number).missing) == ("visited", [])
    assert taken(town) == {TEN: 1, LATER: 1}


def test_the_seat_that_the_conversation_holds_is_taken_over(town: Store, number: str) -> None:
    arrives(town, number)
    one = VisitRules(seats=1)
    holds(town, "c9", LATER, rules=one, now=TEN)
    assert returns(town, number, rules=one, conversation="c9").starts_at == LATER


def test_a_second_visit_needs_to_know_what_is_missing(town: Store, number: str) -> None:
    arrives(town, number)
    with pytest.raises(BadValue, match="name the documents"):
        returns(town, number, ())


def test_documents_that_the_office_asks_for_lead_to_a_second_visit(town: Store, number: str) -> None:
    arrives(town, number)
    for stage in ("fee_paid", "submitted", "in_verification"):
        goes(town, number, stage, now=TEN)
    goes(town, number, "documents_needed", OFFICE, TEN, data={"missing": ["identity"]})
    assert returns(town, number, (), actor=AGENT).missing == ["identity"]
    assert told(town, number)[-1] == "booked"


def test_what_is_missing_can_be_corrected_with_the_second_visit(town: Store, number: str) -> None:
    arrives(town, number)
    goes(town, number, "documents_needed", FIELD, TEN, data={"missing": ["identity"]})
    again = returns(town, number, ("residence_proof",), expected_version=4)
    assert again.missing == ["residence_proof"]
    assert [e[0] for e in happened(town, number)[-2:]] == ["missing", "second_visit"]


def test_there_is_no_second_visit_before_the_first(town: Store, number: str) -> None:
    with pytest.raises(BookingError, match="assigned to documents_needed"):
        returns(town, number)
    assert comes(town, number) == "M-1"
    with pytest.raises(NotAllowed):
        returns(town, booked(town, "c2"), actor=AGENT)
