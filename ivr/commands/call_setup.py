"""The named situations that a call script may ask for, made in the store before the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking import callers, conversations
from booking.zone import utc
from dialogs.state import State
from ivr.clock import ZONE
from ivr.commands.call_records import SITUATIONS
from ivr.script import ScriptError
from models.slots import Slot
from models.store import Store


def arrange(store: Store, setup: Mapping[str, Any]) -> None:
    """Make the situations of a script's `setup`. Raises ScriptError naming an unknown one or a bad value.

    `full: [{city: raipur, date: 2026-11-22}]`: no seat is left in the city on that day (with `time: 10:00`: then;
    with `days: 31`: on so many).
    `cut_off: {at: 2026-11-20T09:50, caller: "+919826401715", service: pan_card, city: durg}`: a call of that caller was
    cut off at that time, after these items (those of `dialogs.state.State.filled`) had been said in `language`.
    `booking`, `complaint`, `waiting`, `changed`: see `ivr.commands.call_records`.
    `language: {caller: "+919826401715", language: en}`: the caller has called before and spoke this language.
    """
    with store.begin() as session:
        for name, several in setup.items():
            if name not in _SITUATIONS:
                raise ScriptError(f"setup: {name} is not known; known are {', '.join(_SITUATIONS)}")
            for one in several if isinstance(several, list) else [several]:
                _make(session, name, one)


def _make(session: Session, name: str, what: Mapping[str, Any]) -> None:
    try:
        _SITUATIONS[name](session, what)
    except (KeyError, TypeError, ValueError) as error:
        raise ScriptError(f"setup: {name} lacks something or has a bad value: {error!r}") from None


def _full(session: Session, what: Mapping[str, str]) -> None:
    try:
        day = date.fromisoformat(what["date"])
        at = time.fromisoformat(what["time"]) if "time" in what else None
        city = what["city"]
        days = int(what.get("days", 1))
    except (KeyError, TypeError, ValueError) as error:
        raise ScriptError(f"setup: full needs city, date and perhaps time: {error!r}") from None
    start = utc(datetime.combine(day, at or time(0), ZONE))
    end = start + (timedelta(minutes=1) if at else timedelta(days=days))
    slots = Slot.city_id == city, Slot.starts_at >= start, Slot.starts_at < end
    if not session.execute(update(Slot).where(*slots).values(seats=0).returning(Slot.id)).all():
        raise ScriptError(f"setup: full: {city} has no slots on {day}: is the city's id right and the day open?")


def _cut_off(session: Session, what: Mapping[str, str]) -> None:
    items = dict(what)
    try:
        at = datetime.fromisoformat(items.pop("at")).replace(tzinfo=ZONE)
        caller = items.pop("caller")
    except (KeyError, TypeError, ValueError) as error:
        raise ScriptError(f"setup: cut_off needs at, caller and what was said: {error!r}") from None
    id = conversations.start(session, at, "phone", caller)
    state = State(id, "city", items.pop("language", "hi"), caller, filled=items, ended="ended", outcome="cut_off")
    conversations.save(session, id, state.to_json(), expected_version=0, now=at)
    conversations.finish(session, at, id, conversations.CUT_OFF)


def _language(session: Session, what: Mapping[str, str]) -> None:
    try:
        callers.remember_language(session, datetime.now(ZONE), what["caller"], what["language"])
    except (KeyError, TypeError) as error:
        raise ScriptError(f"setup: language needs caller and language: {error!r}") from None


_SITUATIONS: dict[str, Callable[[Session, Mapping[str, Any]], None]] = {
    **SITUATIONS,
    "full": _full,
    "cut_off": _cut_off,
    "language": _language,
}
