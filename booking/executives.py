"""Executives: who they are, and their appointments."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.roster import day_bounds
from models.executives import Executive, Visit


def executives(session: Session, city: str | None = None) -> list[Executive]:
    """All executives, or those of `city`, by city and id."""
    found = select(Executive).order_by(Executive.city_id, Executive.id)
    return list(session.scalars(found if city is None else found.where(Executive.city_id == city)))


def find_executive(session: Session, executive: str) -> Executive:
    """The executive with this number on the identity card; raises NotFound."""
    row = session.get(Executive, executive)
    if row is None:
        raise NotFound(f"executive {executive[:20]}")
    return row


def visits_on(session: Session, executive: str, day: date) -> list[Visit]:
    """The appointments of `executive` on the local `day` in time order, without those called off."""
    first, end = day_bounds(day)
    mine = select(Visit).where(Visit.executive_id == executive, Visit.starts_at >= first, Visit.starts_at < end)
    return list(session.scalars(mine.where(Visit.state != "dropped").order_by(Visit.starts_at, Visit.id)))
