"""The named situations that a call script may ask for, made in the store before the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.zone import utc
from ivr.clock import ZONE
from ivr.script import ScriptError
from models.slots import Slot
from models.store import Store


def arrange(store: Store, setup: Mapping[str, Any]) -> None:
    """Make the situations of a script's `setup`. Raises ScriptError naming an unknown one or a bad value.

    `full: [{city: raipur, date: 2026-11-22}]`: no seat is left in the city on that day (with `time: 10:00`: then).
    """
    with store.begin() as session:
        for name, several in setup.items():
            if name not in _SITUATIONS:
                raise ScriptError(f"setup: {name} is not known; known are {', '.join(_SITUATIONS)}")
            for one in several if isinstance(several, list) else [several]:
                _SITUATIONS[name](session, one)


def _full(session: Session, what: Mapping[str, str]) -> None:
    try:
        day = date.fromisoformat(what["date"])
        at = time.fromisoformat(what["time"]) if "time" in what else None
        city = what["city"]
    except (KeyError, TypeError, ValueError) as error:
        raise ScriptError(f"setup: full needs city, date and perhaps time: {error!r}") from None
    start = utc(datetime.combine(day, at or time(0), ZONE))
    end = start + (timedelta(minutes=1) if at else timedelta(days=1))
    slots = Slot.city_id == city, Slot.starts_at >= start, Slot.starts_at < end
    if not session.execute(update(Slot).where(*slots).values(seats=0).returning(Slot.id)).all():
        raise ScriptError(f"setup: full: {city} has no slots on {day}: is the city's id right and the day open?")


_SITUATIONS: dict[str, Callable[[Session, Mapping[str, str]], None]] = {"full": _full}
