"""Who has a record open on the screen: agents in the same booking see each other. It keeps nobody from anything; that
nothing is overwritten is the version's affair."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.bookings import Booking
from models.complaints import Complaint
from models.viewings import Viewing

GONE = timedelta(seconds=30)  # without a sign of life a page has been closed; pages give one every few seconds
FORGOTTEN = timedelta(hours=1)


def looks(session: Session, now: datetime, subject: str, agent: str) -> None:
    """A page of `agent` shows `subject`; to be said again while it does. Who was gone opens it anew."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(delete(Viewing).where(Viewing.seen_at < now - FORGOTTEN))
    mine = (Viewing.subject == subject) & (Viewing.agent == agent)
    session.execute(delete(Viewing).where(mine, Viewing.seen_at < now - GONE))
    row = insert(Viewing).values(subject=subject, agent=agent, since=now, seen_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["subject", "agent"], set_={"seen_at": now}))


def stands(session: Session) -> list[tuple[str, str, datetime, int | None]]:
    """Which records are open, by whom, since when, and in which version they are now: whoever shows one of them asks
    anew when this changes."""
    rows = list(session.scalars(select(Viewing).order_by(Viewing.subject, Viewing.agent)))
    versions = {**_versions(session, Booking, rows), **_versions(session, Complaint, rows)} if rows else {}
    return [(row.subject, row.agent, row.since, versions.get(row.subject.partition(":")[2])) for row in rows]


def _versions(session: Session, table: type[Booking] | type[Complaint], rows: list[Viewing]) -> dict[str, int]:
    numbers = {row.subject.partition(":")[2] for row in rows}
    found = session.execute(select(table.number, table.version).where(table.number.in_(numbers)))
    return {number: version for number, version in found}  # noqa: C416  a row is no pair for mypy


def others(session: Session, now: datetime, subject: str, agent: str) -> list[Viewing]:
    """Who else has `subject` open at `now`, who came first first."""
    there = (Viewing.subject == subject) & (Viewing.agent != agent) & (Viewing.seen_at > now - GONE)
    return list(session.scalars(select(Viewing).where(there).order_by(Viewing.since, Viewing.agent)))
