"""A form of a record's page that was not taken, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from booking.errors import BadValue, BookingError, Conflict
from console.desk.forms.parts import Problem, Problems


@dataclass(frozen=True)
class Again:
    """The form's name, what is wrong with it, whether somebody else was quicker."""

    form: str = ""
    problems: Problems = field(default_factory=dict)
    conflict: bool = False


def refused(form: str, error: BookingError, fields: dict[str, str]) -> Again:
    """What the page says of `error`; `fields` has the field for its code, and for a bad value for the value's name."""
    if isinstance(error, Conflict):
        return Again(form, {"": Problem("conflict")}, conflict=True)
    name = error.detail.partition(":")[0] if isinstance(error, BadValue) else error.code
    return Again(form, {fields.get(name, ""): Problem(error.code)})
