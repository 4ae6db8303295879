"""Delivery receipts: what became of a notice after the carrier took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from booking.quiet import QuietHours
from models.notices import Notice
from models.store import Store

Arrival = Literal["delivered", "undelivered", "failed"]
Outcome = Literal["noted", "known", "unknown"]

# A telephone that could not be reached is tried again after 30, 60 and 120 minutes: an operator has tried it for hours
# itself before it says so, and nobody is to get the same SMS many times.
AGAIN, SENDINGS = timedelta(minutes=30), 4

# From which states each receipt is believed: one that the telephone got is never taken back, whatever comes later.
# "pending" with the carrier's id is one that waits to be sent again.
BELIEVED: dict[Arrival, tuple[str, ...]] = {
    "delivered": ("sent", "undelivered", "failed", "pending"),
    "undelivered": ("sent",),
    "failed": ("sent",),
}


@dataclass(frozen=True)
class Receipt:
    """The carrier's message id, how the message arrived, and why not ("": it did); `passing`: it may arrive when it is
    sent again."""

    carrier_id: str
    arrival: Arrival
    reason: str = ""
    passing: bool = False


def receive(store: Store, now: datetime, receipt: Receipt, quiet: QuietHours | None = None) -> Outcome:
    """Note a receipt. Replayed or overtaken ones change nothing ("known"), nor do those of others ("unknown").

    What did not arrive for a passing reason is sent again later, out of the hours of `quiet`, while it is of use and
    has not been withdrawn.
    """
    this = select(Notice).where(Notice.carrier_id == receipt.carrier_id).limit(1)
    with store.read() as session:
        found = session.scalars(this).first() if receipt.carrier_id else None
    if found is None:
        return "unknown"
    news = (Notice.id == found.id) & (Notice.carrier_id == receipt.carrier_id) & (Notice.attempts == found.attempts)
    news &= Notice.state.in_(BELIEVED[receipt.arrival])
    noted = {"state": receipt.arrival, "receipt_at": now, "error": receipt.reason or None}
    due = _again(now, receipt, found, quiet or QuietHours())
    with store.begin() as session:
        if due is not None:
            again = {**noted, "state": "pending", "due_at": due}
            # Asked of the store itself: it may be withdrawn at this very moment.
            if _changed(session, news & Notice.withdrawn_at.is_(None), again):
                return "noted"
        return "noted" if _changed(session, news, noted) else "known"


def _again(now: datetime, receipt: Receipt, notice: Notice, quiet: QuietHours) -> datetime | None:
    """When it is to be sent again; None: never."""
    due = quiet.after(now + AGAIN * 2 ** (notice.attempts - 1)) if notice.attempts else now
    useful = notice.expires_at is None or due < notice.expires_at
    passing = receipt.passing and receipt.arrival != "delivered"
    return due if passing and notice.attempts < SENDINGS and useful else None


def _changed(session: Session, those: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    changed = update(Notice).where(those).values(**values).returning(Notice.id)
    return session.scalar(changed.execution_options(synchronize_session=False)) is not None
