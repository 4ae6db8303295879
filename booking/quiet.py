"""Quiet hours: when nobody is sent what can wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.zone import local


@dataclass(frozen=True)
class QuietHours:
    """From the hour `from_h` until the hour `until_h`, local, usually over midnight; equal hours: never quiet."""

    from_h: int = 21
    until_h: int = 8

    def quiet(self, moment: datetime) -> bool:
        """Whether `moment` lies within."""
        hour = local(moment).hour
        if self.from_h <= self.until_h:
            return self.from_h <= hour < self.until_h
        return hour >= self.from_h or hour < self.until_h

    def after(self, moment: datetime) -> datetime:
        """`moment` itself, or the end of the quiet hours in which it lies."""
        if not self.quiet(moment):
            return moment
        start = local(moment)
        end = start.replace(hour=self.until_h % 24, minute=0, second=0, microsecond=0)
        return end if end > start else end + timedelta(days=1)

    def next(self, moment: datetime) -> datetime | None:
        """When the quiet hours begin after `moment`; None: never."""
        if self.from_h == self.until_h:
            return None
        start = local(moment)
        begin = start.replace(hour=self.from_h, minute=0, second=0, microsecond=0)
        return begin if begin > start else begin + timedelta(days=1)
