"""Sending notices that are due: each is claimed before it is sent, so that two senders never send the same one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from booking.errors import SendFailed
from booking.phone import mask
from models.notices import Notice
from models.store import Store

log = logging.getLogger(__name__)

Send = Callable[[str, str], str]
# Whether the carrier has taken a message since a time: (recipient, text, since) -> the carrier's id, or None.
Taken = Callable[[str, str, datetime], str | None]

# A claimed notice whose sender died is tried again after this time. It counts from the run's `now`: a run must be over
# before, so it sends at most BATCH notices, each of which a carrier takes or refuses within 20 s.
LEASE = timedelta(minutes=15)
BATCH = 30
# Back-off after a failed try: 1, 2, 4 … minutes, at most an hour; given up after 12 tries (about 6 hours).
ASKED_BACK = timedelta(days=1)  # how far back a message is looked for that may have gone out already
FIRST_WAIT, LONGEST_WAIT, TRIES = timedelta(minutes=1), timedelta(hours=1), 12


@dataclass(frozen=True)
class Report:
    """What a run did: notices sent, to be tried again, given up."""

    sent: int = 0
    retried: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Claimed:
    id: int
    recipient: str
    text: str
    attempt: int


def _unknown(recipient: str, text: str, since: datetime) -> str | None:
    return None


def send_due(store: Store, now: datetime, send: Send, taken: Taken = _unknown) -> Report:
    """Send what is due at `now`, at most BATCH notices, by `send(recipient, text) -> carrier's id`.

    A notice that was tried before is first looked for with `taken`: its sender may have died, or the answer been lost,
    after the carrier took it. Both raise SendFailed; any other error counts as one that may pass. No transaction is
    open while they run.
    """
    counts = {"sent": 0, "pending": 0, "failed": 0}
    with store.read() as session:
        due = list(
            session.scalars(
                select(Notice.id)
                .where(Notice.state == "pending", Notice.due_at <= now)
                .order_by(Notice.due_at, Notice.id)
                .limit(BATCH)
            )
        )
    for notice in due:
        claimed = _claim(store, now, notice)
        if claimed is not None:
            counts[_send(store, now, claimed, send, taken)] += 1
    return Report(counts["sent"], counts["pending"], counts["failed"])


def _claim(store: Store, now: datetime, notice: int) -> _Claimed | None:
    claim = (
        update(Notice)
        .where(Notice.id == notice, Notice.state == "pending", Notice.due_at <= now)
        .values(attempts=Notice.attempts + 1, due_at=now + LEASE)
        .returning(Notice.id, Notice.recipient, Notice.text, Notice.attempts)
        .execution_options(synchronize_session=False)
    )
    with store.begin() as session:
        row = session.execute(claim).one_or_none()
    return _Claimed(*row) if row else None


def _send(store: Store, now: datetime, claimed: _Claimed, send: Send, taken: Taken) -> str:
    """Send one and note what became of it; returns its state."""
    try:
        before = taken(claimed.recipient, claimed.text, now - ASKED_BACK) if claimed.attempt > 1 else None
        carrier_id = before or send(claimed.recipient, claimed.text)
    except SendFailed as failure:
        return _failed(store, now, claimed, str(failure), permanent=failure.permanent)
    except Exception as error:
        log.exception("notice %d to %s: the sender broke", claimed.id, mask(claimed.recipient))
        return _failed(store, now, claimed, type(error).__name__, permanent=False)
    _note(store, claimed, state="sent", sent_at=now, carrier_id=carrier_id, error=None)
    return "sent"


def _failed(store: Store, now: datetime, claimed: _Claimed, reason: str, *, permanent: bool) -> str:
    state = "failed" if permanent or claimed.attempt >= TRIES else "pending"
    log.warning("notice %d to %s not sent (%s): %s", claimed.id, mask(claimed.recipient), state, reason)
    wait = min(FIRST_WAIT * 2 ** (claimed.attempt - 1), LONGEST_WAIT)
    _note(store, claimed, state=state, due_at=now + wait, error=reason)
    return state


def _note(store: Store, claimed: _Claimed, **values: object) -> None:
    # Only while the claim is still ours: a sender that was slower than its lease must not undo what the next one did.
    mine = (Notice.id == claimed.id) & (Notice.attempts == claimed.attempt)
    with store.begin() as session:
        session.execute(update(Notice).where(mine).values(**values).execution_options(synchronize_session=False))
