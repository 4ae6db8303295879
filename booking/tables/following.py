"""What follows for slots when places, hours or days have changed, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.seats import ensure_slots
from booking.sheets.remarks import Remark, remark
from booking.stranded import stranded
from booking.tables.table import Hand


def slots_added(session: Session, hand: Hand) -> Sequence[Remark]:
    """Make the slots that are missing now."""
    added = ensure_slots(session, hand.now, hand.rules)
    return [remark("slots_added", n=added)] if added else []


def followed(session: Session, hand: Hand) -> Sequence[Remark]:
    """The slots that were added, and how many bookings stand where nobody visits any more."""
    lost = stranded(session, hand.now, hand.rules)
    said = [remark("bookings_stranded", n=len(lost))] if lost else []
    return [*slots_added(session, hand), *said]
