"""When an appeal is possible: pure rules over the facts of a record. Days are local; "within 30 days" counts the day
itself as day 0 and includes day 30."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Ground = Literal["late", "refused"]
Why = Literal[
    "",  # possible
    "in_time",  # the time limit has not passed: possible from `from_day` on, if it is known
    "finished",  # given, or resolved and not rated as bad
    "cancelled",  # given up by the citizen
    "too_late",  # the days for it are over: `until_day` was the last
    "pending",  # an appeal is being decided, `decide_by` is its day; a second one is possible from `from_day` on
    "allowed",  # an appeal was allowed: there is nothing to appeal against
    "commission",  # both appeals are used: the next way is the commission
]


@dataclass(frozen=True)
class AppealRules:
    """All in days. A first appeal within `first` days, to be decided in `first_decided`; a second within `second` days
    of that order, or when there is none after `no_order`; to be decided in `second_decided`."""

    first: int = 30
    first_decided: int = 30
    second: int = 30
    no_order: int = 45
    second_decided: int = 45


@dataclass(frozen=True)
class Eligibility:
    """Whether an appeal is possible now, why (not), which one (1, 2; 3: the commission), from which day until which
    (None: without end), and by which day it would be (or must be) decided. `number` is that of the earlier appeal."""

    ok: bool
    why: Why
    level: int = 1
    ground: Ground | None = None
    from_day: date | None = None
    until_day: date | None = None
    decide_by: date | None = None
    number: str = ""


@dataclass(frozen=True)
class Cause:
    """What can be appealed against: the ground, and the day of the refusal or by which it was due."""

    ground: Ground
    day: date

    @property
    def from_day(self) -> date:
        """The first day for an appeal: that of the refusal, the one after the due day."""
        return self.day + timedelta(days=self.ground == "late")


@dataclass(frozen=True)
class Earlier:
    """The last appeal for the same cause."""

    number: str
    level: int
    made_on: date
    decide_by: date
    outcome: str = ""
    decided_on: date | None = None


def judge(today: date, rules: AppealRules, cause: Cause, earlier: Earlier | None) -> Eligibility:
    """Whether an appeal for `cause` is possible on `today`, after the `earlier` one."""
    if earlier is None:
        until = cause.day + timedelta(days=rules.first)
        return _window(today, Eligibility(True, "", 1, cause.ground, cause.from_day, until), rules.first_decided)
    if earlier.decided_on is None:
        return _undecided(today, rules, cause, earlier)
    if earlier.outcome == "allowed":
        return Eligibility(False, "allowed", earlier.level, cause.ground, number=earlier.number)
    if earlier.level > 1:
        return Eligibility(False, "commission", 3, cause.ground, number=earlier.number)
    until = earlier.decided_on + timedelta(days=rules.second)
    second = Eligibility(True, "", 2, cause.ground, earlier.decided_on, until, number=earlier.number)
    return _window(today, second, rules.second_decided)


def given_up(earlier: Earlier, rules: AppealRules) -> date:
    """From which day on nobody waits for the order on `earlier` any more."""
    if earlier.level > 1:
        return earlier.decide_by + timedelta(days=1)
    return earlier.made_on + timedelta(days=rules.no_order + 1)


def _undecided(today: date, rules: AppealRules, cause: Cause, earlier: Earlier) -> Eligibility:
    from_day = given_up(earlier, rules)
    if earlier.level > 1:
        late = today >= from_day
        why: Why = "commission" if late else "pending"
        level = 3 if late else earlier.level
        return Eligibility(False, why, level, cause.ground, decide_by=earlier.decide_by, number=earlier.number)
    if today < from_day:
        return Eligibility(False, "pending", 1, cause.ground, from_day, None, earlier.decide_by, earlier.number)
    second = Eligibility(True, "", 2, cause.ground, from_day, number=earlier.number)
    return _window(today, second, rules.second_decided)


def _window(today: date, possible: Eligibility, days: int) -> Eligibility:
    """`possible` while its days last, with the day by which an appeal of today would be decided."""
    one = possible
    if one.from_day is not None and today < one.from_day:
        return Eligibility(False, "in_time", one.level, one.ground, one.from_day, one.until_day, number=one.number)
    if one.until_day is not None and today > one.until_day:
        return Eligibility(False, "too_late", one.level, one.ground, one.from_day, one.until_day, number=one.number)
    decide_by = today + timedelta(days=days)
    return Eligibility(True, "", one.level, one.ground, one.from_day, one.until_day, decide_by, one.number)
