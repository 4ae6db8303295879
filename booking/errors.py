"""What can go wrong in booking: a code for the dialog, and a docstring that says what to do."""

# ruff: noqa: N818  the names say what happened
from __future__ import annotations

from inspect import cleandoc
from typing import Literal

Why = Literal["past", "closed", "too_far", "too_soon", "hours"]


class BookingError(Exception):
    """The booking cannot be made."""

    code = "error"

    def __init__(self, detail: str = "") -> None:
        sentence = cleandoc(type(self).__doc__ or "").replace("\n", " ")
        super().__init__(f"{sentence} ({detail})" if detail else sentence)
        self.detail = detail


class SlotTaken(BookingError):
    """All seats of this slot are taken: offer other slots."""

    code = "slot_taken"


class HoldLost(BookingError):
    """The held seat has expired and is no longer free: say so and offer new slots."""

    code = "hold_lost"


class SlotClosed(BookingError):
    """No visit can be booked at this time: offer slots that `find` returns."""

    code = "slot_closed"

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class ServiceClosed(BookingError):
    """The service is not offered on that day: name the services that are, or another day."""

    code = "service_closed"


class CityNotCovered(BookingError):
    """The city is not covered by the scheme: say so kindly and name the covered cities."""

    code = "city_not_covered"


class AreaUnknown(BookingError):
    """The city has no such area: name its areas."""

    code = "area_unknown"


class AreaNeeded(BookingError):
    """This city is served area by area: ask for the ward, the village or the PIN code and name the area."""

    code = "area_needed"


class BadMobile(BookingError):
    """Not an Indian mobile number: ask for ten digits that begin with 6, 7, 8 or 9."""

    code = "bad_mobile"


class BadPin(BookingError):
    """Not a PIN code: ask for six digits of which the first is not 0."""

    code = "bad_pin"


class NotFound(BookingError):
    """There is no such record: check the number and ask for it again."""

    code = "not_found"


class StaleState(BookingError):
    """Another process has changed this conversation meanwhile: load it again and repeat the step."""

    code = "stale_state"


class NobodyFree(BookingError):
    """No executive can come at this time: add one to the team, name another, or offer another slot."""

    code = "nobody_free"


class NotAllowed(BookingError):
    """This record cannot go there from where it stands, or not by this person: look at its stage and try again."""

    code = "not_allowed"


class TooLate(BookingError):
    """The time limit for this has passed: an agent can help."""

    code = "too_late"


class TooEarly(BookingError):
    """This is not possible yet: say from which day on it is."""

    code = "too_early"


class NotOwner(BookingError):
    """This record belongs to another mobile number: ask for its number and the last four digits of the mobile."""

    code = "not_owner"


class Conflict(BookingError):
    """Somebody else has changed this record meanwhile: read it again and decide anew."""

    code = "conflict"


class BadValue(BookingError):
    """A value is not of the form that is asked for: correct it."""

    code = "bad_value"


class SendFailed(Exception):
    """The carrier did not take a message. `permanent` True: trying again is useless; else it is tried again later."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class AccountRefused(SendFailed):
    """The carrier refuses our account, whatever is sent: mend it or its credentials, and what waits is sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=False)
