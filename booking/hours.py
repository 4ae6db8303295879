"""The agents' hours, local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from booking.zone import ZONE, local


@dataclass(frozen=True)
class AgentHours:
    """Agents answer every day from `open_h` to before `close_h` (0-24); past midnight when open_h is the later one.

    Equal hours mean round the clock.
    """

    open_h: int = 8
    close_h: int = 20


def agents_open(now: datetime, open_h: int, close_h: int) -> bool:
    """Whether a human agent can be reached at `now`."""
    hour = local(now).hour
    if open_h < close_h:
        return open_h <= hour < close_h
    return open_h == close_h or hour >= open_h or hour < close_h


def next_open(now: datetime, hours: AgentHours) -> datetime:
    """`now` when agents are there, else the moment they come next; aware, Asia/Kolkata."""
    if agents_open(now, hours.open_h, hours.close_h):
        return local(now)
    today = datetime.combine(local(now).date(), time(hours.open_h % 24), ZONE)
    return today if today > now else today + timedelta(days=1)
