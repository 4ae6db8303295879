"""The catalogue as the dialog sees it: services and cities with their names, free of any store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Language = Literal["hi", "en"]
LANGUAGES: tuple[Language, ...] = ("hi", "en")


@dataclass(frozen=True)
class Service:
    """A certificate or permit delivered at home.

    `fee` is the department's fee in rupees and `days` its time limit in working days; None means not known.
    `confirmed` False marks sample data that must never be spoken as certain.
    `documents` are ids whose spoken names stand in the prompts (`document.<id>`).
    """

    id: str
    hi: str
    en: str
    fee: int | None = None
    days: int | None = None
    documents: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    confirmed: bool = False

    def name(self, language: Language) -> str:
        """The official name in `language`."""
        return self.hi if language == "hi" else self.en

    def open_on(self, day: date) -> bool:
        """Whether the service is offered on `day` (`since` and `until` are both inclusive)."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Area:
    """A part of a city with its own team: wards, or a ring of villages, whose names are `places`."""

    id: str
    hi: str
    en: str
    places: tuple[str, ...] = ()

    def name(self, language: Language) -> str:
        """The name in `language`."""
        return self.hi if language == "hi" else self.en


@dataclass(frozen=True)
class City:
    """An urban local body that the scheme covers; `also` lists other spellings in public use, `areas` its parts where
    it has any."""

    id: str
    hi: str
    en: str
    district: str = ""
    also: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()

    def name(self, language: Language) -> str:
        """The name in `language`."""
        return self.hi if language == "hi" else self.en


@dataclass(frozen=True)
class Catalogue:
    """All services and cities, in their order of presentation."""

    services: tuple[Service, ...]
    cities: tuple[City, ...]

    @cached_property
    def service(self) -> dict[str, Service]:
        """Services by id."""
        return {s.id: s for s in self.services}

    @cached_property
    def city(self) -> dict[str, City]:
        """Cities by id."""
        return {c.id: c for c in self.cities}

    @cached_property
    def area(self) -> dict[str, Area]:
        """Areas of all cities by id."""
        return {a.id: a for c in self.cities for a in c.areas}
