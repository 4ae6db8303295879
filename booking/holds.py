"""Holds: a seat kept for a conversation for some minutes. The store's unique (slot, seat) decides who gets it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.errors import SlotClosed, SlotTaken
from booking.locked import Spot, lock_slot
from booking.rules import VisitRules
from booking.zone import local
from models.base import table
from models.inserting import insert_new
from models.prepared import Prepared
from models.slots import SeatClaim, Slot


@dataclass(frozen=True)
class Hold:
    """A held seat; both times aware, Asia/Kolkata. From `expires_at` on it is free for anybody."""

    starts_at: datetime
    expires_at: datetime
    slot_id: int
    seat: int


@dataclass(frozen=True)
class Claim:
    """A seat (1…) of a slot that is held: the `id` of its row."""

    id: int
    slot_id: int
    seat: int


_claims = table(SeatClaim)
_OWN = select(SeatClaim).where(SeatClaim.conversation_id == bindparam("conversation"))
_HELD = Prepared(
    select(_claims.c.id, _claims.c.slot_id, _claims.c.seat)
    .where(
        _claims.c.conversation_id == bindparam("conversation"),
        _claims.c.slot_id == bindparam("slot"),
        _claims.c.expires_at > bindparam("now"),
    )
    .with_for_update()
)
_SLOTS_LOCKED = (
    select(Slot)
    .where(Slot.id.in_(bindparam("slots", expanding=True)))
    .order_by(Slot.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_CLAIMS = Prepared(
    select(_claims.c.id, _claims.c.slot_id, _claims.c.seat, _claims.c.conversation_id, _claims.c.expires_at).where(
        or_(_claims.c.slot_id == bindparam("slot"), _claims.c.conversation_id == bindparam("conversation"))
    )
)
_CLAIM = insert_new(SeatClaim, "slot_id", "seat", "conversation_id", "expires_at")
_PROLONG = update(_claims).where(_claims.c.id == bindparam("claim")).values(expires_at=bindparam("until"))
_BOOK = Prepared(
    update(_claims)
    .where(_claims.c.id == bindparam("claim"))
    .values(booking_id=bindparam("booking"), conversation_id=None, expires_at=None)
)


def hold(  # noqa: PLR0913  what is held (city, area, time) and for whom; all are plain words
    session: Session,
    now: datetime,
    rules: VisitRules,
    city: str,
    starts_at: datetime,
    conversation: str,
    area: str = "",
) -> Hold:
    """Hold a seat for `conversation` for `rules.hold_min` minutes; its earlier hold is given up.

    Holding the same slot again prolongs the hold. Raises CityNotCovered, AreaUnknown, AreaNeeded, SlotClosed,
    SlotTaken; the earlier hold then stays.
    """
    slot = lock_slot(session, now, rules, Spot(city, area, starts_at, conversation))
    why = slot.opening.why_not(now, starts_at)
    if why is not None:
        raise SlotClosed(why)
    until = hold_end(now, rules)
    claim = claim_seat(session, now, (slot.id, slot.seats), conversation, until)
    return Hold(local(starts_at), local(until), slot.id, claim.seat)


def release(session: Session, conversation: str) -> bool:
    """Give up the hold of `conversation`; whether there was one."""
    result = session.execute(delete(SeatClaim).where(SeatClaim.conversation_id == conversation).returning(SeatClaim.id))
    return result.first() is not None


def claim_of(session: Session, conversation: str) -> SeatClaim | None:
    """The conversation's hold, expired or not."""
    return session.scalars(_OWN, {"conversation": conversation}).one_or_none()


def held(session: Session, now: datetime, slot: int, conversation: str) -> Claim | None:
    """The seat in `slot` that `conversation` holds at `now`, kept from the job that deletes expired ones; lock the
    slot before."""
    row = _HELD.first(session, {"slot": slot, "conversation": conversation, "now": now})
    return row and Claim(*row)


def lock_slots(session: Session, *slots: int) -> None:
    """Let transactions about the same slots wait for one another (PostgreSQL; SQLite has one writer anyway).

    Always in the order of ids: two callers who swap slots would otherwise wait for each other for ever. The slots of
    this session are read anew: their seats may have been edited.
    """
    session.scalars(_SLOTS_LOCKED, {"slots": sorted(set(slots))}).all()


def hold_end(now: datetime, rules: VisitRules) -> datetime:
    """When a hold taken at `now` expires."""
    return now + timedelta(minutes=rules.hold_min)


def claim_seat(session: Session, now: datetime, room: tuple[int, int], conversation: str, until: datetime) -> Claim:
    """The first free seat of `room` (a locked slot's id and its seats), held for `conversation`, whose other hold is
    given up.

    Raises SlotTaken; nothing has changed then.
    """
    slot, seats = room
    claims = _CLAIMS.all(session, {"slot": slot, "conversation": conversation})
    here = [c for c in claims if c.slot_id == slot]
    gone = [c.id for c in here if c.expires_at is not None and c.expires_at <= now]
    for claim in here:
        if claim.conversation_id == conversation and claim.id not in gone:
            session.execute(_PROLONG, {"claim": claim.id, "until": until})
            return Claim(claim.id, slot, claim.seat)
    taken = {c.seat for c in here if c.id not in gone}
    # Seats may have been reduced below what is taken: then no lower number may be filled either.
    if len(taken) >= seats:
        raise SlotTaken
    free = (s for s in range(1, seats + 1) if s not in taken)
    gone += [c.id for c in claims if c.conversation_id == conversation and c.id not in gone]
    with session.begin_nested() if gone else nullcontext():
        if gone:
            session.execute(delete(_claims).where(_claims.c.id.in_(gone)))
        return _claimed(session, slot, free, conversation, until)


def keep(session: Session, claim: Claim, booking: int) -> None:
    """Turn a hold into the seat of a booking (its id)."""
    _BOOK.all(session, {"claim": claim.id, "booking": booking})


def _claimed(session: Session, slot: int, free: Iterable[int], conversation: str, until: datetime) -> Claim:
    """The first of the seats `free` that nobody else has taken at the same moment; raises SlotTaken."""
    values = {"slot_id": slot, "conversation_id": conversation, "expires_at": until}
    for seat in free:
        made = _CLAIM.first(session, {**values, "seat": seat})
        if made is not None:
            return Claim(made.id, slot, seat)
    raise SlotTaken
