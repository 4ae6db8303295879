"""Correcting what a booking says of the citizen: name, address, PIN code, language of the notices."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.changes import Change, record
from booking.errors import BadPin, BadValue, NotAllowed
from booking.pin import pin as pin_digits
from booking.privacy import masked
from booking.stages import FINAL
from models.bookings import Booking

LONGEST_NAME, LONGEST_ADDRESS = 200, 2000  # characters


@dataclass(frozen=True)
class Details:
    """What is known of the citizen. The mobile is not among it: it is the proof of whose booking this is."""

    name: str
    address: str
    pin: str
    language: str


def correct(
    session: Session, now: datetime, booking: Booking, details: Details, actor: Actor, expected: int | None = None
) -> Booking:
    """Write `details` into `booking` (of this session), if it still has the `expected` version (default: the one it was
    read with); the same again changes nothing. The event says which of them were changed, not how. Raises BadPin,
    BadValue (too long), NotAllowed (nothing more happens to it), Conflict."""
    pin = pin_digits(details.pin)
    if pin is None:
        raise BadPin
    if len(details.name) > LONGEST_NAME or len(details.address) > LONGEST_ADDRESS:
        raise BadValue(f"name and address: at most {LONGEST_NAME} and {LONGEST_ADDRESS} characters")
    wanted = {**asdict(details), "name": _tidy(details.name), "address": _tidy(details.address), "pin": pin}
    changed = {key: value for key, value in wanted.items() if getattr(booking, key) != value}
    if not changed:
        return booking
    if booking.stage in FINAL:
        raise NotAllowed(f"correcting a booking that is {booking.stage}")
    change = Change("details", values=changed, data={"changed": sorted(changed)})
    return record(session, now, booking, actor, change, expected)


def _tidy(text: str) -> str:
    return str(masked(text)).strip()
