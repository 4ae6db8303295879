"""The one zone in which people speak of days and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")


def local(moment: datetime) -> datetime:
    """`moment` in Asia/Kolkata; raises ValueError for a naive datetime."""
    return aware(moment).astimezone(ZONE)


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; raises ValueError for a naive datetime."""
    return aware(moment).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The local date of `moment`."""
    return local(moment).date()


def aware(moment: datetime) -> datetime:
    """`moment` itself; raises ValueError when it has no zone, as a naive time would silently be hours off."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"naive datetime {moment.isoformat()}: pass an aware one (the clock's now).")
    return moment
