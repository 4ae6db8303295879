from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.actors import CALLER, JOB, Actor
from booking.errors import BookingError, Conflict, HoldLost, NotAllowed, ServiceClosed, SlotClosed, SlotTaken, TooLate
from booking.moving import deadline
from booking.rules import VisitRules
from models.areas import Area
from models.bookings import Booking, BookingEvent
from models.catalogue import CityRow
from models.executives import Visit
from models.notices import Notice
from models.opening import Closure
from models.slots import SeatClaim
from models.store import Store
from tests.booking.life import (
    AGENT,
    FIELD,
    OFFICE,
    cancels,
    counted,
    engages,
    goes,
    goes_until,
    happened,
    last_event,
    moves,
    stands,
    taken,
    told,
    within,
)
from tests.booking.town import AT_ONCE, NOW, RULES, TEN, at, books, holds, holds_and_books, order

ONE_SEAT = VisitRules(seats=1)
START = at(25, 10)  # three days ahead
CUT_OFF = at(24, 10)
OTHER = at(26, 11)
MINUTE = timedelta(minutes=1)


def appointed(store: Store, number: str, start: datetime = START) -> None:
    """Assign an executive, with the visit planned."""
    engages(store)
    booking = goes(store, number, "assigned")
    visit = Visit(booking_id=booking.id, executive_id="M-1", starts_at=start, assigned_at=NOW)
    within(store, lambda session: session.add(visit))


def test_a_move_takes_the_new_seat_and_releases_the_old_one(town: Store) -> None:
    made = holds_and_books(town, start=START)
    moved = moves(town, made.number, OTHER)
    assert (moved.starts_at, moved.stage, moved.version, moved.updated_at) == (OTHER, "booked", 2, NOW)
    assert taken(town) == {OTHER: 1}
    assert happened(town, made.number)[1:] == [("moved", "booked", "booked", "caller")]
    data = {"from": START.isoformat(), "to": OTHER.isoformat(), "late": False}
    assert last_event(town, made.number).data == data
    # The first notice had not been sent: the second says more, so it is dropped.
    with town.read() as session:
        states = [(n.event, n.state) for n in session.get_one(Booking, made.id).notices]
    assert states == [("booked", "dropped"), ("moved", "pending")]


def test_a_move_takes_over_the_seat_that_the_conversation_holds(town: Store) -> None:
    made = holds_and_books(town, start=START)
    holds(town, "c2", OTHER, rules=ONE_SEAT)
    with pytest.raises(SlotTaken):
        moves(town, made.number, OTHER, rules=ONE_SEAT)
    assert moves(town, made.number, OTHER, rules=ONE_SEAT, conversation="c2").starts_at == OTHER
    assert taken(town) == {OTHER: 1}


def test_a_held_seat_that_ran_out_is_taken_while_it_is_free_and_lost_when_not(town: Store) -> None:
    made = holds_and_books(town, start=START)
    held = holds(town, "c2", OTHER, rules=ONE_SEAT)
    holds(town, "c3", OTHER, rules=ONE_SEAT, now=held.expires_at)
    with pytest.raises(HoldLost):
        moves(town, made.number, OTHER, rules=ONE_SEAT, conversation="c2", now=held.expires_at)
    free = held.expires_at + timedelta(minutes=5)
    assert moves(town, made.number, OTHER, rules=ONE_SEAT, conversation="c2", now=free).starts_at == OTHER


def test_a_hold_elsewhere_is_given_up_by_the_move_of_its_conversation(town: Store) -> None:
    made = holds_and_books(town, start=START)
    holds(town, "c2", at(26, 12))
    moves(town, made.number, OTHER, conversation="c2")
    assert taken(town) == {OTHER: 1}


def test_a_seat_held_in_time_is_moved_to_although_the_notice_runs_out_meanwhile(town: Store) -> None:
    made = holds_and_books(town, start=START)
    holds(town, "c2", at(22, 11), now=at(22, 8))
    assert moves(town, made.number, at(22, 11), conversation="c2", now=at(22, 8, 4)).starts_at == at(22, 11)


def test_a_hold_that_ran_out_is_no_way_round_the_notice(town: Store) -> None:
    made = holds_and_books(town, start=START)
    held = holds(town, "c2", at(22, 11), now=at(22, 8))
    with pytest.raises(SlotClosed, match="too_soon"):
        moves(town, made.number, at(22, 11), conversation="c2", now=held.expires_at)


def test_a_move_to_a_full_slot_keeps_the_old_one(town: Store) -> None:
    made = holds_and_books(town, start=START, conversation="c1")
    holds_and_books(town, start=OTHER, conversation="c2")
    holds_and_books(town, start=OTHER, conversation="c3")
    with pytest.raises(SlotTaken):
        moves(town, made.number, OTHER)
    with pytest.raises(HoldLost):
        moves(town, made.number, OTHER, conversation="c1")
    assert stands(town, made.number).starts_at == START
    assert taken(town) == {START: 1, OTHER: 2}
    assert [what for what, *_ in happened(town, made.number)] == ["stage"]
    assert told(town, made.number) == ["booked"]


def test_the_released_seat_can_be_booked_at_once(town: Store) -> None:
    made = books(town, order("c1", START), rules=ONE_SEAT)
    with pytest.raises(HoldLost):
        books(town, order("c2", START), rules=ONE_SEAT)
    moves(town, made.number, OTHER, rules=ONE_SEAT)
    assert books(town, order("c2", START), rules=ONE_SEAT).stage == "booked"


def test_a_replayed_move_is_the_same_and_writes_nothing(town: Store) -> None:
    made = holds_and_books(town, start=START)
    first = moves(town, made.number, OTHER, expected_version=1)
    again = moves(town, made.number, OTHER, expected_version=1)
    much_later = moves(town, made.number, OTHER, now=at(26, 10, 59))
    assert first.version == again.version == much_later.version == 2
    assert (counted(town, BookingEvent), counted(town, Notice), counted(town, SeatClaim)) == (2, 2, 1)


def test_a_move_to_the_very_slot_it_has_changes_nothing(town: Store) -> None:
    made = holds_and_books(town, start=START)
    assert moves(town, made.number, START).version == 1


def test_the_new_slot_may_be_named_in_any_zone(town: Store) -> None:
    from datetime import UTC

    made = holds_and_books(town, start=START)
    assert moves(town, made.number, OTHER.astimezone(UTC)).starts_at == OTHER
    assert last_event(town, made.number).data == {"from": START.isoformat(), "to": OTHER.isoformat(), "late": False}


def test_a_naive_time_is_refused(sqlite_town: Store) -> None:
    made = holds_and_books(sqlite_town, start=START)
    with pytest.raises(ValueError, match="naive datetime"):
        moves(sqlite_town, made.number, OTHER.replace(tzinfo=None))


def test_citizens_move_until_exactly_24_hours_before(town: Store) -> None:
    made = holds_and_books(town, start=START)
    assert deadline(RULES, made) == CUT_OFF
    assert stands(town, made.number, now=CUT_OFF).movable
    with pytest.raises(TooLate, match="an agent can help"):
        moves(town, made.number, OTHER, now=CUT_OFF + AT_ONCE)
    assert moves(town, made.number, OTHER, now=CUT_OFF).starts_at == OTHER


def test_citizens_cancel_until_exactly_24_hours_before(town: Store) -> None:
    made = holds_and_books(town, start=START)
    with pytest.raises(TooLate):
        cancels(town, made.number, now=CUT_OFF + AT_ONCE)
    assert stands(town, made.number).stage == "booked"
    assert cancels(town, made.number, now=CUT_OFF).stage == "cancelled"


def test_the_cut_off_is_a_setting(town: Store) -> None:
    made = holds_and_books(town, start=START)
    rules = VisitRules(move_cutoff_h=2.5)
    moves(town, made.number, at(25, 14), now=at(25, 7, 30), rules=rules)
    with pytest.raises(TooLate):
        moves(town, made.number, at(26, 14), now=at(25, 11, 31), rules=rules)


@pytest.mark.parametrize("actor", [AGENT, OFFICE, Actor("admin", "1"), JOB])
def test_others_than_the_citizen_may_move_later_and_it_is_logged_as_late(town: Store, actor: Actor) -> None:
    made = holds_and_books(town, start=START)
    moves(town, made.number, OTHER, actor, now=at(25, 9))
    event = last_event(town, made.number)
    assert event.who == str(actor)
    assert event.data is not None
    assert event.data["late"] is True


def test_an_agent_cancels_late_and_it_is_logged(town: Store) -> None:
    made = holds_and_books(town, start=START)
    cancels(town, made.number, AGENT, now=at(25, 9))
    assert last_event(town, made.number).data == {"late": True}


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (at(21, 10), "past"),
        (at(22, 7, 30), "hours"),
        (at(22, 8), "too_soon"),
        (at(26, 7), "hours"),
        (at(26, 20), "hours"),
        (at(26, 10, 30), "hours"),
        (datetime(2026, 12, 23, 10, 0, tzinfo=START.tzinfo), "too_far"),
        (datetime(2027, 1, 26, 10, 0, tzinfo=START.tzinfo), "too_far"),
        (datetime(1, 1, 2, tzinfo=START.tzinfo), "past"),
        (datetime(9999, 12, 30, 10, 0, tzinfo=START.tzinfo), "too_far"),
    ],
)
def test_times_that_cannot_be_booked_cannot_be_moved_to(town: Store, start: datetime, why: str) -> None:
    made = holds_and_books(town, start=START)
    with pytest.raises(SlotClosed) as error:
        moves(town, made.number, start)
    assert error.value.why == why
    assert stands(town, made.number).starts_at == START


def test_a_closed_day_cannot_be_moved_to_even_with_a_held_seat(town: Store) -> None:
    made = holds_and_books(town, start=START)
    holds(town, "c1", OTHER)
    within(town, lambda session: session.add(Closure(day=date(2026, 11, 26), reason="चुनाव")))
    with pytest.raises(SlotClosed) as error:
        moves(town, made.number, OTHER, conversation="c1")
    assert error.value.why == "closed"
    assert stands(town, made.number).starts_at == START


def test_a_day_on_which_only_the_departments_are_closed_can_be_moved_to(town: Store) -> None:
    made = holds_and_books(town, start=START)
    within(town, lambda session: session.add(Closure(day=date(2026, 11, 26), calendar="departments")))
    assert moves(town, made.number, OTHER).starts_at == OTHER


def test_a_service_that_is_not_offered_on_the_new_day_cannot_be_moved_there(town: Store) -> None:
    made = holds_and_books(town, start=at(23, 10), service="shop_registration")
    with pytest.raises(ServiceClosed):
        moves(town, made.number, at(24, 10), AGENT)
    assert moves(town, made.number, at(23, 15), AGENT).starts_at == at(23, 15)


def test_a_booking_stays_in_its_area(town: Store) -> None:
    area = Area(
        id="bhilai-1", city_id="bhilai", hi="भिलाई १", en="Bhilai 1", places=[], pins=[], seats=1, last_end_h=12
    )
    city = CityRow(id="bhilai", hi="भिलाई", en="Bhilai", also=[])
    within(town, lambda session: session.add(city))
    within(town, lambda session: session.add(area))
    made = books(town, order("c1", START, city="bhilai", area="bhilai-1"))
    with pytest.raises(SlotClosed):  # the area's own hours hold
        moves(town, made.number, at(26, 15))
    moved = moves(town, made.number, OTHER)
    assert (moved.slot.city_id, moved.slot.area) == ("bhilai", "bhilai-1")
    other = books(town, order("c2", START, city="bhilai", area="bhilai-1"))
    with pytest.raises(SlotTaken):  # and its own seats
        moves(town, other.number, OTHER)


def test_whoever_has_seen_an_older_version_is_told_so(town: Store) -> None:
    made = holds_and_books(town, start=START)
    moves(town, made.number, OTHER)
    with pytest.raises(Conflict):
        moves(town, made.number, at(27, 10), expected_version=1)
    with pytest.raises(Conflict):
        cancels(town, made.number, expected_version=1)
    assert moves(town, made.number, at(27, 10), expected_version=2).version == 3


def test_moving_an_assigned_booking_calls_the_executive_off(town: Store) -> None:
    made = holds_and_books(town, start=START)
    appointed(town, made.number)
    moved = moves(town, made.number, OTHER)
    assert (moved.stage, moved.executive_id) == ("booked", None)
    with town.read() as session:
        assert [v.state for v in session.get_one(Booking, made.id).visits] == ["dropped"]
    assert ("moved", "assigned", "booked", "caller") in happened(town, made.number)
    assert stands(town, made.number).executive is None


def test_cancelling_an_assigned_booking_calls_the_executive_off_and_frees_the_seat(town: Store) -> None:
    made = holds_and_books(town, start=START)
    appointed(town, made.number)
    gone = cancels(town, made.number, reason="moved away")
    assert (gone.stage, gone.reason, gone.executive_id) == ("cancelled", "moved away", None)
    assert taken(town) == {}
    with town.read() as session:
        assert [v.state for v in session.get_one(Booking, made.id).visits] == ["dropped"]
    assert told(town, made.number)[-1] == "cancelled"


def test_a_replayed_cancellation_is_the_same(town: Store) -> None:
    made = holds_and_books(town, start=START)
    first = cancels(town, made.number, expected_version=1)
    again = cancels(town, made.number, expected_version=1, now=at(27, 10), reason="another")
    assert (again.version, again.reason, again.updated_at) == (first.version, "not needed", NOW)
    assert (counted(town, BookingEvent), counted(town, Notice)) == (2, 2)


def test_a_long_number_in_the_reason_is_masked(town: Store) -> None:
    made = holds_and_books(town, start=START)
    assert cancels(town, made.number, reason="आधार 1234 5678 9012 गलत").reason == "आधार xxxx xxxx xxxx गलत"
    assert "5678" not in last_event(town, made.number).why


@pytest.mark.parametrize("stage", ["visited", "fee_paid", "submitted", "approved", "certificate_ready", "delivered"])
def test_what_has_been_visited_is_neither_moved_nor_cancelled_by_the_citizen(town: Store, stage: str) -> None:
    made = holds_and_books(town, start=START)
    goes_until(town, made.number, stage)
    with pytest.raises(NotAllowed):
        moves(town, made.number, OTHER)
    with pytest.raises(NotAllowed):
        cancels(town, made.number)
    assert not stands(town, made.number).movable


def test_what_is_cancelled_is_not_moved(town: Store) -> None:
    made = holds_and_books(town, start=START)
    cancels(town, made.number)
    with pytest.raises(NotAllowed):
        moves(town, made.number, OTHER, AGENT)
    assert taken(town) == {}


def test_an_executive_neither_moves_nor_cancels_a_booking(town: Store) -> None:
    made = holds_and_books(town, start=START)
    with pytest.raises(NotAllowed):
        moves(town, made.number, OTHER, FIELD)
    with pytest.raises(NotAllowed):
        cancels(town, made.number, FIELD)


@pytest.mark.parametrize("absent", ["citizen_absent", "executive_absent"])
def test_a_visit_that_did_not_come_about_gets_a_new_slot_without_any_cut_off(town: Store, absent: str) -> None:
    made = holds_and_books(town, start=START)
    appointed(town, made.number)
    goes(town, made.number, absent, AGENT, now=at(25, 11))
    missed = stands(town, made.number, now=at(25, 11))
    assert (missed.next, missed.movable, missed.change_until) == ("booked", True, None)
    assert moves(town, made.number, OTHER, now=at(25, 11)).stage == "booked"
    assert told(town, made.number)[-1] == "moved"
    assert taken(town) == {OTHER: 1}


def test_the_slot_of_a_second_visit_is_told_as_a_booking(town: Store) -> None:
    made = holds_and_books(town, start=START)
    goes_until(town, made.number, "visited")
    goes(town, made.number, "documents_needed", FIELD, data={"missing": ["identity"]})
    again = moves(town, made.number, OTHER, now=at(25, 12))
    assert (again.stage, again.missing) == ("booked", ["identity"])
    assert happened(town, made.number)[-1] == ("second_visit", "documents_needed", "booked", "caller")
    assert told(town, made.number)[-1] == "booked"


def test_an_executive_gives_only_the_own_visit_a_second_slot(town: Store) -> None:
    made = holds_and_books(town, start=START)
    goes_until(town, made.number, "visited")
    goes(town, made.number, "documents_needed", FIELD, data={"missing": ["identity"]})
    with pytest.raises(NotAllowed, match="another executive's visit"):
        moves(town, made.number, OTHER, Actor("executive", "M-2"), at(25, 12))
    assert moves(town, made.number, OTHER, FIELD, at(25, 12)).stage == "booked"


def test_a_refusal_caught_inside_a_transaction_leaves_nothing_behind(town: Store) -> None:
    from booking.moving import move
    from booking.tracking import by_number

    made = holds_and_books(town, start=START)
    holds(town, "c3", OTHER, rules=ONE_SEAT)

    def tries(session: Any) -> None:
        booking = by_number(session, made.number)
        with pytest.raises(BookingError):
            move(session, NOW, ONE_SEAT, booking, OTHER, CALLER)
        assert booking.starts_at == START
        move(session, NOW, ONE_SEAT, booking, at(26, 12), CALLER)

    within(town, tries)
    assert taken(town) == {OTHER: 1, at(26, 12): 1}
    assert TEN not in taken(town)


def test_a_day_before_the_service_began_is_past(town: Store) -> None:
    made = holds_and_books(town, service="domicile_certificate")
    with pytest.raises(SlotClosed, match="past"):
        moves(town, made.number, TEN.replace(year=2020))
