"""The beginning of a store: catalogue, cities, closed days, escalation, slots. Only what is missing is added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.rules import VisitRules
from booking.seats import ensure_slots
from models.base import Base
from models.catalogue import CityRow, ServiceRow
from models.complaints import EscalationLevel
from models.opening import Closure
from models.seed.read import read

SERVICE_FIELDS = ("id", "hi", "en", "fee", "days", "documents", "since", "until")
CITY_FIELDS = ("id", "hi", "en", "district", "also")


def seed(session: Session, now: datetime, rules: VisitRules) -> None:
    """Add the missing services, cities, yearly closures and slots; what is there, edited or not, stays.

    Levels of escalation only where there are none, as a level that was deleted shall stay deleted.
    """
    services = [_row(s, SERVICE_FIELDS, n) | {"confirmed": False} for n, s in enumerate(read("services"))]
    _add(session, ServiceRow, services)
    _add(session, CityRow, [_row(c, CITY_FIELDS, n) for n, c in enumerate(read("cities"))])
    _add(session, Closure, [_closure(day) for day in rules.closed])
    if session.scalar(select(EscalationLevel.id).limit(1)) is None:
        _add(session, EscalationLevel, read("escalation"))
    ensure_slots(session, now, rules)


def _row(entry: dict[str, Any], fields: tuple[str, ...], position: int) -> dict[str, Any]:
    return {field: entry.get(field) for field in fields} | {"position": position}


def _closure(yearly: str) -> dict[str, Any]:
    return {"id": f"yearly-{yearly}", "yearly": yearly, "reason": "", "lifted": False}


def _add(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if rows:
        session.execute(insert(table).on_conflict_do_nothing(), rows)
