from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.appeal_rules import AppealRules, Cause, Earlier, Eligibility, judge

RULES = AppealRules()
REFUSED, LATE = Cause("refused", date(2026, 11, 1)), Cause("late", date(2026, 11, 1))
FIRST = Earlier("500000000", 1, date(2026, 11, 10), date(2026, 12, 10))
SECOND = Earlier("500000001", 2, date(2026, 12, 20), date(2027, 2, 3))


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("cause", "today", "why"),
    [
        (REFUSED, on(11, 1), ""),  # the day of the refusal itself
        (REFUSED, on(12, 1), ""),  # day 30
        (REFUSED, on(12, 2), "too_late"),
        (LATE, on(10, 31), "in_time"),
        (LATE, on(11, 1), "in_time"),  # the due day is still in time
        (LATE, on(11, 2), ""),
        (LATE, on(12, 1), ""),
        (LATE, on(12, 2), "too_late"),
    ],
)
def test_a_first_appeal_is_possible_within_thirty_days(cause: Cause, today: date, why: str) -> None:
    answer = judge(today, RULES, cause, None)
    assert (answer.ok, answer.why, answer.level) == (not why, why, 1)
    assert answer.until_day == on(12, 1)
    assert answer.decide_by == (None if why else today + timedelta(days=30))


def test_a_late_one_is_told_from_which_day_it_is_possible() -> None:
    assert judge(on(10, 1), RULES, LATE, None).from_day == on(11, 2)


@pytest.mark.parametrize(
    ("today", "ok", "why"),
    [
        (on(11, 10), False, "pending"),
        (on(12, 25), False, "pending"),
        (on(12, 26), True, ""),
        (on(6, 1, 2027), True, ""),
    ],
)
def test_without_an_order_a_second_appeal_is_possible_after_forty_five_days(today: date, ok: bool, why: str) -> None:
    answer = judge(today, RULES, REFUSED, FIRST)
    assert (answer.ok, answer.why, answer.from_day) == (ok, why, on(12, 26))
    assert answer.number == FIRST.number
    if ok:
        assert (answer.level, answer.decide_by) == (2, today + timedelta(days=45))
    else:
        assert answer.decide_by == FIRST.decide_by


@pytest.mark.parametrize(("today", "why"), [(on(12, 1), ""), (on(12, 31), ""), (on(1, 1, 2027), "too_late")])
def test_a_second_appeal_is_possible_within_thirty_days_of_the_order(today: date, why: str) -> None:
    earlier = Earlier("5", 1, on(11, 10), on(12, 10), "dismissed", on(12, 1))
    answer = judge(today, RULES, REFUSED, earlier)
    assert (answer.ok, answer.why, answer.level, answer.until_day) == (not why, why, 2, on(12, 31))


def test_against_an_appeal_that_was_allowed_there_is_none() -> None:
    earlier = Earlier("5", 1, on(11, 10), on(12, 10), "allowed", on(12, 1))
    assert judge(on(12, 2), RULES, REFUSED, earlier).why == "allowed"


@pytest.mark.parametrize(
    ("earlier", "today", "why", "level"),
    [
        (SECOND, on(2, 3, 2027), "pending", 2),
        (SECOND, on(2, 4, 2027), "commission", 3),
        (Earlier("5", 2, on(12, 20), on(2, 3, 2027), "dismissed", on(1, 5, 2027)), on(1, 6, 2027), "commission", 3),
        (Earlier("5", 2, on(12, 20), on(2, 3, 2027), "allowed", on(1, 5, 2027)), on(1, 6, 2027), "allowed", 2),
    ],
)
def test_after_the_second_appeal_comes_the_commission(earlier: Earlier, today: date, why: str, level: int) -> None:
    answer = judge(today, RULES, REFUSED, earlier)
    assert (answer.ok, answer.why, answer.level) == (False, why, level)


def test_thirty_days_reach_over_a_leap_day_and_the_end_of_the_year() -> None:
    assert judge(on(2, 1, 2028), RULES, Cause("refused", on(2, 1, 2028)), None).until_day == on(3, 2, 2028)
    assert judge(on(12, 31), RULES, Cause("refused", on(12, 31)), None).until_day == on(1, 30, 2027)


def test_the_days_are_data() -> None:
    rules = AppealRules(first=60, first_decided=15)
    answer = judge(on(12, 20), rules, REFUSED, None)
    assert (answer.ok, answer.until_day, answer.decide_by) == (True, on(12, 31), on(1, 4, 2027))


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(day=DAYS, ground=st.sampled_from(["late", "refused"]), today=DAYS)
def test_a_first_appeal_is_possible_on_one_run_of_days_and_on_no_other(day: date, ground: str, today: date) -> None:
    answer = judge(today, RULES, Cause(ground, day), None)  # type: ignore[arg-type]
    assert answer.from_day is not None
    assert answer.until_day is not None
    assert answer.ok == (answer.from_day <= today <= answer.until_day)
    assert (answer.until_day - answer.from_day).days == (30 if ground == "refused" else 29)


@given(made=DAYS, wait=st.integers(0, 400), decided=st.none() | st.integers(0, 400), outcome=st.booleans())
def test_whatever_happened_an_appeal_that_is_possible_can_be_registered_and_decided_later(
    made: date, wait: int, decided: int | None, outcome: bool
) -> None:
    order = None if decided is None or decided > wait else made + timedelta(days=decided)
    verdict = "" if order is None else "allowed" if outcome else "dismissed"
    today = made + timedelta(days=wait)
    earlier = Earlier("5", 1, made, made + timedelta(days=30), verdict, order)
    answer: Eligibility = judge(today, RULES, Cause("refused", made), earlier)
    assert answer.ok == (answer.why == "")
    if answer.ok:
        assert answer.level == 2
        assert answer.decide_by == today + timedelta(days=45)
    else:
        assert answer.why in {"pending", "allowed", "too_late"}
