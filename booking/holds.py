"""Holds: a seat kept for a conversation for some minutes. The store's unique (slot, seat) decides who gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
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
    with session.begin_nested():
        slot = slot_at(session, city, starts_at, area)
        claim = claim_seat(session, now, opening.rules, slot, conversation)
    return Hold(local(starts_at), local(hold_end(now, rules)), slot.id, claim.seat)


def release(session: Session, conversation: str) -> bool:
    """Give up the hold of `conversation`; whether there was one."""
    result = session.execute(delete(SeatClaim).where(SeatClaim.conversation_id == conversation).returning(SeatClaim.id))
    return result.first() is not None


def claim_of(session: Session, conversation: str) -> SeatClaim | None:
    """The conversation's hold, expired or not."""
    return session.scalars(select(SeatClaim).where(SeatClaim.conversation_id == conversation)).one_or_none()


def lock_slots(session: Session, *slots: int) -> None:
    """Let transactions about the same slots wait for one another (PostgreSQL; SQLite has one writer anyway).

    Always in the order of ids: two callers who swap slots would otherwise wait for each other for ever.
    """
    session.execute(select(Slot.id).where(Slot.id.in_(slots)).order_by(Slot.id).with_for_update())


def hold_end(now: datetime, rules: VisitRules) -> datetime:
    """When a hold taken at `now` expires."""
    return now + timedelta(minutes=rules.hold_min)


def claim_seat(session: Session, now: datetime, rules: VisitRules, slot: Slot, conversation: str) -> SeatClaim:
    """The first free seat of `slot`, held for `conversation`; `rules` are the city's. Raises SlotTaken."""
    until = hold_end(now, rules)
    own = claim_of(session, conversation)
    lock_slots(session, slot.id, *([own.slot_id] if own else []))
    # Read again under the lock: the seat count may have been edited, the own hold have been cleared by the job.
    session.refresh(slot)
    session.execute(delete(SeatClaim).where(SeatClaim.slot_id == slot.id, SeatClaim.expires_at <= now))
    own = session.scalars(
        select(SeatClaim).where(SeatClaim.conversation_id == conversation).execution_options(populate_existing=True)
    ).one_or_none()
    if own is not None and own.slot_id == slot.id:
        own.expires_at = until
        return own
    release(session, conversation)
    taken = set(session.scalars(select(SeatClaim.seat).where(SeatClaim.slot_id == slot.id)))
    seats = rules.seats if slot.seats is None else slot.seats
    # Seats may have been reduced below what is taken: then no lower number may be filled either.
    free = [s for s in range(1, seats + 1) if s not in taken] if len(taken) < seats else []
    for seat in free:
        claim = SeatClaim(slot_id=slot.id, seat=seat, conversation_id=conversation, expires_at=until)
        try:
            with session.begin_nested():
                session.add(claim)
        except IntegrityError:
            continue
        return claim
    raise SlotTaken
