"""Closed days, hours of days and agents' hours as tables."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from booking.tables.agent_hours import AgentHours
from booking.tables.changing import stored
from booking.tables.closures import Closures
from booking.tables.days import Days
from models.agent_days import AgentDay
from models.opening import Closure, DayRule
from models.store import Store
from tests.booking.tables.sheet import look, problems, sheet, take
from tests.booking.town import at, holds_and_books

CLOSED = "when,city,calendar,reason,lifted"
DAYS = "when,city,area,first_slot_h,last_end_h,seats,reason"
AGENTS = "when,open_h,close_h,reason"


def test_closed_days_are_taken_over_changed_and_given_back_as_they_were(town: Store) -> None:
    rows = ("2026-11-26,Raipur,visits,चुनाव,no", "01-26,सब जगह,departments,,no")
    take(town, Closures(), sheet(CLOSED, *rows))
    take(town, Closures(), sheet(CLOSED, "26-11-2026,raipur,visits,चुनाव,yes"))
    with town.read() as session:
        found = {(str(c.day or c.yearly), c.city_id, c.calendar, c.lifted) for c in session.scalars(select(Closure))}
        assert found == {("2026-11-26", "raipur", "visits", True), ("01-26", None, "departments", False)}
        assert list(stored(session, Closures())) == ["01-26/everywhere/departments", "2026-11-26/raipur/visits"]


def test_a_day_that_is_closed_by_a_file_says_how_many_bookings_lose_their_time(town: Store) -> None:
    holds_and_books(town, start=at(24, 10))
    told = take(town, Closures(), sheet(CLOSED, "2026-11-24,everywhere,visits,मेला,no"))
    assert "1 bookings have lost their time: they come onto the work list." in [str(remark) for remark in told]


def test_hours_of_days_are_added_changed_and_removed(town: Store) -> None:
    take(town, Days(), sheet(DAYS, "mon,raipur,,10,14,,", "2026-11-25,everywhere,,,,5,"))
    take(town, Days(), sheet(DAYS, "Monday,raipur,,10,16,3,"))
    with town.begin() as session:
        row = session.scalars(select(DayRule).where(DayRule.weekday == 0)).one()
        assert (row.first_slot_h, row.last_end_h, row.seats, row.version) == (10, 16, 3, 2)
        Days().take_out(session, "mon/raipur/")
        assert [r.seats for r in session.scalars(select(DayRule))] == [5]


def test_agents_hours_are_taken_over(town: Store) -> None:
    take(town, AgentHours(), sheet(AGENTS, "sun,10,14,", "2026-11-26,,,Diwali"))
    take(town, AgentHours(), sheet(AGENTS, "sun,11,14,"))
    with town.begin() as session:
        found = [(row.weekday, row.open_h, row.version) for row in session.scalars(select(AgentDay))]
        assert sorted(found, key=str) == [(6, 11, 2), (None, None, 1)]
        AgentHours().take_out(session, "sun")
        assert [row.reason for row in session.scalars(select(AgentDay))] == ["Diwali"]
    assert look(town, AgentHours(), sheet(AGENTS, "2026-11-26,,,Diwali")).keys("same") == ["2026-11-26"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-02-30,raipur,visits,,no", "when"),
        ("13-01,raipur,visits,,no", "when"),
        (",raipur,visits,,no", "when"),
        ("2026-11-26,delhi,visits,,no", "city"),
        ("2026-11-26,raipur,departments,,no", "city"),
        ("2026-11-26,raipur,moon,,no", "calendar"),
        (f"2026-11-26,raipur,visits,{'x' * 101},no", "reason"),
        ("2026-11-26,raipur,visits,,perhaps", "lifted"),
    ],
)
def test_a_closed_day_that_cannot_be_is_named(sqlite_town: Store, row: str, column: str) -> None:
    assert [p.partition(":")[0] for p in problems(sqlite_town, Closures(), sheet(CLOSED, row))] == [f"row 2, {column}"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("someday,raipur,,10,14,,", "when"),
        ("mon,raipur,east,10,14,,", "area"),
        ("mon,raipur,,10,,,", "last_end_h"),
        ("mon,raipur,,,14,,", "first_slot_h"),
        ("mon,raipur,,14,10,,", "last_end_h"),
        ("mon,raipur,,10,25,,", "last_end_h"),
        ("mon,raipur,,,,101,", "seats"),
        ("mon,raipur,,,,,", "seats"),
    ],
)
def test_hours_of_a_day_that_cannot_be_are_named(sqlite_town: Store, row: str, column: str) -> None:
    found = [p.partition(":")[0] for p in problems(sqlite_town, Days(), sheet(DAYS, row))]
    assert f"row 2, {column}" in found


def test_agents_hours_come_in_pairs(sqlite_town: Store) -> None:
    found = problems(sqlite_town, AgentHours(), sheet(AGENTS, "mon,9,,", "tue,,30,"))
    assert [p.partition(":")[0] for p in found] == ["row 2, close_h", "row 3, close_h"]
