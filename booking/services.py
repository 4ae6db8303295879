"""The catalogue: services and cities in their order of presentation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.errors import CityNotCovered, ServiceClosed
from models.catalogue import CityRow, ServiceRow


def services(session: Session) -> list[ServiceRow]:
    """All services."""
    return list(session.scalars(select(ServiceRow).order_by(ServiceRow.position, ServiceRow.id)))


def open_services(session: Session, day: date) -> list[ServiceRow]:
    """The services offered on `day`."""
    return [s for s in services(session) if s.open_on(day)]


def cities(session: Session) -> list[CityRow]:
    """All covered cities."""
    return list(session.scalars(select(CityRow).order_by(CityRow.position, CityRow.id)))


def service_on(session: Session, service: str, day: date) -> ServiceRow:
    """The service, when offered on `day`; raises ServiceClosed."""
    row = session.get(ServiceRow, service)
    if row is None or not row.open_on(day):
        raise ServiceClosed(service)
    return row


def covered(session: Session, city: str) -> CityRow:
    """The city; raises CityNotCovered."""
    row = session.get(CityRow, city)
    if row is None:
        raise CityNotCovered(city)
    return row
