"""Holds: a seat kept for a conversation for some minutes. The store's unique (slot, seat) decides who gets it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.areas import check_place
from booking.calendar import calendar
from booking.errors import SlotClosed, SlotTaken
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.zone import local
from models.slots import SeatClaim, Slot


@dataclass(frozen=True)
class Hold:
    """A held seat; both times aware, Asia/Kolkata. From `expires_at` on it is free for anybody."""

    starts_at: datetime
    expires_at: datetime
    slot_id: int
    seat: int


_OWN = select(SeatClaim).where(SeatClaim.conversation_id == bindparam("conversation"))
_OWN_LOCKED = _OWN.with_for_update().execution_options(populate_existing=True)
_SLOTS_LOCKED = (
    select(Slot)
    .where(Slot.id.in_(bindparam("slots", expanding=True)))
    .order_by(Slot.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_CLAIMS = select(
    SeatClaim.id, SeatClaim.slot_id, SeatClaim.seat, SeatClaim.conversation_id, SeatClaim.expires_at
).where(or_(SeatClaim.slot_id == bindparam("slot"), SeatClaim.conversation_id == bindparam("conversation")))


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
    check_place(session, city, area)
    opening = calendar(session, rules, city, area)
    why = opening.why_not(now, starts_at)
    if why is not None:
        raise SlotClosed(why)
    slot = slot_at(session, city, starts_at, area)
    claim = claim_seat(session, now, opening.rules, slot, conversation)
    return Hold(local(starts_at), local(hold_end(now, rules)), slot.id, claim.seat)


def release(session: Session, conversation: str) -> bool:
    """Give up the hold of `conversation`; whether there was one."""
    result = session.execute(delete(SeatClaim).where(SeatClaim.conversation_id == conversation).returning(SeatClaim.id))
    return result.first() is not None


def claim_of(session: Session, conversation: str) -> SeatClaim | None:
    """The conversation's hold, expired or not."""
    return session.scalars(_OWN, {"conversation": conversation}).one_or_none()


def locked_claim_of(session: Session, conversation: str) -> SeatClaim | None:
    """The conversation's hold as it is now, kept from the job that deletes expired ones; lock the slots before."""
    return session.scalars(_OWN_LOCKED, {"conversation": conversation}).one_or_none()


def lock_slots(session: Session, *slots: int) -> None:
    """Let transactions about the same slots wait for one another (PostgreSQL; SQLite has one writer anyway).

    Always in the order of ids: two callers who swap slots would otherwise wait for each other for ever. The slots of
    this session are read anew: their seats may have been edited.
    """
    session.scalars(_SLOTS_LOCKED, {"slots": sorted(set(slots))}).all()


def hold_end(now: datetime, rules: VisitRules) -> datetime:
    """When a hold taken at `now` expires."""
    return now + timedelta(minutes=rules.hold_min)


def claim_seat(session: Session, now: datetime, rules: VisitRules, slot: Slot, conversation: str) -> SeatClaim:
    """The first free seat of `slot`, held for `conversation`, whose other hold is given up; `rules` are the city's.

    Raises SlotTaken; nothing has changed then.
    """
    own = claim_of(session, conversation)
    lock_slots(session, slot.id, *([own.slot_id] if own else []))
    # Read again under the lock: the own hold may have been cleared by the job.
    claims = session.execute(_CLAIMS, {"slot": slot.id, "conversation": conversation}).all()
    here = [c for c in claims if c.slot_id == slot.id]
    gone = [c.id for c in here if c.expires_at is not None and c.expires_at <= now]
    for claim in here:
        if claim.conversation_id == conversation and claim.id not in gone:
            return _prolonged(session, claim.id, hold_end(now, rules))
    taken = {c.seat for c in here if c.id not in gone}
    seats = rules.seats if slot.seats is None else slot.seats
    # Seats may have been reduced below what is taken: then no lower number may be filled either.
    free = [s for s in range(1, seats + 1) if s not in taken] if len(taken) < seats else []
    if not free:
        raise SlotTaken
    gone += [c.id for c in claims if c.conversation_id == conversation and c.id not in gone]
    with session.begin_nested() if gone else nullcontext():
        if gone:
            session.execute(delete(SeatClaim).where(SeatClaim.id.in_(gone)))
        return _claimed(session, slot, free, conversation, hold_end(now, rules))


def _prolonged(session: Session, claim: int, until: datetime) -> SeatClaim:
    own = session.get_one(SeatClaim, claim, populate_existing=True)
    own.expires_at = until
    return own


def _claimed(session: Session, slot: Slot, free: list[int], conversation: str, until: datetime) -> SeatClaim:
    """The first of the seats `free` that nobody else has taken at the same moment; raises SlotTaken."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for seat in free:
        values = {"slot_id": slot.id, "seat": seat, "conversation_id": conversation, "expires_at": until}
        one = insert(SeatClaim).values(**values).on_conflict_do_nothing().returning(SeatClaim)
        claim = session.scalars(one).one_or_none()
        if claim is not None:
            return claim
    raise SlotTaken
