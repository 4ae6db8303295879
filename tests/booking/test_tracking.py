from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from booking.errors import NotFound
from booking.numbers import booking_number
from booking.rules import VisitRules
from booking.tracking import Fee, Who, by_mobile, by_number
from booking.zone import ZONE
from models.bookings import Booking
from models.catalogue import ServiceRow
from models.store import Store
from tests.booking.life import FIELD, OFFICE, cancels, engages, goes, goes_until, moves, stands, within
from tests.booking.town import AT_ONCE, MINUTE, NOW, TEN, at, holds_and_books

START = at(25, 10)
END = at(25, 11)


def test_a_new_booking_has_its_slot_fee_and_time_to_change_it(town: Store) -> None:
    made = holds_and_books(town, start=START, service="domicile_certificate")
    found = stands(town, made.number)
    assert (found.number, found.service, found.city, found.area) == (made.number, "domicile_certificate", "raipur", "")
    assert (found.stage, found.next, found.starts_at, found.ends_at) == ("booked", "assigned", START, END)
    assert found.starts_at.tzinfo is ZONE
    assert (found.appointed, found.late, found.executive) == (True, False, None)
    assert found.fee == Fee(30, 50, paid=False)
    assert found.fee.total == 80
    assert (found.due_on, found.overdue, found.missing, found.reason) == (None, False, (), "")
    assert (found.movable, found.cancellable, found.change_until) == (True, True, at(24, 10))
    assert (found.version, found.updated_at) == (1, NOW)


def test_a_fee_that_is_not_known_has_no_total(town: Store) -> None:
    made = holds_and_books(town)
    assert stands(town, made.number).fee == Fee(None, 50, paid=False)
    assert stands(town, made.number).fee.total is None


def test_the_slot_is_as_long_as_the_rules_say(town: Store) -> None:
    made = holds_and_books(town, start=START)
    found = stands(town, made.number, rules=VisitRules(slot_min=90))
    assert found.ends_at - found.starts_at == timedelta(minutes=90)


def test_the_executive_is_named_while_the_visit_is_ahead(town: Store) -> None:
    made = holds_and_books(town, start=START)
    goes_until(town, made.number, "assigned")
    found = stands(town, made.number)
    assert found.executive == Who("M-1", "सुनीता साहू", "Sunita Sahu")
    assert "9000000001" not in repr(found)
    goes(town, made.number, "visited")
    assert stands(town, made.number).executive is None


def test_a_visit_of_which_nothing_is_known_at_the_end_of_its_slot_is_late(town: Store) -> None:
    made = holds_and_books(town, start=START)
    goes_until(town, made.number, "assigned")
    assert not stands(town, made.number, now=END - AT_ONCE).late
    assert stands(town, made.number, now=END - AT_ONCE).appointed
    assert stands(town, made.number, now=END).late
    assert not stands(town, made.number, now=END).appointed
    goes(town, made.number, "visited")
    assert not stands(town, made.number, now=END).late


def test_after_the_cut_off_it_can_no_longer_be_changed(town: Store) -> None:
    made = holds_and_books(town, start=START)
    found = stands(town, made.number, now=at(24, 10) + MINUTE)
    assert (found.movable, found.cancellable, found.change_until) == (False, False, at(24, 10))


def test_what_is_missing_and_when_to_come_again_can_be_told(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "visited")
    goes(town, made.number, "documents_needed", FIELD, data={"missing": ["identity", "photo"]})
    found = stands(town, made.number)
    assert (found.missing, found.next) == (("identity", "photo"), "booked")
    assert (found.movable, found.cancellable, found.change_until) == (True, False, None)


def test_the_day_by_which_it_must_be_ready_is_told_and_when_it_has_passed(town: Store) -> None:
    days = update(ServiceRow).where(ServiceRow.id == "birth_certificate").values(days=2)
    within(town, lambda session: session.execute(days))
    made = holds_and_books(town)
    goes_until(town, made.number, "submitted")
    due = date(2026, 11, 25)
    assert (stands(town, made.number, now=at(25, 23, 59)).due_on, stands(town, made.number).overdue) == (due, False)
    assert not stands(town, made.number, now=at(25, 23, 59)).overdue
    assert stands(town, made.number, now=at(26, 0)).overdue
    for stage in ("in_verification", "approved", "certificate_ready"):
        goes(town, made.number, stage)
    assert not stands(town, made.number, now=at(26, 0)).overdue


def test_what_was_refused_late_is_not_overdue_any_more(town: Store) -> None:
    days = update(ServiceRow).where(ServiceRow.id == "birth_certificate").values(days=1)
    within(town, lambda session: session.execute(days))
    made = holds_and_books(town)
    goes_until(town, made.number, "in_verification")
    goes(town, made.number, "rejected", OFFICE, why="not a resident")
    found = stands(town, made.number, now=at(30, 10))
    assert (found.overdue, found.reason, found.next) == (False, "not a resident", None)


def test_a_cancelled_booking_says_why_and_cannot_be_changed(town: Store) -> None:
    made = holds_and_books(town, start=START)
    cancels(town, made.number, reason="other plans")
    found = stands(town, made.number)
    assert (found.stage, found.next, found.reason) == ("cancelled", None, "other plans")
    assert (found.appointed, found.movable, found.cancellable, found.change_until) == (False, False, False, None)


def test_a_booking_is_found_by_its_number(town: Store) -> None:
    made = holds_and_books(town)
    with town.read() as session:
        assert by_number(session, made.number).id == made.id


@pytest.mark.parametrize(
    "number", ["", "1", "10000009", "12345678", "१०००००००", "1000 0008", "\x00", "' OR 1=1 --", "9" * 500]
)
def test_a_number_that_is_none_or_of_no_booking_is_not_found(town: Store, number: str) -> None:
    holds_and_books(town)
    with town.read() as session, pytest.raises(NotFound, match="check the number"):
        by_number(session, number)


def test_a_number_that_could_be_one_but_is_not_given_is_not_found(town: Store) -> None:
    free = booking_number(lambda _: 0)
    with town.read() as session, pytest.raises(NotFound, match=free):
        by_number(session, free)


def test_bookings_of_a_mobile_are_told_newest_first(town: Store) -> None:
    first = holds_and_books(town, "c1", at(27, 10))
    second = holds_and_books(town, "c2", at(25, 10))
    third = holds_and_books(town, "c3", at(26, 10))
    holds_and_books(town, "c4", TEN, mobile="7000000001")
    moves(town, first.number, at(28, 10))
    with town.read() as session:
        assert [b.id for b in by_mobile(session, "+91 98123-45615")] == [third.id, second.id, first.id]
        assert [b.id for b in by_mobile(session, "9812345615", 2)] == [third.id, second.id]


@pytest.mark.parametrize("mobile", ["", "9812345616", "+1 415 555 2671", "anonymous", "\x00", "9" * 100])
def test_another_mobile_or_none_has_no_bookings(town: Store, mobile: str) -> None:
    holds_and_books(town)
    with town.read() as session:
        assert by_mobile(session, mobile) == []


def test_number_and_mobile_are_looked_up_by_an_index(town: Store) -> None:
    holds_and_books(town)
    lookups = {
        "number": ("SELECT id FROM bookings WHERE number = '10000008'", "uq_bookings_number"),
        "mobile": (
            "SELECT id FROM bookings WHERE mobile = '9812345615' ORDER BY created_at DESC",
            "ix_bookings_mobile_created_at",
        ),
    }
    with town.begin() as session:
        session.execute(text("ANALYZE"))
        if not town.sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of one row is read whole otherwise
        for query, index in lookups.values():
            explain = "EXPLAIN QUERY PLAN" if town.sqlite else "EXPLAIN"
            plan = " ".join(str(row) for row in session.execute(text(f"{explain} {query}")))
            assert index in plan or "sqlite_autoindex_bookings" in plan, plan


def test_status_is_read_in_a_reading_session_and_with_few_questions(town: Store) -> None:
    from sqlalchemy import event

    made = holds_and_books(town)
    goes_until(town, made.number, "assigned")
    asked: list[str] = []
    event.listen(town.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    stands(town, made.number)
    assert len([q for q in asked if q.startswith("SELECT")]) <= 3


def test_the_executive_may_be_taken_away_again(town: Store) -> None:
    made = holds_and_books(town, start=START)
    engages(town)
    goes(town, made.number, "assigned")
    goes(town, made.number, "booked", OFFICE, values={"executive_id": None})
    with town.read() as session:
        assert session.get_one(Booking, made.id).executive_id is None
    assert stands(town, made.number).executive is None
