"""Delivery receipts: what became of a notice after the carrier took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from models.notices import Notice
from models.store import Store

Arrival = Literal["delivered", "undelivered", "failed"]
Outcome = Literal["noted", "known", "unknown"]

# From which states each receipt is believed: one that the telephone got is never taken back, whatever comes later.
BELIEVED: dict[Arrival, tuple[str, ...]] = {
    "delivered": ("sent", "undelivered", "failed"),
    "undelivered": ("sent",),
    "failed": ("sent",),
}


@dataclass(frozen=True)
class Receipt:
    """The carrier's message id, how the message arrived, and why not ("": it did)."""

    carrier_id: str
    arrival: Arrival
    reason: str = ""


def receive(store: Store, now: datetime, receipt: Receipt) -> Outcome:
    """Note a receipt. Replayed or overtaken ones change nothing ("known"), nor do those of others ("unknown")."""
    with store.read() as session:
        found = session.scalar(select(Notice.id).where(Notice.carrier_id == receipt.carrier_id).limit(1))
    if not receipt.carrier_id or found is None:
        return "unknown"
    news = (Notice.carrier_id == receipt.carrier_id) & Notice.state.in_(BELIEVED[receipt.arrival])
    values = {"state": receipt.arrival, "receipt_at": now, "error": receipt.reason or None}
    noted = update(Notice).where(news).values(**values).returning(Notice.id)
    with store.begin() as session:
        changed = session.scalars(noted.execution_options(synchronize_session=False)).all()
    return "noted" if changed else "known"
