from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from booking.complaints import NewComplaint, assign, register, resolve
from booking.escalation import DAY_H, Report, due_after, escalate_due, levels, working_hours_after
from booking.seed import seed
from booking.working_days import is_working
from booking.zone import ZONE, local
from models.complaints import Complaint, ComplaintEvent, EscalationLevel
from models.opening import Closure
from models.store import Store
from tests.booking.grievances import MOBILE, OFFICE, complains, events_of, found_levels, told
from tests.booking.town import NOW, RULES, at

DAY = timedelta(days=1)


@pytest.fixture
def desk(town: Store) -> Store:
    found_levels(town)
    return town


def escalates(store: Store, now: datetime) -> Report:
    with store.begin() as session:
        return escalate_due(session, now)


def stands(store: Store, complaint: Complaint) -> Complaint:
    with store.read() as session:
        return session.get_one(Complaint, complaint.id)


def due(complaint: Complaint) -> datetime:
    assert complaint.due_at is not None
    return complaint.due_at


def test_seven_working_days_leave_out_weekends(desk: Store) -> None:
    made = complains(desk, now=at(23, 10))  # Monday; 24 November 2026 is Guru Tegh Bahadur's day in some lists
    with desk.read() as session:
        days = [at(23, 0).date() + n * DAY for n in range(1, 30)]
        seventh = [d for d in days if is_working(session, d)][6]
    assert local(due(made)) == datetime.combine(seventh, at(23, 10).timetz())


def test_on_a_day_off_the_clock_begins_on_the_next_working_day(desk: Store) -> None:
    with desk.read() as session:
        sunday = working_hours_after(session, at(22, 15), DAY_H)
        monday = next(d for d in (at(22, 0).date() + n * DAY for n in range(1, 9)) if is_working(session, d))
        following = next(d for d in (monday + n * DAY for n in range(1, 9)) if is_working(session, d))
    assert local(sunday) == datetime.combine(following, at(22, 0).timetz())


@pytest.mark.parametrize(("hours", "end"), [(1, at(20, 21)), (5, at(23, 1)), (12, at(23, 8)), (0, at(20, 20))])
def test_hours_that_run_into_the_weekend_go_on_after_it(desk: Store, hours: int, end: datetime) -> None:
    with desk.read() as session:
        assert local(working_hours_after(session, at(20, 20), hours)) == end  # a Friday evening


def test_a_departments_holiday_is_left_out_and_a_visits_one_is_not(desk: Store) -> None:
    with desk.begin() as session:
        before = working_hours_after(session, at(2, 10), DAY_H)
        session.add(Closure(day=at(3, 0).date(), calendar="visits"))
        session.flush()
        assert working_hours_after(session, at(2, 10), DAY_H) == before
        session.add(Closure(day=local(before).date(), calendar="departments"))
        session.flush()
        assert working_hours_after(session, at(2, 10), DAY_H) > before


def test_a_level_by_the_clock_counts_every_hour(desk: Store) -> None:
    level = EscalationLevel(level=1, office="x", hi="", en="", hours=30, working=False)
    with desk.read() as session:
        assert due_after(session, at(21, 10), level) == at(22, 16)


def test_nothing_rises_before_its_time_and_everything_does_at_it(desk: Store) -> None:
    made = complains(desk)
    assert escalates(desk, due(made) - timedelta(microseconds=1)) == Report()
    assert escalates(desk, due(made)) == Report(raised=1)
    risen = stands(desk, made)
    assert (risen.level, risen.stage, risen.version) == (2, "registered", 2)
    assert due(risen) > due(made)
    assert events_of(desk, made)[-1] == ("escalated", "registered", "registered")
    assert told(desk, complaint_id=made.id) == ["complaint_registered", "complaint_escalated"]


def test_doing_it_again_changes_nothing(desk: Store) -> None:
    made = complains(desk)
    late = due(made) + 90 * DAY
    assert escalates(desk, late) == Report(raised=1)
    assert escalates(desk, late) == Report()
    assert stands(desk, made).level == 2


def test_however_late_it_rises_one_level_at_a_time_and_each_level_has_its_full_time(desk: Store) -> None:
    made = complains(desk)
    now, reports = due(made) + 365 * DAY, []
    for _ in range(4):
        reports.append(escalates(desk, now))
        row = stands(desk, made)
        assert row.due_at is None or row.due_at >= now + 7 * DAY
        now = row.due_at or now + 365 * DAY
    assert reports == [Report(raised=1), Report(raised=1), Report(overdue=1), Report()]
    assert [e[0] for e in events_of(desk, made)] == ["stage", "escalated", "escalated", "overdue"]
    assert told(desk, complaint_id=made.id).count("complaint_escalated") == 2


def test_what_is_resolved_does_not_rise(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        resolve(session, NOW, session.get_one(Complaint, made.id), OFFICE, "Done.")
    assert escalates(desk, NOW + 365 * DAY) == Report()


def test_an_interim_stage_does_not_keep_it_from_rising(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        assign(session, NOW, session.get_one(Complaint, made.id), OFFICE)
    assert escalates(desk, due(made)) == Report(raised=1)
    assert stands(desk, made).stage == "assigned"


def test_a_kind_with_levels_of_its_own_goes_by_them(desk: Store) -> None:
    with desk.begin() as session:
        for number, hours in ((1, 4), (2, 8)):
            session.add(
                EscalationLevel(
                    kind="bribe", level=number, office=f"watch{number}", hi="", en="", hours=hours, working=False
                )
            )
    made = complains(desk, "bribe")
    assert due(made) == NOW + timedelta(hours=4)
    assert escalates(desk, due(made)) == Report(raised=1)
    assert due(stands(desk, made)) == due(made) + timedelta(hours=8)
    assert escalates(desk, NOW + 2 * DAY) == Report(overdue=1)
    assert due(complains(desk, "delay")) > NOW + 7 * DAY


def test_without_levels_a_complaint_stands_and_never_rises(town: Store) -> None:
    made = complains(town)
    assert (made.level, made.due_at) == (1, None)
    assert escalates(town, NOW + 365 * DAY) == Report()


def test_the_project_has_three_levels_and_a_deleted_one_stays_deleted(town: Store) -> None:
    with town.begin() as session:
        seed(session, NOW, RULES)
        assert [(r.level, r.office) for r in levels(session, "delay")] == [(1, "office"), (2, "district"), (3, "state")]
        session.execute(delete(EscalationLevel).where(EscalationLevel.level == 3))
        seed(session, NOW, RULES)
        assert [r.level for r in levels(session, "delay")] == [1, 2]


def test_eight_processes_at_once_raise_each_complaint_once(desk: Store) -> None:
    with desk.begin() as session:
        for n in range(20):
            register(session, NOW, NewComplaint("delay", MOBILE, replay_key=str(n)))
    now = NOW + 30 * DAY
    reports: list[Report] = []
    gate = threading.Barrier(8)

    def act() -> None:
        gate.wait()
        reports.append(escalates(desk, now))

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(r.raised for r in reports) == 20
    with desk.read() as session:
        assert set(session.scalars(select(Complaint.level))) == {2}
        events = select(ComplaintEvent.complaint_id).where(ComplaintEvent.what == "escalated")
        assert sorted(session.scalars(events)) == sorted(session.scalars(select(Complaint.id)))


def test_midnight_of_the_new_year_is_an_hour_like_any_other(desk: Store) -> None:
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=ZONE)
    with desk.read() as session:
        end = local(working_hours_after(session, eve, DAY_H))
        assert end > eve + DAY / 2
        assert is_working(session, end.date())
