"""Hours and seats of a weekday or a day, of a city, an area or everywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

from booking.calendar_fields import MOST_SEATS
from booking.day_rules import day_rules
from booking.sheets.lines import Line
from booking.sheets.remarks import Remark
from booking.sheets.values import number, optional
from booking.tables.areas import Areas
from booking.tables.dated import Dated
from booking.tables.dates import (
    EVERYWHERE,
    MONDAY,
    place_choices,
    place_reader,
    reason,
    weekday_or_day,
    when_text,
)
from booking.tables.executives import area_choices
from booking.tables.following import followed
from booking.tables.parts import HOURS, text
from booking.tables.table import Cells, Column, Hand
from models.opening import DayRule


class Days(Dated[DayRule]):
    """Empty cells keep what holds otherwise; equal hours mean that nobody visits."""

    name = "days"
    columns = (
        Column("when", needed=True),
        Column("city", "choice", needed=True, choices=place_choices),
        Column("area", "choice", choices=area_choices),
        *HOURS,
        Column("reason"),
    )
    keys = ("when", "city", "area")

    def rows(self, session: Session) -> Sequence[DayRule]:
        """Weekdays, then days."""
        return day_rules(session)

    def cells(self, row: DayRule) -> Cells:
        """`when` is a weekday or a day."""
        own = {column.name: text(getattr(row, column.name)) for column in HOURS}
        place = {"city": row.city_id or EVERYWHERE, "area": row.area}
        return {"when": when_text(row.weekday, row.day), **place, **own, "reason": row.reason}

    def reader(self, session: Session) -> Callable[[Line], DayRule]:
        """Both hours or none, and something that is its own."""
        place, follow = place_reader(session), self.follower(session)
        areas = {area.id: area.city_id for area in Areas().rows(session)}

        def read(line: Line) -> DayRule:
            weekday, on = line.value("when", weekday_or_day, MONDAY)
            row = DayRule(weekday=weekday, day=on, city_id=place(line), area=line.cells.get("area", ""),
                          reason=line.value("reason", reason, ""), **_own(line))  # fmt: skip
            if row.area and areas.get(row.area) != row.city_id:
                some = ", ".join(area for area, city in areas.items() if city == row.city_id)
                line.wrong("area", "no_area", text=row.area, city=row.city_id or EVERYWHERE, some=some or "-")
            return follow(row)

        return read

    def settle(self, session: Session, hand: Hand, new: Collection[str], changed: Collection[str]) -> Sequence[Remark]:
        """Longer hours have more slots; bookings outside of shorter ones are the desk's work."""
        return followed(session, hand)


def _own(line: Line) -> dict[str, int | None]:
    first, last = (line.value(name, optional(number(0, 24)), None) for name in ("first_slot_h", "last_end_h"))
    seats = line.value("seats", optional(number(0, MOST_SEATS)), None)
    if (first is None) != (last is None):
        line.wrong("last_end_h" if last is None else "first_slot_h", "both_hours")
    elif first is not None and last is not None and first > last:
        line.wrong("last_end_h", "end_before_begin")
    if not line.problems and first is last is seats is None:
        line.wrong("seats", "nothing_own")
    return {"first_slot_h": first, "last_end_h": last, "seats": seats}
