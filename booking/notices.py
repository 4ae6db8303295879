"""Notices: a message is written beside its cause, in the same transaction; a job sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.facts import Subject, facts
from booking.templates import LONGEST, sms_parts
from booking.wording import Message, Notices, notices
from booking.zone import utc
from models.appeals import Appeal
from models.base import table
from models.bookings import Booking
from models.complaints import Complaint
from models.inserting import insert_new
from models.notices import Notice
from models.prepared import Prepared
from models.waiting import Waiting

__all__ = ["Direct", "Notices", "Subject", "notices", "notify", "sms_parts", "subject_of", "withdraw", "write_notice"]

_KIND: Mapping[type[Any], str] = {
    Booking: "booking",
    Complaint: "complaint",
    Appeal: "appeal",
    Waiting: "waiting",
}


_COLUMNS = (
    *("subject", "event", "version", "channel", "language", "recipient", "text", "template_id"),
    *("variables", "state", "attempts", "due_at", "at_once", "expires_at"),
)
_notices = table(Notice)
# For the rows of `composed` about a record, by its kind, and for those that are told once.
NEW_NOTICE = {kind: Prepared(insert(_notices).inline(), *_COLUMNS, f"{kind}_id") for kind in _KIND.values()}
_ONCE = insert_new(Notice, *_COLUMNS)
_told = (_notices.c.subject == bindparam("subject")) & (_notices.c.event == bindparam("event"))
_LAST = Prepared(select(func.max(_notices.c.version).label("version")).where(_told))
# Not "state = 'pending'": SQLite would go by the index of states, through all that wait to be sent.
_state = func.coalesce(_notices.c.state, "")
_unsent = _state == "pending"
# What the carrier has may come back undelivered: a receipt must not have it sent again then.
_on_its_way = or_(_unsent, _state == "sent") & _notices.c.withdrawn_at.is_(None)
_WITHDRAW = Prepared(
    update(_notices).where(_told, _on_its_way).values(state=case((_unsent, "dropped"), else_=_notices.c.state)),
    "withdrawn_at",
)


@dataclass(frozen=True)
class Direct:
    """Somebody who is told something that belongs to no record. One `key` and event is told once a channel. `mail` is
    an address, "" where none is known."""

    mobile: str
    language: str
    key: str
    mail: str = ""

    def on(self, channel: str) -> str:
        """The recipient on a channel; "": cannot be reached there."""
        return self.mail if channel == "mail" else f"+91{self.mobile}"


def write_notice(
    session: Session,
    now: datetime,
    subject: Subject,
    event: str,
    wording: Notices | None = None,
    by: Actor = CALLER,
    **values: Any,
) -> int:
    """Write the notice about `event`, on each channel of the wording; how many, 0 when there is no text.

    What it says is taken from `subject` (`booking.facts`); `values` add to it or go before it, `expires_at` is then
    when it becomes useless. It withdraws the notices that it makes useless. Not at once in the quiet hours, but for
    answers to what the citizen just did (`by` says who did it) and what would come too late. Raises ValueError when
    something it must say is not known.
    """
    wording = wording or notices()
    if event not in wording.texts:
        return 0
    session.flush()
    known = {**facts(session, wording, subject), **values}
    name, kind = subject_of(subject), _KIND[type(subject)]
    withdraw(session, now, name, *wording.replaces.get(event, ()))
    version = (_LAST.first(session, {"subject": name, "event": event}).version or 0) + 1
    columns = {"event": event, "version": version, "expires_at": values.get("expires_at"), f"{kind}_id": subject.id}
    columns["at_once"] = wording.answers(event, by)
    rows = composed(now, Direct(subject.mobile, subject.language, name), wording, known, columns)
    for row in rows:
        NEW_NOTICE[kind].all(session, row)
    return len(rows)


def withdraw(session: Session, now: datetime, subject: Subject | str, *events: str) -> None:
    """Do not send any more, nor again, what was written about these events of `subject` (a record, or `Direct.key`).

    One that is being sent right now is noted as sent by its sender all the same: it was.
    """
    name = subject if isinstance(subject, str) else subject_of(subject)
    for event in events:
        _WITHDRAW.all(session, {"subject": name, "event": event, "withdrawn_at": now})


def notify(
    session: Session, now: datetime, to: Direct, event: str, wording: Notices | None = None, **values: Any
) -> int:
    """Write a notice that is about no record (a list of documents); the same `to.key` and event once. It withdraws
    those of the same key that it makes useless.

    How many were written, on one channel each: 0 when it was told before, or the wording has no text for the event.
    """
    wording = wording or notices()
    if event not in wording.texts or _LAST.first(session, {"subject": to.key, "event": event}).version:
        return 0
    withdraw(session, now, to.key, *wording.replaces.get(event, ()))
    rows = composed(now, to, wording, values, {"event": event, "version": 1, "at_once": wording.answers(event, CALLER)})
    return sum(_ONCE.first(session, row) is not None for row in rows)


def subject_of(subject: Subject) -> str:
    """The name of a record in the notices' table: `booking:12`."""
    return f"{_KIND[type(subject)]}:{subject.id}"


def composed(
    now: datetime, to: Direct, wording: Notices, values: Mapping[str, Any], columns: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows, by column, of the notices about an event: one for each channel on which they can be reached.

    `columns` are the row's event, version, `at_once` and what is known of it beside; raises ValueError when something
    it must say is not known.
    """
    event, language = columns["event"], to.language if to.language in LONGEST else "hi"
    expires_at = columns.get("expires_at") or _useless_from(wording, event, values)
    due_at = wording.due(now, columns["at_once"], expires_at)
    common = {"subject": to.key, "language": language, "due_at": due_at, "state": "pending", "attempts": 0}
    common |= {**columns, "expires_at": expires_at}
    return [
        {
            **common,
            "channel": channel,
            "recipient": recipient,
            **_said(wording.compose(event, language, values, channel)),
        }
        for channel in wording.channels
        if (recipient := to.on(channel))
    ]


def _said(message: Message) -> dict[str, Any]:
    return {"text": message.text, "template_id": message.template_id, "variables": message.variables}


def _useless_from(wording: Notices, event: str, known: Mapping[str, Any]) -> datetime | None:
    for end, value in (("visit", "when"), ("offer", "until")):
        if event in wording.until.get(end, ()) and isinstance(known.get(value), datetime):
            return utc(known[value])
    return None
