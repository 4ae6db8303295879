"""The way between the forms of one call: a new booking, a complaint, the caller's records."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking.desk.card import Caller, who_calls
from console.desk.forms.source import Source, Talk, talk


@dataclass(frozen=True)
class Nav:
    """Where one is (new, complaint, records, record), the conversation, and what the caller has already."""

    here: str
    source: Source
    caller: Caller | None


def nav(session: Session, of: Source, spoken: Talk, here: str) -> Nav:
    """For a form of the conversation `spoken`."""
    return Nav(here, of, who_calls(session, spoken.caller, spoken.conversation) if spoken.caller else None)


def record_nav(session: Session, of: Source) -> Nav:
    """For the page of a record. Raises NotFound."""
    return nav(session, of, talk(session, of), "record")
