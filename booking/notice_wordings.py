"""The wording of notices in the store: its versions, and a new one checked before it counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking import audit
from booking.audit import Deed, Who
from booking.errors import StaleState
from booking.live_wording import Edit, of_event
from booking.templates import LONGEST, Fault, faults, placeholders
from booking.wording import Notices
from models.notice_wordings import NoticeWording

FIRST = 0  # the file's own
OWN = ("name", "helpline")  # variables that every notice may have
ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
FURTHER = ("empty", "strange", "id")  # codes of `wrong` beside those of FAULTS


def versions(session: Session, event: str) -> Sequence[NoticeWording]:
    """All versions about an event, the newest first."""
    found = select(NoticeWording).where(NoticeWording.event == event).order_by(NoticeWording.version.desc())
    return session.scalars(found).all()


def latest(session: Session) -> Mapping[str, NoticeWording]:
    """The version that counts, for every event that has any."""
    newest = select(NoticeWording.event, func.max(NoticeWording.version).label("version"))
    top = newest.group_by(NoticeWording.event).subquery()
    joined = (NoticeWording.event == top.c.event) & (NoticeWording.version == top.c.version)
    return {row.event: row for row in session.scalars(select(NoticeWording).join(top, joined))}


def edits(session: Session) -> dict[str, Edit]:
    """What counts now, by event."""
    return {event: edit_of(row) for event, row in latest(session).items()}


def edit_of(row: NoticeWording) -> Edit:
    """What a version says."""
    return Edit({str(k): str(v) for k, v in row.texts.items()}, {str(k): str(v) for k, v in row.template_ids.items()})


def wrong(own: Notices, event: str, edit: Edit) -> list[Fault]:
    """What keeps an edit from being taken. `own` is the wording of the files: only the variables that it has about the
    event are given when a notice is written."""
    found = [Fault(event, language, "empty") for language, text in edit.texts.items() if not text]
    given = {name for text in own.texts[event].values() for name in placeholders(text)} | set(OWN)
    if not found:
        found = list(faults(event, edit.texts, own.typed))
    if not found:
        for language, text in edit.texts.items():
            if foreign := sorted(set(placeholders(text)) - given):
                found.append(Fault(event, language, "strange", ", ".join(foreign)))
    return found + [Fault(event, key, "id", id) for key, id in edit.template_ids.items() if not ID.fullmatch(id)]


def evened(edit: Edit) -> Edit:
    """The same with single spaces and without empty ids."""
    texts = {language: " ".join(edit.texts.get(language, "").split()) for language in LONGEST}
    ids = {key: id.strip() for key, id in edit.template_ids.items()}
    return Edit(texts, {key: id for key, id in sorted(ids.items()) if id})


@dataclass(frozen=True)
class Change:
    """What is to be written about an event, by who saw the version `seen` of it."""

    event: str
    edit: Edit
    seen: int


def save(session: Session, now: datetime, who: Who, own: Notices, change: Change) -> int:
    """A new version, checked by the caller; its number. Noted in the audit trail. What says the same as before makes
    none. Raises StaleState when another version counts than was seen."""
    event, edit, seen = change.event, change.edit, change.seen
    row = latest(session).get(event)
    before = edit_of(row) if row else of_event(own, event)
    if (row.version if row else FIRST) != seen:
        raise StaleState(f"notice {event}")
    if edit == before:
        return seen
    texts, ids = dict(edit.texts), dict(edit.template_ids)
    new = NoticeWording(event=event, version=seen + 1, texts=texts, template_ids=ids, made_at=now, author=who.login)
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:  # another process was just as quick
        raise StaleState(f"notice {event}") from None
    audit.note(session, now, who, Deed("notice.changed", f"notice:{event}", _told(before), _told(edit)))
    return seen + 1


def _told(edit: Edit) -> dict[str, str]:
    return {**edit.texts, **{f"template {key}": id for key, id in edit.template_ids.items()}}
