"""The nearest free slot for a booking that has to make way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from booking.errors import AreaNeeded, AreaUnknown, CityNotCovered
from booking.free import Room, Span, free_slots
from booking.rules import VisitRules
from booking.slots import DAYPARTS
from booking.zone import local
from models.bookings import Booking

Place = tuple[str, str]  # city and area


@dataclass
class Vacancies:
    """The free seats of places, read once each; what is given out here is not given out again."""

    now: datetime
    rules: VisitRules
    _left: dict[Place, dict[datetime, int]] = field(default_factory=dict)

    def take(self, session: Session, booking: Booking) -> datetime | None:
        """A seat for `booking` in its own city and area, not before its day; None: there is none.

        The nearest day counts most, but another part of the day than the booked one counts as a day more; then the
        nearest hour.
        """
        left = self._of(session, (booking.city_id, booking.slot.area))
        booked = local(booking.starts_at)
        fitting = [s for s, seats in left.items() if seats and s.date() >= booked.date() and _offered(booking, s)]
        best = min(fitting, key=lambda s: _far(booked, s), default=None)
        if best is not None:
            left[best] -= 1
        return best

    def lost(self, booking: Booking, start: datetime) -> None:
        """Others have taken the slot at `start`: it is not given out any more."""
        self._left[booking.city_id, booking.slot.area][start] = 0

    def _of(self, session: Session, place: Place) -> dict[datetime, int]:
        if place not in self._left:
            self._left[place] = {room.starts_at: room.seats for room in self._rooms(session, place)}
        return self._left[place]

    def _rooms(self, session: Session, place: Place) -> list[Room]:
        try:
            return free_slots(session, self.now, self.rules, Span(*place))
        except (CityNotCovered, AreaUnknown, AreaNeeded):  # the city got areas, or lost one, since the booking
            return []


def _offered(booking: Booking, start: datetime) -> bool:
    return booking.service.open_on(start.date())


def _far(booked: datetime, start: datetime) -> tuple[int, int, datetime]:
    other = _part(booked) != _part(start)
    hours = abs((start.hour - booked.hour) * 60 + start.minute - booked.minute)
    return (start.date() - booked.date()).days + other, hours, start


def _part(start: datetime) -> str:
    return next(part for part, hours in DAYPARTS.items() if start.hour in hours)
