"""Jobs: what is done by the clock and not by a caller. Each can run at any time, in several processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.seats import ensure_slots
from booking.sending import Report, Send, Taken, send_due
from models.slots import SeatClaim
from models.store import Store

__all__ = ["Report", "ensure_slots", "release_expired", "send_notices"]


def release_expired(session: Session, now: datetime) -> int:
    """Delete expired holds; returns how many. They count as free anyway: this only keeps the table small."""
    # Skipping locked rows, so that it never waits for a caller who is taking such a seat right now.
    expired = select(SeatClaim.id).where(SeatClaim.expires_at <= now).with_for_update(skip_locked=True)
    ids = list(session.scalars(expired))
    session.execute(delete(SeatClaim).where(SeatClaim.id.in_(ids)))
    return len(ids)


def send_notices(store: Store, now: datetime, send: Send, taken: Taken) -> Report:
    """Send what is due."""
    return send_due(store, now, send, taken)
