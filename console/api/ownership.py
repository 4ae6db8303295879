"""Whose record it is: a citizen's program may touch only what belongs to the mobile that it states or proves."""

from __future__ import annotations

from typing import Protocol

from booking import proof, tries
from booking.changes import lock_booking
from booking.errors import NotOwner
from booking.tracking import by_number
from console.api.client import Client, client
from console.api.deps import changing, now, reading
from console.api.problems import Refused


class Owned(Protocol):
    """A record that belongs to a mobile number (ten digits)."""

    mobile: str


def permit(number: str) -> None:
    """Return when the booking `number` may be seen and changed; raises NotFound, NotOwner, Refused (locked)."""
    asking = client()
    if not asking.citizen:
        return
    with reading() as session:
        if proof.owns(by_number(session, number), asking.mobile):
            return
    if asking.last4 is None:
        raise NotOwner
    _prove(number, asking, asking.last4)


def owned_by(record: Owned) -> None:
    """Return when `record` may be seen and changed; raises NotOwner."""
    asking = client()
    if asking.citizen and asking.mobile != record.mobile:
        raise NotOwner


def _prove(number: str, asking: Client, last4: str) -> None:
    """Try the last four digits. A wrong try is written down in a transaction of its own, which must not be undone."""
    with changing() as session:
        booking = by_number(session, number)
        lock_booking(session, booking)
        until = tries.locked_until(session, now(), booking)
        if until is None:
            if proof.proves(booking, last4):
                return
            left = tries.note_wrong(session, now(), booking, asking.actor)
    if until is not None:
        raise Refused("locked", headers={"Retry-After": str(int((until - now()).total_seconds()) + 1)})
    raise NotOwner(f"{left} tries left")
