"""The areas of cities as a CSV file: every row is checked before any area is taken over."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.pin import pin as pin_digits
from booking.services import cities
from booking.sheets import Line, Problem, SheetError, lines, number
from models.areas import Area

NEEDED = ("id", "city", "hi", "en", "kind")
FURTHER = ("places", "pins", "first_slot_h", "last_end_h", "seats")
KINDS = ("ward", "ring")
LONGEST = 60  # characters of a name


def read_areas(session: Session, data: bytes) -> tuple[list[Area], list[Problem]]:
    """The areas in a CSV file with the columns NEEDED and FURTHER, and all that is wrong with it.

    Nothing is stored, and nothing may be while there is a problem. Their position is their place in the file.
    """
    covered = {city.id for city in cities(session)}
    homes = {area.id: area.city_id for area in session.scalars(select(Area))}
    found: list[Area] = []
    problems: list[Problem] = []
    try:
        for line in lines(data, NEEDED, FURTHER):
            found.append(_area(line, covered, homes, len(found)))
            if found[-1].id in {a.id for a in found[:-1]}:
                line.wrong("id", "stands in an earlier row, too: correct one of them.")
            problems += line.problems
    except SheetError as error:
        problems.append(error.problem)
    if not found and not problems:
        problems.append(Problem(0, "", "has no areas: add a row for each below the heading."))
    return found, problems


def save_areas(session: Session, found: Collection[Area]) -> None:
    """Add new areas and change known ones. Their slots are made by `seats.ensure_slots`."""
    for area in found:
        session.merge(area)
    session.flush()


def _area(line: Line, covered: Collection[str], homes: Mapping[str, str], position: int) -> Area:
    area = Area(
        id=line.value("id", _id, ""),
        city_id=line.cells.get("city", ""),
        hi=line.value("hi", _hindi, ""),
        en=line.value("en", _english, ""),
        kind=line.cells.get("kind", ""),
        places=[p for p in (part.strip() for part in re.split(r"[;|]", line.cells.get("places", ""))) if p],
        pins=line.value("pins", _pins, list[str]()),
        first_slot_h=line.value("first_slot_h", _own(0, 23), None),
        last_end_h=line.value("last_end_h", _own(1, 24), None),
        seats=line.value("seats", _own(0, 100), None),
        position=position,
    )
    if area.city_id not in covered:
        line.wrong("city", f"{area.city_id!r} is not covered: write the id of a covered city, such as raipur.")
    elif homes.get(area.id, area.city_id) != area.city_id:
        line.wrong("city", f"the area belongs to {homes[area.id]} and has slots there: give this one another id.")
    if area.kind not in KINDS:
        line.wrong("kind", f"{area.kind!r}: write {' or '.join(KINDS)}.")
    if area.first_slot_h is not None and area.last_end_h is not None and area.first_slot_h >= area.last_end_h:
        line.wrong("last_end_h", "is not after first_slot_h: correct one of them.")
    return area


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,29}", text):
        raise ValueError(f"{text!r}: write small Latin letters, digits, - and _, at most 30.")
    return text


def _hindi(text: str) -> str:
    if len(text) > LONGEST or not re.search("[अ-ह]", text):
        raise ValueError(f"{text!r}: write the name in Devanagari, at most {LONGEST} characters.")
    return text


def _english(text: str) -> str:
    if len(text) > LONGEST or not re.search("[A-Za-z]", text) or not text.isascii():
        raise ValueError(f"{text!r}: write the name in Latin letters, at most {LONGEST} characters.")
    return text


def _pins(text: str) -> list[str]:
    found = [(word, pin_digits(word)) for word in re.split(r"[\s;|,]+", text) if word]
    wrong = [word for word, digits in found if digits is None]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: write PIN codes of six digits with spaces between them.")
    return [digits for _, digits in found if digits]


def _own(least: int, most: int) -> Callable[[str], int | None]:
    """A reader of a whole number, or None for an empty cell: the city's holds."""
    read = number(least, most)
    return lambda text: read(text) if text else None
