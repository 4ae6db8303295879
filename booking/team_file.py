"""The team as a CSV file: every row is checked before any executive is taken over."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.absences import relieve
from booking.actors import Actor
from booking.areas import areas
from booking.assigning import Report
from booking.executives import save
from booking.notices import Notices
from booking.phone import mobile as mobile_digits
from booking.services import cities
from booking.sheets import Line, Problem, SheetError, day, lines, number
from models.executives import Executive

NEEDED = ("id", "hi", "en", "mobile", "city", "weekdays", "capacity")
FURTHER = ("area", "since", "until")
NAME, CARD = 25, 12  # characters: more would be cut in the notice that tells who comes
MOST = 24  # visits a day
DEVANAGARI = "\u0900-\u0963\u0970-\u097f\u200c\u200d"  # letters and signs, without digits and danda
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_Places = Mapping[str, Collection[str]]  # areas by city


@dataclass(frozen=True)
class TakenOver:
    """What a file changed: ids of new and of changed executives, and what became of visits these cannot make now."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    visits: Report


def read_team(session: Session, data: bytes) -> tuple[list[Executive], list[Problem]]:
    """The executives in a CSV file with the columns NEEDED and FURTHER, and all that is wrong with it.

    Nothing is stored, and nothing may be while there is a problem.
    """
    places = {city.id: [a.id for a in areas(session, city.id)] for city in cities(session)}
    team, problems = [], []
    seen: dict[tuple[str, str], int] = {}
    try:
        for line in lines(data, NEEDED, FURTHER):
            team.append(_executive(line, places))
            for column in ("id", "mobile"):
                _check_once(line, column, str(getattr(team[-1], column)), seen)
            problems += line.problems
    except SheetError as error:
        problems.append(error.problem)
    if not team and not problems:
        problems.append(Problem(0, "", "has no executives: add a row for each below the heading."))
    return team, problems


def take_over(
    session: Session, now: datetime, team: Collection[Executive], actor: Actor, wording: Notices | None = None
) -> TakenOver:
    """Store a team that `read_team` found right; visits that changed executives cannot make now go to others."""
    new, changed = save(session, team)
    report = Report()
    for executive in sorted(changed):
        report += relieve(session, now, executive, actor, "team changed", wording)
    return TakenOver(tuple(new), tuple(changed), report)


def weekdays(text: str) -> list[int]:
    """Working days: `mon-sat`, `mon wed fri`, `all`; 0 is Monday. Raises ValueError."""
    words = text.lower().replace(",", " ").split()
    if words == ["all"]:
        return list(range(7))
    found: set[int] = set()
    for word in words:
        first, _, last = word.partition("-")
        if first[:3] not in DAYS or (last or first)[:3] not in DAYS:
            raise ValueError(f"{text!r}: write days such as mon-sat, mon wed fri, or all.")
        begin, end = DAYS.index(first[:3]), DAYS.index((last or first)[:3])
        found.update(n % 7 for n in range(begin, end + 1 if end >= begin else end + 8))
    if not found:
        raise ValueError("write days such as mon-sat, mon wed fri, or all.")
    return sorted(found)


def _executive(line: Line, places: _Places) -> Executive:
    row = Executive(
        id=line.value("id", _card, ""),
        hi=line.value("hi", _hindi, ""),
        en=line.value("en", _english, ""),
        mobile=line.value("mobile", _mobile, ""),
        city_id=line.cells.get("city", ""),
        area=line.cells.get("area", ""),
        weekdays=line.value("weekdays", weekdays, list[int]()),
        capacity=line.value("capacity", number(1, MOST), 0),
        since=line.value("since", day, None),
        until=line.value("until", day, None),
    )
    if row.city_id not in places:
        line.wrong("city", f"{row.city_id!r} is not covered: write the id of a covered city, such as raipur.")
    elif row.area and row.area not in places[row.city_id]:
        some = ", ".join(places[row.city_id]) or "none, leave it empty"
        line.wrong("area", f"{row.area!r} is no area of {row.city_id}; there are: {some}.")
    if row.since and row.until and row.until < row.since:
        line.wrong("until", "lies before since: correct one of them.")
    return row


def _check_once(line: Line, column: str, value: str, seen: dict[tuple[str, str], int]) -> None:
    first = seen.setdefault((column, value), line.row)
    if value and first != line.row:
        line.wrong(column, f"is the same as in row {first}: correct one of them.")


def _card(text: str) -> str:
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9/.-]{{0,{CARD - 1}}}", text):
        raise ValueError(f"{text!r}: write the number on the identity card, at most {CARD} letters, digits, - . or /.")
    return text


def _hindi(text: str) -> str:
    if len(text) > NAME or not re.fullmatch(f"[{DEVANAGARI} .-]+", text) or not re.search("[अ-ह]", text):
        raise ValueError(f"{text!r}: write the name in Devanagari, at most {NAME} characters.")
    return text


def _english(text: str) -> str:
    if len(text) > NAME or not re.fullmatch(r"[A-Za-z][A-Za-z .\-]*", text):
        raise ValueError(f"{text!r}: write the name in Latin letters, at most {NAME} characters.")
    return text


def _mobile(text: str) -> str:
    digits = mobile_digits(text)
    if digits is None:
        raise ValueError("write ten digits that begin with 6, 7, 8 or 9, in a column formatted as text.")
    return digits
