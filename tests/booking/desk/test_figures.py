"""The store counts as a person with all rows before him would."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.desk.figures import Figures, by_hour, today, total
from booking.zone import local
from models.store import Store
from tests.booking.desk.days import ANSWERED, fill
from tests.booking.desk.people import RULES
from tests.booking.town import at

EVENING = at(23, 23, 59)


def seconds(begin: datetime, end: datetime) -> float:
    return round((end - begin).total_seconds(), 3)


def counted(handed: list[dict[str, Any]], said: list[dict[str, Any]], given: set[str]) -> Figures:
    waits = [seconds(r["entered_at"], r["answered_at"]) for r in handed if r["answered_at"]]
    over = [r for r in handed if r["answered_at"] and r["ended_at"]]
    ended = [t for t in said if t["ended_at"]]
    states = [r["state"] for r in handed]
    return Figures(
        entered=len(handed),
        answered=sum(s in ANSWERED for s in states),
        in_time=sum(w <= 20 for w in waits),
        abandoned=states.count("abandoned"),
        callbacks=states.count("callback"),
        returned=states.count("returned"),
        waited_s=pytest.approx(sum(waits), abs=0.1),
        longest_s=pytest.approx(max(waits), abs=0.001) if waits else None,
        handled=len(over),
        handled_s=pytest.approx(sum(seconds(r["answered_at"], r["wrapped_at"] or r["ended_at"]) for r in over), abs=1),
        conversations=len(ended),
        contained=sum(t["outcome"] not in ("handoff", "cut_off") and t["id"] not in given for t in ended),
    )


def test_every_hour_is_counted_and_other_days_are_not(store: Store) -> None:
    fill(store, 60, 120, day=22)
    fill(store, 60, 120, day=24)
    handed, said = fill(store, 400, 800)
    with store.read() as session:
        hours = by_hour(session, EVENING, RULES)
        whole = today(session, EVENING, RULES)
        late = by_hour(session, EVENING, RULES, first=22)
        tomorrow = today(session, at(25, 1), RULES)
    given = {r["conversation_id"] for r in handed}
    assert list(hours) == list(range(24))
    for hour in range(24):
        mine = [r for r in handed if local(r["entered_at"]).hour == hour]
        assert hours[hour] == counted(mine, [t for t in said if local(t["started_at"]).hour == hour], given), hour
    assert whole == total(hours)
    assert late == {hour: hours[hour] for hour in (22, 23)}
    assert tomorrow == Figures()


def test_of_nobody_there_is_no_rate(store: Store) -> None:
    with store.read() as session:
        empty = today(session, EVENING, RULES)
    assert empty == Figures()
    rates = (empty.service_level, empty.abandonment, empty.containment, empty.wait_s, empty.handling_s)
    assert rates == (None,) * 5


def test_spans_add_up() -> None:
    one = Figures(entered=2, answered=1, in_time=1, waited_s=5, longest_s=5)
    other = Figures(entered=2, answered=1, abandoned=1, waited_s=45, longest_s=45)
    both = one + other
    assert (both.entered, both.wait_s, both.longest_s, both.service_level, both.abandonment) == (4, 25, 45, 1 / 3, 0.25)
    assert one + Figures() == one


def test_a_caller_is_in_time_to_the_last_millisecond(store: Store) -> None:
    handed, _ = fill(store, 200, 200)
    exact = sum(r["answered_at"] is not None and r["answered_at"] - r["entered_at"] <= timedelta(seconds=20)
                for r in handed)  # fmt: skip
    with store.read() as session:
        assert today(session, EVENING, RULES).in_time == exact
