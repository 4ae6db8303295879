"""Executives, who visit. Their absences are not touched here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.absences import relieve
from booking.actors import Actor
from booking.assigning import Report
from booking.executives import executives
from booking.phone import mobile as mobile_digits
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark, Wrong, remark
from booking.sheets.values import day, number
from booking.tables.areas import Areas
from booking.tables.parts import city_choices, city_reader, in_order, listed, text
from booking.tables.table import Cells, Choice, Column, Hand, InUse, Removable, meanings
from models.executives import Absence, Executive

NAME, CARD = 25, 12  # characters: more would be cut in the notice that tells who comes
MOST = 24  # visits a day
DEVANAGARI = "\u0900-\u0963\u0970-\u097f\u200c\u200d"  # letters and signs, without digits and danda
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HINDI = ("सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि")
WEEKDAYS = tuple(Choice(day, hi, day.capitalize()) for day, hi in zip(DAYS, HINDI, strict=True))


def area_choices(session: Session) -> list[Choice]:
    """All areas; none is all of the city."""
    every = [Choice(area.id, area.hi, area.en) for area in Areas().rows(session)]
    return [Choice("", "पूरा शहर", "the whole city"), *every]


class Executives(Removable[Executive]):
    """Visits that a changed executive cannot make any more go to others."""

    name = "executives"
    columns = (
        Column("id", needed=True),
        Column("hi", needed=True),
        Column("en", needed=True),
        Column("mobile", needed=True, private=True),
        Column("city", "choice", needed=True, choices=city_choices),
        Column("area", "choice", choices=area_choices),
        Column("weekdays", "choices", needed=True, choices=lambda _: WEEKDAYS),
        Column("capacity", "number", needed=True),
        Column("since", "date"),
        Column("until", "date"),
    )
    once = ("mobile",)

    def rows(self, session: Session) -> Sequence[Executive]:
        """By city and id."""
        return executives(session)

    def cells(self, row: Executive) -> Cells:
        """An empty area is all of the city."""
        return {
            "id": row.id,
            "hi": row.hi,
            "en": row.en,
            "mobile": row.mobile,
            "city": row.city_id,
            "area": row.area,
            "weekdays": listed([DAYS[n] for n in row.weekdays]),
            "capacity": str(row.capacity),
            "since": text(row.since),
            "until": text(row.until),
        }

    def reader(self, session: Session) -> Callable[[Line], Executive]:
        """An area must be one of the executive's city."""
        city, places = city_reader(session), Areas().rows(session)
        areas = {c.value: [a.id for a in places if a.city_id == c.value] for c in city_choices(session)}
        named = meanings(area_choices(session))

        def read(line: Line) -> Executive:
            written = line.cells.get("area", "")
            row = Executive(
                id=line.value("id", _card, ""),
                hi=line.value("hi", _hindi, ""),
                en=line.value("en", _english, ""),
                mobile=line.value("mobile", _mobile, ""),
                city_id=city(line),
                area=named.get(written.casefold(), written),
                weekdays=line.value("weekdays", weekdays, list[int]()),
                capacity=line.value("capacity", number(1, MOST), 0),
                since=line.value("since", day, None),
                until=line.value("until", day, None),
            )
            _check_area(line, row, areas)
            in_order(line, row.since, row.until)
            return row

        return read

    def take_out(self, session: Session, key: str) -> None:
        """Only who has never had a visit."""
        try:
            with session.begin_nested():
                session.execute(delete(Absence).where(Absence.executive_id == key))
                session.execute(delete(Executive).where(Executive.id == key))
        except IntegrityError:
            raise InUse(remark("in_use_until")) from None

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """Others take over visits, and citizens are told."""
        report, actor = Report(), Actor("admin", hand.who.login.replace(" ", "-"))
        for executive in sorted(changed):
            report += relieve(session, hand.now, executive, actor, "team changed", hand.wording)
        told = [remark("visits_given", n=report.assigned)] if report.assigned else []
        free = [remark("nobody_free", numbers=", ".join(report.nobody_free))] if report.nobody_free else []
        return told + free


def weekdays(text: str) -> list[int]:
    """Working days: `mon-sat`, `mon wed fri`, `सोम-शनि`, `all`; 0 is Monday. Raises Wrong."""
    words = re.split(r"[\s,;]+", text.lower().strip(" ,;"))
    if words == ["all"]:
        return list(range(7))
    found: set[int] = set()
    for word in words:
        first, _, last = word.partition("-")
        begin, end = _weekday(first), _weekday(last or first)
        if begin is None or end is None:
            raise Wrong("no_weekdays", text=text)
        found.update(n % 7 for n in range(begin, end + 1 if end >= begin else end + 8))
    return sorted(found)


def _weekday(word: str) -> int | None:
    """The number of a day by its beginning; whole names begin so, too."""
    return next((n for n in range(7) if word.startswith((DAYS[n], HINDI[n]))), None)


def _check_area(line: Line, row: Executive, areas: Mapping[str, Collection[str]]) -> None:
    there = areas.get(row.city_id)
    if row.area and there is not None and row.area not in there:
        code = "no_area" if there else "no_areas_there"
        line.wrong("area", code, text=row.area, city=row.city_id, some=", ".join(there))


def _card(text: str) -> str:
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9/.-]{{0,{CARD - 1}}}", text):
        raise Wrong("no_card", text=text, most=CARD)
    return text


def _hindi(text: str) -> str:
    if len(text) > NAME or not re.fullmatch(f"[{DEVANAGARI} .-]+", text) or not re.search("[अ-ह]", text):
        raise Wrong("no_hindi", text=text, most=NAME)
    return text


def _english(text: str) -> str:
    if len(text) > NAME or not re.fullmatch(r"[A-Za-z][A-Za-z .\-]*", text):
        raise Wrong("no_english", text=text, most=NAME)
    return text


def _mobile(text: str) -> str:
    digits = mobile_digits(text)
    if digits is None:
        raise Wrong("no_mobile")
    return digits
