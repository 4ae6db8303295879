"""Areas of a city: wards or rings of villages, each with its own team, hours, seats and slots."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from booking.errors import AreaNeeded, AreaUnknown, CityNotCovered
from booking.pin import pin as pin_digits
from booking.services import cities
from models.areas import Area
from models.catalogue import CityRow

_PLACE = select(CityRow, exists().where(Area.city_id == CityRow.id)).where(CityRow.id == bindparam("city"))


def areas(session: Session, city: str) -> list[Area]:
    """The areas of `city` in their order of presentation; none for most cities."""
    found = select(Area).where(Area.city_id == city).order_by(Area.position, Area.id)
    return list(session.scalars(found))


def find_area(session: Session, city: str, area: str) -> Area:
    """The area `area` of `city`; raises AreaUnknown."""
    row = session.get(Area, area) if area else None
    if row is None or row.city_id != city:
        raise AreaUnknown(f"{city}/{area}")
    return row


def areas_of_pin(session: Session, city: str, pin: str) -> list[Area]:
    """The areas of `city` in which a PIN code (any spelling) lies; several share one where wards are small."""
    digits = pin_digits(pin)
    return [a for a in areas(session, city) if digits is not None and digits in a.pins]


def check_place(session: Session, city: str, area: str) -> CityRow:
    """The city, if visits are booked at this place: a city without areas, or one area of a city that has them.

    Raises CityNotCovered, AreaUnknown, AreaNeeded (a city with areas, and none is named).
    """
    found = session.execute(_PLACE, {"city": city}).one_or_none()
    if found is None:
        raise CityNotCovered(city)
    row, parted = found
    if area:
        find_area(session, city, area)
    elif parted:
        raise AreaNeeded(city)
    return row


def places(session: Session) -> list[tuple[str, str]]:
    """Every (city, area) that has slots; the area is "" in a city without areas."""
    parts: dict[str, list[str]] = {}
    for area in session.scalars(select(Area).order_by(Area.position, Area.id)):
        parts.setdefault(area.city_id, []).append(area.id)
    return [(city.id, area) for city in cities(session) for area in parts.get(city.id, [""])]
