"""Feedback: what the citizen thinks of a delivered booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.changes import Change, lock_booking, record
from booking.errors import BadValue, NotAllowed, NotFound, TooEarly
from booking.notices import withdraw
from booking.privacy import masked
from booking.stages import ACTIVE
from models.bookings import Booking
from models.feedback import Feedback
from models.voice_notes import VoiceNote

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Rating:
    """1 (bad) to 5 (very good), with a voice note's id or words, and the channel on which it was given."""

    rating: int
    note: str | None = None
    text: str = ""
    channel: str = "phone"


def rate(session: Session, now: datetime, booking: Booking, rating: Rating, actor: Actor = CALLER) -> Feedback:
    """Keep the citizen's rating of `booking` (of this session); a later one takes its place, a replay changes nothing.
    Who has rated is not asked for it any more.

    Raises BadValue, TooEarly (not delivered yet), NotAllowed (never will be; or by somebody who cannot speak for the
    citizen), NotFound (voice note).
    """
    if actor.role not in ("caller", "agent"):
        raise NotAllowed(f"rating by {actor.role}")
    if rating.rating not in range(LOWEST, HIGHEST + 1):
        raise BadValue(f"rating: {LOWEST} to {HIGHEST}")
    if rating.note is not None and session.get(VoiceNote, rating.note) is None:
        raise NotFound(f"voice note {rating.note}")
    lock_booking(session, booking)
    if booking.stage != "delivered":
        raise TooEarly(booking.stage) if booking.stage in ACTIVE else NotAllowed(booking.stage)
    return _kept(session, now, booking, rating, actor)


def feedback_of(session: Session, booking: Booking) -> Feedback | None:
    """The rating that `booking` has; None: not asked or not given."""
    return session.scalars(select(Feedback).where(Feedback.booking_id == booking.id)).one_or_none()


def _kept(session: Session, now: datetime, booking: Booking, rating: Rating, actor: Actor) -> Feedback:
    row = feedback_of(session, booking) or Feedback(booking_id=booking.id)
    values = {
        "rating": rating.rating,
        "note_id": rating.note,
        "text": masked(rating.text),
        "channel": rating.channel,
    }
    if row.id is not None and all(getattr(row, key) == value for key, value in values.items()):
        return row
    for key, value in values.items():
        setattr(row, key, value)
    row.at = now
    session.add(row)
    data = {"rating": rating.rating, "channel": rating.channel}
    record(session, now, booking, actor, Change("feedback", data=data))
    withdraw(session, now, booking, "feedback_ask")
    return row
