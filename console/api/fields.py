"""Kinds of values in paths, queries and bodies: their form is checked here, once."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from booking.numbers import Kind, kind_of

FIRST_YEAR, LAST_YEAR = 2000, 2100  # what lies outside is a mistake, and overflows when zones are applied
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
BAD_NUMBER = "the check digit does not fit: compare the number with what was sent to the citizen"


class Input(BaseModel):
    """What is sent: nothing beyond the description, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """Parameters in the address; they are texts, so numbers and days are read from them."""

    model_config = ConfigDict(extra="forbid")


class Path(BaseModel):
    """Parts of the path."""

    model_config = ConfigDict(extra="forbid")


def _of_form(pattern: str, what: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise PydanticCustomError("form", "must be {what}", {"what": what})
        return value

    return BeforeValidator(check)


def _year(value: Any) -> Any:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("year", "the year must be from {first} to {last}",
                                  {"first": FIRST_YEAR, "last": LAST_YEAR})  # fmt: skip
    return value


def _clean(value: str) -> str:
    """The text without outer spaces; control characters are refused (PostgreSQL cannot store NUL)."""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        raise PydanticCustomError("control", "must not contain control characters")
    return value.strip()


def _filled(value: str) -> str:
    if not value:
        raise PydanticCustomError("empty", "must not be empty")
    return value


def _number_of(kind: Kind) -> AfterValidator:
    def check(value: str) -> str:
        if kind_of(value) != kind:
            raise PydanticCustomError("bad_number", BAD_NUMBER)
        return value

    return AfterValidator(check)


# The form is checked first, and strictly: pydantic alone would also take seconds since 1970 for a time.
Day = Annotated[date, Field(strict=False), _of_form(DAY, "a day, 2026-11-23"), AfterValidator(_year)]
WITH_ZONE = "a time with its zone, 2026-11-23T10:00+05:30"
Moment = Annotated[AwareDatetime, Field(strict=False), _of_form(MOMENT, WITH_ZONE), AfterValidator(_year)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_clean)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_clean)]
FullText = Annotated[Text, Field(min_length=1), AfterValidator(_filled)]
FullLine = Annotated[Line, Field(min_length=1), AfterValidator(_filled)]
Spelt = Annotated[str, Field(max_length=40), AfterValidator(_clean)]
"""A number as people write it: the domain says whether it is one."""
BookingNumber = Annotated[str, Field(pattern=r"^[1-9][0-9]{7}$"), _number_of("booking")]
ComplaintNumber = Annotated[str, Field(pattern=r"^3[0-9]{8}$"), _number_of("complaint")]
AppealNumber = Annotated[str, Field(pattern=r"^5[0-9]{8}$"), _number_of("appeal")]
Rating = Annotated[int, Field(ge=1, le=5)]
Language = Literal["hi", "en"]
Daypart = Literal["morning", "afternoon", "evening"]


class Named(BaseModel):
    """A name in both languages."""

    hi: str
    en: str
