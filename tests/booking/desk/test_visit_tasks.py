"""Visits that went wrong come onto the work list, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.desk.task_sources import gather
from booking.desk.tasks import Typed, done, kinds_open, take, type_in, work_list
from booking.desk.visit_tasks import gather_visits
from booking.retention import RetentionRules, retain
from booking.tracking import by_number
from models.store import Store
from models.tasks import Task
from tests.booking.desk.people import RULES as DESK
from tests.booking.desk.people import does
from tests.booking.life import AGENT, FIELD, goes, goes_until, moves
from tests.booking.team import assigns, booked, executive, hires
from tests.booking.town import RULES, TEN

KEPT = RetentionRules()
OVER = TEN + timedelta(minutes=RULES.slot_min)
HOUR = timedelta(hours=1)


def listed(store: Store, kind: str) -> list[Task]:
    with store.read() as session:
        return work_list(session, kinds=[kind])


def looked(store: Store, now: datetime) -> int:
    return gather_visits(store, now, RULES, KEPT.callbacks_days)


def closed(store: Store, now: datetime) -> int:
    return gather(store, now, DESK).closed


def test_a_visit_without_a_word_is_asked_about_once_and_not_any_more_when_it_was_reported(town: Store) -> None:
    hires(town, executive())
    first, second = booked(town), booked(town, "c2", TEN + HOUR)
    assigns(town, first)
    assert looked(town, OVER - HOUR) == 0
    assert looked(town, OVER + HOUR) == 2
    assert looked(town, OVER + HOUR) == 0
    with town.read() as session:
        to_executive, to_citizen = work_list(session, kinds=["unreported"])
        assert to_executive.number == f"+91{executive().mobile}"
        assert to_citizen.number == f"+91{by_number(session, second).mobile}"
        assert kinds_open(session)["unreported"] == 2
    closed(town, OVER + HOUR)
    assert len(listed(town, "unreported")) == 2
    goes(town, first, "visited", FIELD, now=OVER + HOUR)
    closed(town, OVER + 2 * HOUR)
    assert [t.id for t in listed(town, "unreported")] == [to_citizen.id]


def test_who_was_not_visited_gets_a_call_and_a_second_failure_another_one(town: Store) -> None:
    number = booked(town)
    goes(town, number, "executive_absent", AGENT, now=OVER)
    assert looked(town, OVER) == 1
    (task,) = listed(town, "visit_failed")
    assert (task.subject.count(":"), task.due_at) == (2, OVER + 2 * HOUR)
    moves(town, number, TEN + timedelta(days=2), AGENT, now=OVER)
    closed(town, OVER + HOUR)
    assert listed(town, "visit_failed") == []
    goes(town, number, "executive_absent", AGENT, now=OVER + timedelta(days=2))
    assert looked(town, OVER + timedelta(days=2)) == 1


def test_a_certificate_that_is_late_is_on_the_list_until_it_is_ready(town: Store) -> None:
    number = booked(town)
    goes_until(town, number, "submitted", now=OVER)
    due = OVER.date() + timedelta(days=7)
    with town.begin() as session:
        by_number(session, number).due_on = due
    days = timedelta(days=(due - OVER.date()).days)
    assert looked(town, OVER + days) == 0
    assert looked(town, OVER + days + timedelta(days=1)) == 1
    (task,) = listed(town, "overdue")
    does(town, take, task.id, "a1", now=OVER + days)
    does(town, done, task.id, "a1", "reached", "on Monday", now=OVER + days)
    assert looked(town, OVER + days + timedelta(days=2)) == 0


def test_an_address_can_be_typed_in_at_any_of_these(town: Store) -> None:
    number = booked(town)
    looked(town, OVER)
    (task,) = listed(town, "unreported")
    with town.read() as session:
        version = by_number(session, number).version
    does(town, take, task.id, "a1", now=OVER)
    assert does(town, type_in, task.id, "a1", Typed("Ravi", "12 Civil Lines", version), now=OVER).number == number


def test_what_was_done_with_is_not_asked_for_again_when_its_task_is_forgotten(town: Store) -> None:
    absent, late = booked(town), booked(town, "c2", TEN + HOUR)
    booked(town, "c3", TEN + 2 * HOUR)  # nobody ever says how that went
    goes_until(town, late, "submitted", now=OVER)
    with town.begin() as session:
        by_number(session, late).due_on = OVER.date()
    goes(town, absent, "executive_absent", AGENT, now=OVER)
    now = OVER + timedelta(days=1)
    assert looked(town, now) == 3
    for kind in ("visit_failed", "unreported", "overdue"):
        (task,) = listed(town, kind)
        does(town, take, task.id, "a1", now=now)
        does(town, done, task.id, "a1", "reached", now=now)
    later = now + timedelta(days=KEPT.callbacks_days, minutes=1)
    assert retain(town, later, KEPT).tasks == 3
    assert looked(town, later) == 0


def test_a_visit_of_which_nothing_was_known_for_months_still_comes_onto_the_list(town: Store) -> None:
    booked(town)
    assert looked(town, TEN + timedelta(days=KEPT.callbacks_days) - HOUR) == 1
