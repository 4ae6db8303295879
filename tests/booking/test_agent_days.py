"""Agents' hours by weekday and day: a day wins over its weekday, and both over what is configured."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from booking.callbacks import Wanted, promise
from booking.desk import callback
from booking.desk.rules import DeskRules
from booking.hours import AgentHours, agents_open, as_stored, next_open
from models.agent_days import AgentDay
from models.store import Store
from tests.booking.town import at

HOURS = AgentHours(8, 20)
SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)


def own(**values: Any) -> AgentDay:
    return AgentDay(**{"weekday": None, "day": None, "open_h": None, "close_h": None, **values})


def with_days(*days: AgentDay) -> AgentHours:
    return AgentHours(8, 20, days)


@pytest.mark.parametrize(
    ("day", "hour", "is_open"),
    [(22, 9, False), (22, 10, True), (22, 13, True), (22, 14, False), (23, 9, True), (23, 14, True)],
)
def test_a_weekday_has_its_own_hours(day: int, hour: int, is_open: bool) -> None:
    assert agents_open(at(day, hour), with_days(own(weekday=6, open_h=10, close_h=14))) is is_open


def test_a_day_wins_over_its_weekday() -> None:
    hours = with_days(own(day=SUNDAY, open_h=18, close_h=19), own(weekday=6, open_h=10, close_h=14))
    assert (agents_open(at(22, 11), hours), agents_open(at(22, 18), hours)) == (False, True)


def test_on_a_day_without_agents_they_come_next_on_the_day_after() -> None:
    hours = with_days(own(weekday=6), own(day=MONDAY))
    assert next_open(at(22, 11), hours) == at(24, 8)


def test_a_night_that_began_yesterday_lasts_into_a_free_day() -> None:
    hours = AgentHours(20, 6, (own(day=SUNDAY),))
    assert agents_open(at(22, 5), hours)
    assert not agents_open(at(22, 21), hours)
    assert not agents_open(at(23, 3), hours)
    assert next_open(at(22, 7), hours) == at(23, 20)


def test_where_nobody_ever_comes_the_usual_hour_is_promised() -> None:
    assert next_open(at(22, 11), with_days(*(own(weekday=n) for n in range(7)))) == at(23, 8)


def test_callers_are_promised_what_the_store_says(store: Store) -> None:
    with store.begin() as session:
        session.add_all([own(day=SUNDAY), own(weekday=0, open_h=11, close_h=13)])
    with store.begin() as session:
        assert as_stored(session, HOURS).on(SUNDAY) is None
        assert promise(session, at(22, 9), HOURS, Wanted("+919812345615", "asked", "hi", "c1")) == at(23, 11)
        free = callback.slots(session, at(22, 9), DeskRules(callback_slot_min=60), HOURS)
        assert free == [at(23, 11), at(23, 12), at(24, 8)]
