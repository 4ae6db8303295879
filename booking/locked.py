"""A slot, locked, with all that holds there on its day: what hold and book ask, in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from booking.areas import check_place
from booking.calendar import Calendar, calendar, worked_in
from booking.errors import SlotClosed
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.zone import local, utc
from models.areas import Area
from models.base import table
from models.catalogue import CityRow, ServiceRow
from models.opening import CityHours, Closure, DayRule
from models.prepared import Prepared
from models.slots import SeatClaim, Slot


@dataclass(frozen=True)
class Spot:
    """Which slot: city, "" or one of its areas, start (aware); who wants it: a conversation, perhaps for a service."""

    city: str
    area: str
    starts_at: datetime
    conversation: str
    service: str = ""


@dataclass(frozen=True)
class LockedSlot:
    """A slot as it was read (`row`), on its local `day`. `opening` knows the closures and rules of that day only."""

    row: Any
    opening: Calendar
    day: date

    @property
    def id(self) -> int:
        """The slot's."""
        return int(self.row.id)

    @property
    def seats(self) -> int:
        """Its own number, or what the place's rules say."""
        return int(self.opening.on(self.day).seats if self.row.edited is None else self.row.edited)

    @property
    def city(self) -> Mapping[str, str]:
        """Its names by language."""
        return {"hi": self.row.hi, "en": self.row.en}

    @property
    def service(self) -> ServiceRow | None:
        """A copy that belongs to no session; None when there is no such service."""
        row = self.row
        if row.service_id is None:
            return None
        names = {"id": row.service_id, "hi": row.service_hi, "en": row.service_en}
        return ServiceRow(**names, fee=row.fee, since=row.since, until=row.until)


_slot, _city, _part, _service = map(table, (Slot, CityRow, Area, ServiceRow))
_hours, _closure, _claim, _rule = map(table, (CityHours, Closure, SeatClaim, DayRule))
_area = _part.alias("area")


_RULE = ("id", "city_id", "area", "weekday", "day", "first_slot_h", "last_end_h", "seats")


def _own(column: str) -> Any:
    return func.coalesce(_area.c[column], _hours.c[column]).label(column)


_THIS = and_(
    _slot.c.city_id == bindparam("city"), _slot.c.area == bindparam("area"), _slot.c.starts_at == bindparam("starts_at")
)
_IDS = select(_slot.c.id).where(_THIS)
# While this slot has no row yet, the held one is not locked either: the row's id, made later, may be the lower one.
_HELD = select(_claim.c.slot_id).where(_claim.c.conversation_id == bindparam("conversation"), _IDS.exists())
# Not `this or id = held`: SQLite would read all slots for it.
_BOTH = union_all(_IDS, _HELD)
_CLOSED = (
    (_closure.c.calendar == "visits")
    & or_(_closure.c.city_id.is_(None), _closure.c.city_id == _slot.c.city_id)
    & or_(_closure.c.day == bindparam("day"), _closure.c.yearly == bindparam("yearly"))
)
_OF_DAY = (
    _rule.c.city_id.in_(("", _slot.c.city_id))
    & _rule.c.area.in_(("", _slot.c.area))
    & or_(_rule.c.day == bindparam("day"), _rule.c.weekday == bindparam("weekday"))
)
# One row for each closure and rule of the day, one without any; and, locked only, the slot that the conversation holds
# so far.
# In the order of ids: two callers who swap slots would otherwise wait for each other for ever.
_FOUND = (
    select(
        _slot.c.id,
        _slot.c.seats.label("edited"),
        _city.c.hi,
        _city.c.en,
        _area.c.id.label("area_id"),
        exists().where(_part.c.city_id == _city.c.id).label("parted"),
        *map(_own, ("first_slot_h", "last_end_h", "seats")),
        _closure.c.id.label("closure"),
        _closure.c.day,
        _closure.c.yearly,
        _closure.c.lifted,
        *(_rule.c[column].label(f"rule_{column}") for column in _RULE),
        _service.c.id.label("service_id"),
        _service.c.hi.label("service_hi"),
        _service.c.en.label("service_en"),
        _service.c.fee,
        _service.c.since,
        _service.c.until,
        _THIS.label("this"),
    )
    .select_from(_slot)
    .join(_city, _city.c.id == _slot.c.city_id)
    .outerjoin(_hours, _hours.c.city_id == _slot.c.city_id)
    .outerjoin(_area, and_(_area.c.id == _slot.c.area, _area.c.city_id == _slot.c.city_id))
    .outerjoin(_closure, _CLOSED)
    .outerjoin(_rule, _OF_DAY)
    .outerjoin(_service, _service.c.id == bindparam("service"))
    .where(_slot.c.id.in_(_BOTH))
    .order_by(_slot.c.id)
)
_READ = Prepared(_FOUND.with_for_update(of=_slot))


def lock_slot(session: Session, now: datetime, rules: VisitRules, spot: Spot) -> LockedSlot:
    """Let transactions about this slot, and the one that the conversation holds so far, wait for one another
    (PostgreSQL; SQLite has one writer anyway), and read what holds here. The slot's row is made when it is missing.

    Raises CityNotCovered, AreaUnknown, AreaNeeded; SlotClosed for a time that is no start time here.
    """
    session.flush()  # what the caller has added, such as a voice note
    rows = _read(session, spot)
    if not rows:
        _make(session, now, rules, spot)
        rows = _read(session, spot)
    first = rows[0]
    if first.parted if not spot.area else first.area_id is None:
        check_place(session, spot.city, spot.area)
    closures = tuple(map(_closed, rows)) if first.closure else ()
    own_days = tuple(map(_own_day, rows)) if first.rule_id else ()
    return LockedSlot(first, Calendar(worked_in(rules, first), closures, own_days), local(spot.starts_at).date())


def _read(session: Session, spot: Spot) -> list[Any]:
    day = local(spot.starts_at).date()
    values = {
        "city": spot.city,
        "area": spot.area,
        "starts_at": utc(spot.starts_at),
        "conversation": spot.conversation,
        "service": spot.service,
        "day": day,
        "yearly": f"{day:%m-%d}",
        "weekday": day.weekday(),
    }
    return [row for row in _READ.all(session, values) if row.this]


def _closed(row: Any) -> Closure:
    return Closure(id=row.closure, day=row.day, yearly=row.yearly, lifted=row.lifted)


def _own_day(row: Any) -> DayRule:
    return DayRule(**{column: getattr(row, f"rule_{column}") for column in _RULE})


def _make(session: Session, now: datetime, rules: VisitRules, spot: Spot) -> None:
    check_place(session, spot.city, spot.area)
    opening, start = calendar(session, rules, spot.city, spot.area), local(spot.starts_at)
    if not opening.has(start):
        raise SlotClosed(opening.why_not(now, start) or "closed")
    slot_at(session, spot.city, spot.starts_at, spot.area)
