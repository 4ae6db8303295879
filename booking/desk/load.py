"""The load that was recorded: callers an hour and handling time by hour of the day, as staffing needs it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import mean

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.desk.erlang import Estimate, Load, Target, agents_needed
from booking.zone import ZONE, local
from models.queue import Handoff


@dataclass(frozen=True)
class Need:
    """Local hour 0-23, its load, what the needed agents achieve, and how many to schedule for them (breaks, training
    and illness added)."""

    hour: int
    load: Load
    estimate: Estimate
    scheduled: int


def recorded(session: Session, first: date, last: date, handling_s: float) -> dict[int, Load]:
    """By local hour, the mean load of the days `first`…`last` (inclusive); hours without callers are left out.

    An hour in which nobody was answered takes the handling time of all hours, and `handling_s` when there is none.
    """
    began = datetime.combine(first, time(), ZONE)
    ended = datetime.combine(last + timedelta(days=1), time(), ZONE)
    columns = (Handoff.entered_at, Handoff.answered_at, Handoff.ended_at, Handoff.wrapped_at)
    rows = session.execute(select(*columns).where(Handoff.entered_at >= began, Handoff.entered_at < ended)).all()
    came: dict[int, int] = defaultdict(int)
    took: dict[int, list[float]] = defaultdict(list)
    for entered, answered, end, wrapped in rows:
        came[local(entered).hour] += 1
        if answered is not None and end is not None:
            took[local(entered).hour].append(((wrapped or end) - answered).total_seconds())
    overall = mean(s for hour in took.values() for s in hour) if took else handling_s
    days = (last - first).days + 1
    return {hour: Load(came[hour] / days, mean(took[hour]) if took[hour] else overall) for hour in sorted(came)}


def staffing(loads: dict[int, Load], target: Target, shrinkage: float = 0.0) -> list[Need]:
    """The agents needed in each hour. `shrinkage` is the part of paid time in which an agent takes no calls (0 to
    below 1). Raises ValueError for a bad target or shrinkage."""
    if not 0 <= shrinkage < 1:
        raise ValueError("shrinkage: from 0 to below 1")
    found = [(hour, load, agents_needed(load, target)) for hour, load in sorted(loads.items())]
    return [Need(hour, load, need, ceil(need.agents / (1 - shrinkage))) for hour, load, need in found]
