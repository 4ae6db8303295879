"""A call back instead of waiting: slots of the agents' hours, and the promise."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER
from booking.callbacks import Wanted, promise
from booking.desk.endings import leave_line
from booking.desk.rules import DeskRules
from booking.desk.task_sources import due_callback
from booking.errors import BadValue, SlotTaken
from booking.hours import AgentHours, agents_open, as_stored, next_open
from booking.phone import e164
from booking.zone import local, utc
from models.callbacks import Callback
from models.queue import Handoff

FURTHEST = timedelta(days=3)


def slots(session: Session, now: datetime, rules: DeskRules, hours: AgentHours, most: int = 3) -> list[datetime]:
    """The next starts (Asia/Kolkata) at which an agent can still call somebody back, at most `most`.

    The slot under way is left out: who is told "at ten" must not wait for it since before ten.
    """
    hours, length = as_stored(session, hours), timedelta(minutes=rules.callback_slot_min)
    start = next_open(now, hours)
    if start <= now:
        start = local(_slot(start, length)) + length
    taken = _taken(session, now, length)
    found: list[datetime] = []
    while len(found) < most and start - now < FURTHEST:
        if agents_open(start, hours) and taken[_slot(start, length)] < rules.callbacks:
            found.append(start)
        start += length
    return found


def call_back(
    session: Session, now: datetime, rules: DeskRules, hours: AgentHours, handoff: int, chosen: tuple[str, datetime]
) -> datetime:
    """Promise to call the confirmed number (any spelling) at a slot instead of waiting; returns when.

    `chosen` is the number and the slot. Raises BadValue (number), SlotTaken (it has filled up, or is none), NotAllowed
    (not waiting any more), Conflict.
    """
    number, at = chosen
    to = e164(number)
    if to is None:
        raise BadValue("number: a telephone number")
    if at not in slots(session, now, rules, hours, most=200):
        raise SlotTaken(f"callback at {at.isoformat()}")
    row = leave_line(session, now, handoff, "callback", CALLER)
    return promised(session, now, hours, row, (to, at))


def promised(
    session: Session, now: datetime, hours: AgentHours, row: Handoff, chosen: tuple[str, datetime]
) -> datetime:
    """The promise itself, with its piece of work."""
    number, at = chosen
    wanted = Wanted(number, row.reason, row.language, row.conversation_id, row.summary)
    due = promise(session, now, hours, wanted, at)
    made = session.scalars(select(Callback).where(Callback.conversation_id == row.conversation_id)).one()
    due_callback(session, now, made)
    return due


def _taken(session: Session, now: datetime, length: timedelta) -> Counter[datetime]:
    due = select(Callback.due_at).where(Callback.done_at.is_(None), Callback.due_at > now - length)
    return Counter(_slot(at, length) for at in session.scalars(due))


def _slot(at: datetime, length: timedelta) -> datetime:
    """The start of the slot in which `at` lies, UTC."""
    day = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return utc(day + (local(at) - day) // length * length)
