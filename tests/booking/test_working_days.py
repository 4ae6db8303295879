from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.working_days import _holidays, _Rows, add_working_days, is_working
from models.opening import Closure
from models.store import Store
from tests.booking.life import within


def closes(store: Store, **values: object) -> None:
    within(store, lambda session: session.add(Closure(**{"calendar": "departments", **values})))


def working(store: Store, day: date) -> bool:
    with store.read() as session:
        return is_working(session, day)


def after(store: Store, day: date, n: int) -> date:
    with store.read() as session:
        return add_working_days(session, day, n)


def test_offices_work_from_monday_to_friday(town: Store) -> None:
    monday = date(2026, 11, 16)
    assert [working(town, monday + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 26),  # Republic Day
        date(2026, 11, 24),  # Guru Nanak's Birthday
        date(2026, 8, 12),  # Hareli, kept in Chhattisgarh
        date(2026, 12, 18),  # Guru Ghasidas's Birthday, likewise
        date(2026, 12, 25),
        date(2027, 10, 29),  # Diwali
    ],
)
def test_offices_rest_on_the_states_holidays(town: Store, day: date) -> None:
    assert day.weekday() < 5
    assert not working(town, day)


def test_another_states_day_is_worked(town: Store) -> None:
    assert working(town, date(2026, 5, 1)) is False  # Buddha Purnima falls on it
    assert working(town, date(2025, 5, 1))  # Maharashtra Day is no holiday here


def test_a_closure_closes_the_offices_on_one_day_or_every_year(town: Store) -> None:
    closes(town, day=date(2026, 11, 23), reason="चुनाव")
    closes(town, yearly="11-25")
    assert not working(town, date(2026, 11, 23))
    assert not working(town, date(2026, 11, 25))
    assert not working(town, date(2027, 11, 25))
    assert working(town, date(2026, 11, 26))


def test_a_lifted_closure_makes_a_holiday_or_weekend_a_working_day(town: Store) -> None:
    closes(town, day=date(2026, 11, 24), lifted=True)
    closes(town, day=date(2026, 11, 28), lifted=True)  # a Saturday worked for another day
    assert working(town, date(2026, 11, 24))
    assert working(town, date(2026, 11, 28))


def test_what_closes_visits_or_one_city_does_not_close_the_offices(town: Store) -> None:
    closes(town, day=date(2026, 11, 23), calendar="visits")
    closes(town, day=date(2026, 11, 25), city_id="durg")
    assert working(town, date(2026, 11, 23))
    assert working(town, date(2026, 11, 25))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # no day is added to a Saturday
        (date(2026, 11, 16), 1, date(2026, 11, 17)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over the weekend
        (date(2026, 11, 22), 1, date(2026, 11, 23)),  # from a Sunday
        (date(2026, 11, 23), 1, date(2026, 11, 25)),  # over Guru Nanak's Birthday
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # over the end of the year
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day is worked
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
    ],
)
def test_working_days_are_added(town: Store, day: date, n: int, expected: date) -> None:
    assert after(town, day, n) == expected


def test_fewer_than_no_days_are_refused(town: Store) -> None:
    with pytest.raises(ValueError, match="lies ahead"):
        after(town, date(2026, 11, 16), -1)


NONE = _Rows(frozenset(), frozenset())


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_no_weekend_and_no_holiday_is_a_working_day(day: date) -> None:
    assert NONE.working(day) == (day.weekday() < 5 and day not in _holidays(day.year))


@given(st.integers(2001, 2035))
def test_every_year_has_the_three_national_days(year: int) -> None:
    assert {date(year, 1, 26), date(year, 8, 15), date(year, 10, 2)} <= _holidays(year)


def test_a_year_without_known_holidays_has_its_weekends(town: Store) -> None:
    assert working(town, date(2150, 1, 26))
    assert not working(town, date(2150, 1, 25))
