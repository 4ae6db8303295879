"""What the pages of the calendar share: their words, who may do what, and names of places and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_date, format_datetime, get_day_names
from flask import Response, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.accounts.roles import ADMINISTRATOR, EDITOR, PUBLISHER
from booking.services import cities, services
from console import menu, showing
from console.accounts.parts import said
from console.language import language
from console.person import person
from console.words import Words, load
from ivr.gate import open_to
from models.areas import Area

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))

for_readers = open_to(EDITOR, PUBLISHER, ADMINISTRATOR)
for_keepers = open_to(PUBLISHER, ADMINISTRATOR)  # what they change holds at once


@dataclass(frozen=True)
class Names:
    """Names of cities, areas (id: its city and name) and services in the page's language."""

    cities: Mapping[str, str]
    areas: Mapping[str, tuple[str, str]]
    services: Mapping[str, str]

    def place(self, city: str, area: str = "") -> str:
        """A place for people; "" for everywhere."""
        return " · ".join(part for part in (self.cities.get(city, city), self.areas.get(area, ("", area))[1]) if part)

    def places(self) -> list[tuple[str, str]]:
        """All places as a form has them (`city/area`), with their names."""
        found = []
        for city in self.cities:
            found.append((f"{city}/", self.place(city)))
            found += [(f"{city}/{area}", self.place(city, area)) for area, (of, _) in self.areas.items() if of == city]
        return found


def names_of(session: Session) -> Names:
    """Those of the store."""
    spoken = language()
    areas = session.scalars(select(Area).order_by(Area.position, Area.id))
    return Names(
        {row.id: getattr(row, spoken) for row in cities(session)},
        {row.id: (row.city_id, getattr(row, spoken)) for row in areas},
        {row.id: getattr(row, spoken) for row in services(session)},
    )


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page of the calendar."""
    named, short = weekdays("wide"), weekdays("abbreviated")
    choices = [*((str(n), name) for n, name in enumerate(named)), ("day", WORDS[language()]["one_day"])]
    return showing.show(f"closures/{template}.html", WORDS, status, said=said(), may=_may, on=on, clock=clock,
                        yearly=yearly, weekdays=named, weekdays_short=short, days_of_form=choices,
                        **values)  # fmt: skip


def _may(endpoint: str) -> bool:
    """Whether who asks may use the route."""
    return menu.opens(current_app, person(), f"calendar.{endpoint}")


def on(day: date, form: str = "EEE d MMM y") -> str:
    """A day as people read it in the page's language."""
    return str(format_date(day, form, locale=language()))


def yearly(text: str) -> str:
    """The date of every year (MM-DD) as people read it in the page's language."""
    return on(date.fromisoformat(f"2024-{text}"), "d MMMM")


def clock(moment: datetime) -> str:
    """Day and time, local, as people read it in the page's language."""
    return str(format_datetime(moment, "EEE d MMM, HH:mm", locale=language()))


def weekdays(width: Literal["wide", "abbreviated"]) -> list[str]:
    """Their names, Monday first."""
    named = get_day_names(width, "stand-alone", language())
    return [str(named[n]) for n in range(7)]
