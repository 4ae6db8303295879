"""What executives are told: in the evening that there are visits tomorrow, and from then on what changes about them.

The day sheet says everything else: an SMS carries no citizen's name, address or number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from booking.notices import Direct, notify, withdraw
from booking.roster import day_bounds
from booking.wording import Notices
from booking.zone import ZONE, local
from models.bookings import Booking
from models.executives import Executive, Visit
from models.notices import Notice
from models.store import Store

BATCH = 25  # notices a transaction
DAY, NEW, OFF = "executive_day", "executive_new", "executive_off"


@dataclass(frozen=True)
class _Told:
    """A notice to be written: to whom, under which key, about what; `again` are the keys under which that was called
    off before."""

    executive: str
    key: str
    event: str
    values: Mapping[str, Any]
    again: Sequence[str] = ()


def tell_team(store: Store, now: datetime, evening_h: int, wording: Notices) -> int:
    """Tell executives what they do not know yet of today's visits, and of tomorrow's from the local hour `evening_h`
    on; how many notices were written. What has begun is told to nobody."""
    with store.read() as session:
        due = [told for day, since in _days(now, evening_h) for told in _due(session, now, day, since)]
    for first in range(0, len(due), BATCH):
        with store.begin() as session:
            for told in due[first : first + BATCH]:
                executive = session.get_one(Executive, told.executive)
                for key in told.again:
                    withdraw(session, now, key, OFF)
                notify(session, now, Direct(executive.mobile, "hi", told.key), told.event, wording, **told.values)
    return len(due)


def _days(now: datetime, evening_h: int) -> Iterator[tuple[date, datetime]]:
    """The days whose visits are told, each with the evening before from which on changes are told one by one."""
    for day in (local(now).date(), local(now).date() + timedelta(days=1)):
        since = datetime.combine(day - timedelta(days=1), time(evening_h), ZONE)
        if now >= since:
            yield day, since


def _due(session: Session, now: datetime, day: date, since: datetime) -> Iterator[_Told]:
    ahead = (Visit.starts_at > now) & (Visit.starts_at >= day_bounds(day)[0]) & (Visit.starts_at < day_bounds(day)[1])
    # By executive: the index of visits begins with it.
    ahead &= Visit.executive_id.in_(select(Executive.id))
    planned, key = Visit.state == "planned", literal("visit:") + cast(Visit.id, String)
    yield from _sheets(session, ahead & planned & (Visit.assigned_at < since), day)
    knew = or_(Visit.assigned_at < since, _knows(key, NEW))
    off = (Visit.state == "dropped") & (Visit.ended_at >= since) & knew & ~_knows(key, OFF)
    yield from _changes(session, ahead & off, OFF)
    new = planned & (Visit.assigned_at >= since) & ~_knows(key, NEW)
    yield from _changes(session, ahead & new, NEW)


def _sheets(session: Session, those: ColumnElement[bool], day: date) -> Iterator[_Told]:
    key = literal("executive:") + Visit.executive_id + literal(f"/{day.isoformat()}")
    found = select(Visit.executive_id, func.count(), func.min(Visit.starts_at)).where(those, ~_knows(key, DAY))
    for executive, count, first in session.execute(found.group_by(Visit.executive_id)):
        values = {"count": count, "when": first}
        yield _Told(executive, f"executive:{executive}/{day.isoformat()}", DAY, values)


def _changes(session: Session, those: ColumnElement[bool], event: str) -> Iterator[_Told]:
    found = select(Visit, Booking.number).join(Booking, Visit.booking_id == Booking.id).where(those)
    for visit, number in session.execute(found.order_by(Visit.id)):
        again = _called_off(session, visit) if event == NEW else ()
        yield _Told(visit.executive_id, f"visit:{visit.id}", event, {"number": number, "when": visit.starts_at}, again)


def _called_off(session: Session, visit: Visit) -> list[str]:
    """The keys of visits by the same executive at the same time to the same booking: others were to come meanwhile."""
    same = (Visit.booking_id == visit.booking_id) & (Visit.executive_id == visit.executive_id)
    same &= (Visit.starts_at == visit.starts_at) & (Visit.state == "dropped")
    return [f"visit:{id}" for id in session.scalars(select(Visit.id).where(same))]


def _knows(key: ColumnElement[str], event: str) -> ColumnElement[bool]:
    return exists().where(Notice.subject == key, Notice.event == event)
