"""What an agent has typed into a form and not sent: kept as it is typed, so that a lost page loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.errors import Conflict
from booking.privacy import masked
from models.unsent import Unsent


@dataclass(frozen=True)
class Place:
    """Which form of whom: the agent's account, what it is about (`handoff:7`), the form's name."""

    agent: str
    subject: str
    form: str


def find(session: Session, place: Place) -> Unsent | None:
    """What was typed there; None: nothing ever was."""
    return session.get(Unsent, (place.agent, place.subject, place.form), populate_existing=True)


def latest(session: Session, agent: str, subject: str) -> str:
    """The form about this into which the agent has typed last, and not sent it; "" none."""
    mine = select(Unsent).where(Unsent.agent == agent, Unsent.subject == subject)
    rows = session.scalars(mine.order_by(Unsent.updated_at.desc()))
    return next((row.form for row in rows if row.fields), "")


def keep(session: Session, now: datetime, place: Place, fields: Mapping[str, str], version: int) -> int:
    """Keep what stands in the form; returns the new version. `version` is the one on which it was typed (0: there was
    none); raises Conflict when something else was typed, or sent, from another page meanwhile."""
    kept = masked(dict(fields))
    if version == 0:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = insert(Unsent).values(**vars(place), fields=kept, version=1, updated_at=now)
        found = session.scalar(row.on_conflict_do_nothing().returning(Unsent.version))
    else:
        this = update(Unsent).where(*_at(place), Unsent.version == version).returning(Unsent.version)
        change = this.values(fields=kept, version=version + 1, updated_at=now)
        found = session.scalar(change.execution_options(synchronize_session=False))
    if found is None:
        raise Conflict(f"{place.form} of {place.subject}, version {version}")
    return int(found)


def sent(session: Session, now: datetime, place: Place) -> None:
    """The form was sent, or is begun anew: nothing of it is kept, and what an older page still sends is refused."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Unsent).values(**vars(place), fields={}, version=1, updated_at=now)
    keys = ["agent", "subject", "form"]
    again = {"fields": {}, "version": Unsent.version + 1, "updated_at": now}
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=again))


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return Unsent.agent == place.agent, Unsent.subject == place.subject, Unsent.form == place.form
