from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from booking.actors import CALLER, JOB, Actor
from booking.changes import Change, change_stage, record
from booking.errors import BadValue, Conflict, NotAllowed
from booking.notices import notices
from booking.tracking import by_number
from models.bookings import Booking, BookingEvent
from models.catalogue import ServiceRow
from models.notices import Notice
from models.opening import Closure
from models.store import Store
from tests.booking.life import (
    AGENT,
    COURSE,
    FIELD,
    OFFICE,
    counted,
    engages,
    goes,
    goes_until,
    happened,
    last_event,
    stands,
    taken,
    told,
    within,
)
from tests.booking.town import NOW, TEN, at, holds_and_books

LATER = NOW + timedelta(days=2)


def with_days(store: Store, days: int | None) -> None:
    """Give the birth certificate a time limit, working days."""
    within(store, lambda s: s.execute(update(ServiceRow).where(ServiceRow.id == "birth_certificate").values(days=days)))


def test_the_ordinary_course_to_delivery_is_written_down_step_by_step(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "delivered", now=LATER)
    stages = ["booked", *COURSE]
    rows = happened(town, made.number)
    assert [(before, after) for _, before, after, _ in rows] == list(zip([None, *stages], stages, strict=False))
    assert [who for *_, who in rows] == ["caller", *map(str, COURSE.values())]
    found = stands(town, made.number)
    assert (found.stage, found.next, found.version, found.updated_at) == ("delivered", None, 10, LATER)


def test_each_stage_of_which_there_is_something_to_say_is_told(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "delivered")
    texts = notices().texts
    assert told(town, made.number) == [s for s in ["booked", *COURSE] if s in texts]
    assert {"assigned", "visited", "submitted", "certificate_ready", "delivered"} <= set(told(town, made.number))


def test_a_change_that_is_refused_leaves_no_trace(town: Store) -> None:
    made = holds_and_books(town)
    for to, actor in (("delivered", Actor("admin", "1")), ("visited", FIELD), ("assigned", CALLER), ("booked", JOB)):
        with pytest.raises(NotAllowed, match="look at its stage"):
            goes(town, made.number, to, actor)
    assert (stands(town, made.number).version, counted(town, BookingEvent), counted(town, Notice)) == (1, 1, 1)


def test_a_change_to_the_stage_it_has_is_refused(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    with pytest.raises(NotAllowed):
        goes(town, made.number, "visited")


@pytest.mark.parametrize("to", ["", "no_stage", "BOOKED", "जमा", "x" * 10_000])
def test_a_stage_that_does_not_exist_is_refused(town: Store, to: str) -> None:
    made = holds_and_books(town)
    with pytest.raises(NotAllowed):
        goes(town, made.number, to, Actor("admin", "1"))


def test_a_booking_is_not_assigned_to_nobody(town: Store) -> None:
    made = holds_and_books(town)
    with pytest.raises(BadValue):
        goes(town, made.number, "assigned", values={})


def test_whoever_has_seen_an_older_version_is_told_so_before_anything_else(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    for to in ("visited", "fee_paid", "delivered"):
        with pytest.raises(Conflict, match="read it again"):
            goes(town, made.number, to, FIELD, expected_version=2)
    assert goes(town, made.number, "fee_paid", FIELD, expected_version=3).version == 4


def test_a_booking_read_before_another_changed_it_is_not_changed(town: Store) -> None:
    # What a process does that read the booking, thought a while, and writes what it thought of.
    made = holds_and_books(town)
    with town.read() as session:
        stale = by_number(session, made.number)
        session.expunge(stale)
    goes_until(town, made.number, "assigned")
    with town.begin() as session, pytest.raises(Conflict):
        record(session, NOW, stale, AGENT, Change("noted"))
    assert stands(town, made.number).version == 2


def test_the_fee_is_paid_once_and_before_it_is_submitted(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    with pytest.raises(NotAllowed, match="has not been paid"):
        goes(town, made.number, "submitted")
    assert not stands(town, made.number).fee.paid
    goes(town, made.number, "fee_paid")
    assert stands(town, made.number).fee.paid
    goes(town, made.number, "submitted")
    goes(town, made.number, "in_verification")
    goes(town, made.number, "documents_needed", OFFICE, data={"missing": ["photo"]})
    goes(town, made.number, "booked", AGENT)
    goes(town, made.number, "assigned")
    goes(town, made.number, "visited")
    with pytest.raises(NotAllowed, match="paid already"):
        goes(town, made.number, "fee_paid")
    assert goes(town, made.number, "submitted").stage == "submitted"


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (1, date(2026, 11, 23)),  # submitted on a Sunday; the 24th is a holiday
        (2, date(2026, 11, 25)),
        (30, date(2027, 1, 6)),
        (0, date(2026, 11, 22)),
        (None, None),
    ],
)
def test_the_time_limit_runs_from_submission_in_working_days(town: Store, days: int | None, due: date | None) -> None:
    with_days(town, days)
    made = holds_and_books(town)
    goes_until(town, made.number, "fee_paid")
    assert stands(town, made.number).due_on is None
    assert goes(town, made.number, "submitted").due_on == due


def test_the_time_limit_is_counted_from_the_local_day(town: Store) -> None:
    with_days(town, 1)
    made = holds_and_books(town)
    goes_until(town, made.number, "fee_paid")
    # 01:00 on Thursday in India is still Wednesday in UTC.
    assert goes(town, made.number, "submitted", now=at(26, 1)).due_on == date(2026, 11, 27)


def test_the_time_limit_runs_anew_when_what_was_missing_is_there(town: Store) -> None:
    with_days(town, 1)
    made = holds_and_books(town)
    goes_until(town, made.number, "in_verification")
    goes(town, made.number, "documents_needed", OFFICE, data={"missing": ["photo", "आय का प्रमाण"]})
    assert stands(town, made.number).missing == ("photo", "आय का प्रमाण")
    again = goes(town, made.number, "submitted", AGENT, now=at(26, 12))
    assert (again.due_on, again.missing) == (date(2026, 11, 27), [])


def test_a_closure_of_the_departments_puts_the_day_off(town: Store) -> None:
    with_days(town, 1)
    within(town, lambda session: session.add(Closure(day=date(2026, 11, 23), calendar="departments")))
    made = holds_and_books(town)
    goes_until(town, made.number, "fee_paid")
    assert goes(town, made.number, "submitted").due_on == date(2026, 11, 25)


@pytest.mark.parametrize("why", ["", "   "])
def test_a_rejection_needs_its_reason(town: Store, why: str) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "in_verification")
    with pytest.raises(BadValue, match="reason"):
        goes(town, made.number, "rejected", OFFICE, why=why)


def test_a_rejection_is_told_with_its_reason(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "in_verification")
    goes(town, made.number, "rejected", OFFICE, why="not a resident, 1234 5678 9012")
    found = stands(town, made.number)
    assert (found.reason, found.next) == ("not a resident, xxxx xxxx xxxx", None)
    assert last_event(town, made.number).why == found.reason
    assert told(town, made.number)[-1] == "rejected"


def test_an_allowed_appeal_sends_it_back(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "in_verification")
    goes(town, made.number, "rejected", OFFICE, why="not a resident")
    goes(town, made.number, "in_verification", OFFICE, why="appeal allowed")
    assert goes(town, made.number, "approved").stage == "approved"


@pytest.mark.parametrize(
    "data", [None, {}, {"missing": []}, {"missing": "photo"}, {"missing": [1]}, {"missing": ["photo", " "]}]
)
def test_what_is_missing_must_be_named(town: Store, data: dict[str, Any] | None) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    with pytest.raises(BadValue, match="documents that are needed"):
        goes(town, made.number, "documents_needed", FIELD, data=data)
    assert stands(town, made.number).stage == "visited"


def test_free_words_are_kept_without_long_numbers(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    goes(town, made.number, "fee_paid", why="UPI १२३४५६७८९०१२", data={"receipt": "999988887777"})
    event = last_event(town, made.number)
    assert (event.why, event.data) == ("UPI xxxxxxxxxxxx", {"receipt": "xxxxxxxxxxxx"})


def test_a_delivery_at_which_nobody_was_at_home_is_tried_again(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "out_for_delivery")
    goes(town, made.number, "certificate_ready", FIELD, why="nobody at home")
    goes(town, made.number, "out_for_delivery")
    assert goes(town, made.number, "delivered").stage == "delivered"


def test_a_certificate_may_be_delivered_by_mail(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "certificate_ready")
    assert goes(town, made.number, "delivered", OFFICE, why="by mail").stage == "delivered"


def test_the_seat_stays_taken_when_a_visit_did_not_come_about(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "assigned")
    goes(town, made.number, "citizen_absent", FIELD)
    assert taken(town) == {TEN: 1}


def test_a_change_and_its_event_and_notice_come_together_or_not_at_all(town: Store) -> None:
    made = holds_and_books(town)
    engages(town)
    goes(town, made.number, "assigned")

    def is_cut_off(session: Any) -> None:
        change_stage(session, NOW, by_number(session, made.number), "visited", FIELD)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power"):
        within(town, is_cut_off)
    assert (stands(town, made.number).stage, counted(town, BookingEvent), counted(town, Notice)) == ("assigned", 2, 2)


def test_a_change_of_something_else_keeps_the_stage(town: Store) -> None:
    made = holds_and_books(town)

    def types(session: Any) -> Booking:
        change = Change("typed", values={"name": "सीता साहू"}, data={"fields": ["name"]})
        return record(session, LATER, by_number(session, made.number), AGENT, change)

    typed = within(town, types)
    assert (typed.name, typed.stage, typed.version, typed.updated_at) == ("सीता साहू", "booked", 2, LATER)
    assert happened(town, made.number)[-1] == ("typed", "booked", "booked", "agent:7")
