"""Sending notices that are due: each is claimed before it is sent, so that two senders never send the same one."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from booking.channels import Channel, Send, Sms, Taken
from booking.errors import AccountRefused, SendFailed
from booking.phone import mask
from booking.wording import Notices
from models.base import table
from models.notices import Notice
from models.prepared import Prepared
from models.store import Store

log = logging.getLogger(__name__)

# A claimed notice whose sender died is tried again after this time. It counts from the run's `now`: a run must be over
# before, so it sends at most BATCH notices, each of which a carrier takes or refuses within 20 s.
LEASE = timedelta(minutes=15)
BATCH = 30
# Back-off after a failed try: 1, 2, 4 … minutes, at most an hour; given up after 12 tries (about 6 hours).
ASKED_BACK = timedelta(days=1)  # how far back a message is looked for that may have gone out already
FIRST_WAIT, LONGEST_WAIT, TRIES = timedelta(minutes=1), timedelta(hours=1), 12
# While our account is refused each run tries one notice, and every notice rests for this time between two tries.
REFUSED_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Report:
    """What a run did: notices sent, to be tried again, given up, too late to be of use."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    expired: int = 0


@dataclass(frozen=True)
class _Claimed:
    id: int
    attempt: int
    channel: str
    recipient: str
    text: str
    template_id: str
    variables: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Outcome:
    """What became of a notice: its state, and the statement that notes it with these values. `refused`: the carrier
    would refuse all others, too."""

    claimed: _Claimed
    state: str
    statement: Prepared
    values: Mapping[str, Any]
    refused: bool = False

    def note(self, session: Session) -> None:
        self.statement.all(session, {"notice": self.claimed.id, "attempt": self.claimed.attempt, **self.values})


# What is due does not come to be of another channel or event: so a claim asks only whether it still is.
_notices = table(Notice)
_this = _notices.c.id == bindparam("notice")
_CLAIM = Prepared(
    update(_notices)
    .where(_this, _notices.c.state == "pending", _notices.c.due_at <= bindparam("now", type_=_notices.c.due_at.type))
    .where(or_(_notices.c.expires_at.is_(None), _notices.c.expires_at > bindparam("now")))
    .values(attempts=_notices.c.attempts + 1)
    .returning(*(_notices.c[name] for name in "id attempts channel recipient text template_id variables".split())),
    "due_at",
)
# Only while the claim is still ours: a sender that was slower than its lease must not undo what the next one did.
_mine = _this & (_notices.c.attempts == bindparam("attempt"))
_SENT = Prepared(update(_notices).where(_mine).values(state="sent", error=None), "sent_at", "carrier_id")
# What was dropped or expired meanwhile comes back only as sent, if that is what happened; when it was withdrawn stays.
_still = _mine & (_notices.c.state == "pending")
_FAILED = Prepared(update(_notices).where(_still), "state", "due_at", "error")
_UNCOUNTED = Prepared(update(_notices).where(_still).values(attempts=_notices.c.attempts - 1), "due_at", "error")


def send_due(
    store: Store, now: datetime, send: Send, taken: Taken | None = None, wording: Notices | None = None
) -> Report:
    """Send the SMS that are due at `now` by `send(recipient, text) -> carrier's id`; else as `deliver_due`."""
    return deliver_due(store, now, {"sms": Sms(send, taken)}, wording)


def deliver_due(store: Store, now: datetime, channels: Mapping[str, Channel], wording: Notices | None = None) -> Report:
    """Send what is due at `now` on these channels, at most BATCH notices.

    A notice that was tried before is first looked for at the carrier, among what no other notice has noted: its sender
    may have died, or the answer been lost, after the carrier took it. Channels raise SendFailed; any other error counts
    as one that may pass. A channel whose account is refused sends no more in this run; its notices wait, and the try
    does not count. No transaction is open while channels run. In the quiet hours of `wording` only what is to be
    sent at once goes out, and what would be useless after them. What has become useless is not sent any more: expired.
    """
    expired = _expire(store, now)
    done: list[_Outcome] = []
    left = dict(channels)
    while left:
        some = _deliver(store, now, _due(store, now, left, wording, BATCH - len(done)), left)
        done += some
        if not (some and some[-1].refused):
            break
        del left[some[-1].claimed.channel]  # the others have carriers of their own
    became = Counter(outcome.state for outcome in done)
    return Report(became["sent"], became["pending"], became["failed"], expired)


def _due(
    store: Store, now: datetime, channels: Mapping[str, Channel], wording: Notices | None, most: int
) -> Sequence[int]:
    """The ids of the notices that may be sent now, the longest due first."""
    waiting = Notice.channel.in_(list(channels)) & (Notice.state == "pending") & (Notice.due_at <= now)
    if wording is not None and wording.quiet.quiet(now):
        waiting &= or_(Notice.at_once, Notice.expires_at <= wording.quiet.after(now))
    with store.read() as session:
        return session.scalars(select(Notice.id).where(waiting).order_by(Notice.due_at, Notice.id).limit(most)).all()


def _deliver(store: Store, now: datetime, due: Sequence[int], channels: Mapping[str, Channel]) -> list[_Outcome]:
    """Send these, as far as nobody else does, until a carrier refuses our account; what became of them."""
    done: list[_Outcome] = []
    outcome: _Outcome | None = None
    for notice in due:
        claimed = _claim(store, now, notice, outcome)
        outcome = _send(store, now, claimed, channels[claimed.channel]) if claimed else None
        if outcome is not None:
            done.append(outcome)
            if outcome.refused:
                break
    if outcome is not None:
        with store.begin() as session:
            outcome.note(session)
    return done


def _expire(store: Store, now: datetime) -> int:
    """Note what is too late; one that is being sent right now is noted as sent by its sender all the same."""
    late = (Notice.state == "pending") & (Notice.expires_at <= now) & (Notice.due_at <= now)
    with store.read() as session:
        if session.scalar(select(Notice.id).where(late).limit(1)) is None:
            return 0
    gone = update(Notice).where(late).values(state="expired").returning(Notice.id)
    with store.begin() as session:
        return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _claim(store: Store, now: datetime, notice: int, before: _Outcome | None) -> _Claimed | None:
    """Claim a notice; in the same transaction note what became of the one before."""
    with store.begin() as session:
        if before is not None:
            before.note(session)
        row = _CLAIM.first(session, {"notice": notice, "now": now, "due_at": now + LEASE})
    return _Claimed(*row) if row else None


def _send(store: Store, now: datetime, claimed: _Claimed, channel: Channel) -> _Outcome:
    """Send one."""
    try:
        before = _gone_out(store, now, claimed, channel) if claimed.attempt > 1 else None
        carrier_id = before or channel.send(
            claimed.recipient, claimed.text, claimed.template_id, claimed.variables or {}
        )
    except AccountRefused as failure:
        return _refused(store, now, claimed, str(failure))
    except SendFailed as failure:
        return _failed(now, claimed, str(failure), permanent=failure.permanent)
    except Exception as error:
        log.exception("notice %d to %s: the sender broke", claimed.id, mask(claimed.recipient))
        return _failed(now, claimed, type(error).__name__, permanent=False)
    return _Outcome(claimed, "sent", _SENT, {"sent_at": now, "carrier_id": carrier_id})


def _gone_out(store: Store, now: datetime, claimed: _Claimed, channel: Channel) -> str | None:
    """The carrier's id of a message that has gone out without being noted. One with the same words that is noted
    belongs to an earlier notice, of a first visit for example: it must not stand for this one."""
    found = channel.sent(claimed.recipient, claimed.text, now - ASKED_BACK)
    if found is None:
        return None
    with store.read() as session:
        noted = session.scalar(select(Notice.id).where(Notice.carrier_id == found, Notice.id != claimed.id).limit(1))
    return found if noted is None else None


def _failed(now: datetime, claimed: _Claimed, reason: str, *, permanent: bool) -> _Outcome:
    state = "failed" if permanent or claimed.attempt >= TRIES else "pending"
    log.warning("notice %d to %s not sent (%s): %s", claimed.id, mask(claimed.recipient), state, reason)
    wait = min(FIRST_WAIT * 2 ** (claimed.attempt - 1), LONGEST_WAIT)
    return _Outcome(claimed, state, _FAILED, {"state": state, "due_at": now + wait, "error": reason})


def _refused(store: Store, now: datetime, claimed: _Claimed, reason: str) -> _Outcome:
    """It says nothing about the notice, so the try does not count. Said once, as long as something waits for it."""
    same = (Notice.state == "pending") & (Notice.channel == claimed.channel) & (Notice.error == reason)
    with store.read() as session:
        known = session.scalar(select(Notice.id).where(same).limit(1))
    if known is None:
        mend = "mend the account (credentials, state, sending number); what waits is sent then"
        log.error("no notice goes out by %s: %s; %s", claimed.channel, reason, mend)
    return _Outcome(claimed, "pending", _UNCOUNTED, {"due_at": now + REFUSED_WAIT, "error": reason}, refused=True)
