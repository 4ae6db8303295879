"""Changing a booking: compare-and-set on its version, an event row, and the notice of the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.actors import Actor
from booking.errors import BadValue, Conflict, NotAllowed
from booking.notices import Notices, write_notice
from booking.privacy import masked
from booking.stages import allowed
from booking.versions import lock
from booking.working_days import add_working_days
from booking.zone import local_day
from models.base import table
from models.bookings import Booking, BookingEvent
from models.prepared import Prepared

_LOADED_LATER = ("note", "executive", "visits", "events", "notices")


class Options(TypedDict, total=False):
    """What may be added to a change: the version the actor has seen, the event's data (plain JSON without personal
    data), the wording of notices (default: the project's own), further columns to set."""

    expected_version: int | None
    data: Mapping[str, Any] | None
    wording: Notices | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change: `what` happened, the stage it leads to (None: it stays), why, further columns, the event's data."""

    what: str = "stage"
    to: str | None = None
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None


_EVENT = Prepared(
    insert(table(BookingEvent)).inline(),
    *("booking_id", "at", "who", "from_stage", "to_stage", "why", "what", "data"),
)


@cache
def _update(*columns: str) -> Prepared:
    """Sets `columns` of the booking `booking` if its version is `seen`; answers with them when it is."""
    of = table(Booking).c
    this = update(table(Booking)).where(of.id == bindparam("booking"), of.version == bindparam("seen"))
    return Prepared(this.returning(*(of[name] for name in columns)), *columns)


def change_stage(
    session: Session, now: datetime, booking: Booking, to: str, actor: Actor, why: str = "", **options: Unpack[Options]
) -> Booking:
    """Take `booking` (of this session) to the stage `to` and write the notice of that stage.

    Sets `due_on` when submitted, `missing` (from the data's "missing") when documents are needed, `reason` when
    rejected or cancelled. Raises NotAllowed (stage or role; fee paid twice, or not), BadValue (no reason, no documents
    named, nobody to assign), Conflict. Visits are the affair of `staging.take`.
    """
    if options.get("expected_version", booking.version) not in (None, booking.version):
        raise Conflict(f"booking {booking.number}")
    if to == booking.stage or not allowed(booking.stage, to, actor.role):
        raise NotAllowed(f"{booking.stage} to {to} by {actor.role}")
    data = options.get("data")
    values = {**_values(session, now, booking, to, why, data), **options.get("values", {})}
    if to == "assigned" and not values.get("executive_id", booking.executive_id):
        raise BadValue("executive_id: somebody must be assigned")
    change = Change("stage", to, why, values, data)
    record(session, now, booking, actor, change, options.get("expected_version"))
    if to != "booked":
        write_notice(session, now, booking, to, options.get("wording"), actor)
    return booking


def record(
    session: Session, now: datetime, booking: Booking, actor: Actor, change: Change, expected_version: int | None = None
) -> Booking:
    """Carry out `change` if `booking` still has the expected version (default: the one it was read with) and write the
    event row; raises Conflict. Asks nothing about stages and roles."""
    version = booking.version if expected_version is None else expected_version
    before = booking.stage
    after = change.to or before
    values = {**change.values, "stage": after, "version": version + 1, "updated_at": now}
    session.flush()
    written = _update(*values).first(session, {**values, "booking": booking.id, "seen": version})
    if written is None:
        raise Conflict(f"booking {booking.number}")
    event = {"booking_id": booking.id, "at": now, "who": str(actor), "from_stage": before, "to_stage": after}
    data = masked(dict(change.data)) if change.data else None
    _EVENT.all(session, {**event, "why": masked(change.why), "what": change.what, "data": data})
    _keep_up(session, booking, written)
    return booking


def _keep_up(session: Session, booking: Booking, written: Any) -> None:
    """Let `booking` know what was `written`. All of it, with what is joined, is read again only when it has another
    slot: that takes as long as the change itself."""
    values = written._asdict()
    if values.get("slot_id", booking.slot_id) != booking.slot_id:
        session.refresh(booking)
        return
    for name, value in values.items():
        set_committed_value(booking, name, value)
    session.expire(booking, _LOADED_LATER)


def lock_booking(session: Session, booking: Booking) -> None:
    """`versions.lock`, always before the locks of slots."""
    lock(session, booking)


def fees_paid(session: Session, bookings: Sequence[Booking]) -> set[int]:
    """The ids of those of `bookings` whose fee has been paid, on this visit or an earlier one."""
    these = BookingEvent.booking_id.in_([b.id for b in bookings])
    return set(session.scalars(select(BookingEvent.booking_id).where(these, BookingEvent.to_stage == "fee_paid")))


def _values(
    session: Session, now: datetime, booking: Booking, to: str, why: str, data: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The columns that change with the stage."""
    if to == "fee_paid" and fees_paid(session, [booking]):
        raise NotAllowed("the fee has been paid already")
    if to == "submitted":
        if not fees_paid(session, [booking]):
            raise NotAllowed("the fee has not been paid")
        days = booking.service.days
        due = None if days is None else add_working_days(session, local_day(now), days)
        return {"due_on": due, "missing": []}
    if to == "rejected" and not why.strip():
        raise BadValue("why: a rejection needs its reason")
    if to in ("rejected", "cancelled"):
        return {"reason": masked(why)}
    if to == "documents_needed":
        return {"missing": _missing(data)}
    return {}


def _missing(data: Mapping[str, Any] | None) -> list[str]:
    names = (data or {}).get("missing")
    if not isinstance(names, list | tuple) or not names or not all(isinstance(n, str) and n.strip() for n in names):
        raise BadValue("missing: name the documents that are needed")
    return [str(masked(n)) for n in names]
