"""Hours and seats by weekday and day: what wins, and that every way to a seat keeps to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from booking.calendar import calendar, on_day
from booking.errors import SlotClosed, SlotTaken
from booking.free import Span, free_slots
from booking.moving import move
from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.slots import Wish, find
from booking.zone import local
from models.areas import Area
from models.bookings import Booking
from models.opening import CityHours, Closure, DayRule
from models.slots import Slot
from models.store import Store
from tests.booking.test_changes import AGENT
from tests.booking.town import NOW, RULES, TEN, at, holds, holds_and_books

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def rule(**values: Any) -> DayRule:
    blank = dict.fromkeys(("weekday", "day", "first_slot_h", "last_end_h", "seats"))
    return DayRule(**{"city_id": "raipur", "area": "", **blank, **values})


def keeps(store: Store, *rows: Any) -> None:
    with store.begin() as session:
        session.add_all(rows)


def hours(rules: VisitRules) -> tuple[int, int, int]:
    return rules.first_slot_h, rules.last_end_h, rules.seats


LADDER = [  # what wins, from below
    rule(city_id="", weekday=0, seats=3),
    rule(weekday=0, seats=4),
    rule(area="east", weekday=0, seats=5),
    rule(city_id="", day=MONDAY, seats=6),
    rule(day=MONDAY, seats=7),
    rule(area="east", day=MONDAY, seats=8),
]


@pytest.mark.parametrize("reached", range(len(LADDER)))
def test_the_narrower_time_wins_and_then_the_narrower_place(reached: int) -> None:
    known = LADDER[: reached + 1]
    for rows in (known, known[::-1]):
        assert on_day(RULES, rows, MONDAY).seats == reached + 3
    assert on_day(RULES, known, TUESDAY) == RULES


def test_hours_and_seats_are_looked_at_each_by_itself() -> None:
    rows = [rule(weekday=0, first_slot_h=10, last_end_h=14), rule(day=MONDAY, seats=9)]
    assert hours(on_day(RULES, rows, MONDAY)) == (10, 14, 9)


def test_a_weekday_wins_over_what_an_area_has_for_all_days(town: Store) -> None:
    keeps(
        town,
        Area(id="east", city_id="raipur", hi="पूर्व", en="East", places=[], pins=[], seats=5),
        CityHours(city_id="raipur", first_slot_h=9, last_end_h=17),
        rule(weekday=0, seats=1),
    )
    with town.read() as session:
        opening = calendar(session, RULES, "raipur", "east")
    assert hours(opening.on(MONDAY)) == (9, 17, 1)
    assert hours(opening.on(TUESDAY)) == (9, 17, 5)


def test_nothing_is_booked_outside_the_hours_of_a_day(town: Store) -> None:
    keeps(town, rule(weekday=0, first_slot_h=14, last_end_h=16))
    with pytest.raises(SlotClosed) as refused:
        holds(town)  # Monday at ten
    assert refused.value.why == "hours"
    holds(town, start=at(23, 15))
    with town.read() as session:
        found = find(session, NOW, RULES, Wish("raipur", MONDAY))
        assert [s.starts_at for s in found.slots] == [at(23, 14), at(23, 15)]
        rooms = free_slots(session, NOW, RULES, Span("raipur", "", MONDAY, MONDAY))
        assert [(r.starts_at, r.seats) for r in rooms] == [(at(23, 14), 2), (at(23, 15), 1)]


def test_equal_hours_close_the_day(town: Store) -> None:
    keeps(town, rule(weekday=0, first_slot_h=0, last_end_h=0))
    with pytest.raises(SlotClosed) as refused:
        holds(town)
    assert refused.value.why == "closed"


@pytest.mark.parametrize("made_before", [True, False])
def test_a_slot_has_the_seats_of_its_day_whether_it_was_made_before_or_not(town: Store, made_before: bool) -> None:
    if made_before:
        with town.begin() as session:
            ensure_slots(session, NOW, RULES)
    keeps(town, rule(weekday=0, seats=1), rule(city_id="", day=TUESDAY, seats=3))
    holds(town, "c1")
    with pytest.raises(SlotTaken):
        holds(town, "c2")
    for n in range(3):
        holds(town, f"t{n}", at(24, 10))
    with pytest.raises(SlotTaken):
        holds(town, "t3", at(24, 10))
    with town.read() as session:
        assert find(session, NOW, RULES, Wish("raipur", MONDAY, time=TEN.time())).relation == "same_day"


def test_a_slots_own_number_of_seats_wins(town: Store) -> None:
    holds(town, "c1")
    with town.begin() as session:
        session.scalars(select(Slot)).one().seats = 3
    keeps(town, rule(day=MONDAY, seats=1))
    holds(town, "c2")
    holds(town, "c3")
    with pytest.raises(SlotTaken):
        holds(town, "c4")


def test_a_closed_day_stays_closed_whatever_its_rule_says(town: Store) -> None:
    keeps(town, Closure(day=MONDAY), rule(day=MONDAY, first_slot_h=9, last_end_h=18, seats=5))
    with pytest.raises(SlotClosed):
        holds(town)


def test_fewer_seats_leave_what_is_booked_and_sell_nothing_more(town: Store) -> None:
    for n in range(2):
        holds_and_books(town, f"c{n}", mobile=f"981234560{n}")
    keeps(town, rule(weekday=0, seats=1))
    with pytest.raises(SlotTaken):
        holds(town, "late")
    with town.read() as session:
        assert len(session.scalars(select(Booking)).all()) == 2


def test_a_booking_is_moved_only_into_the_seats_of_that_day(town: Store) -> None:
    booking = holds_and_books(town, start=at(24, 10))
    keeps(town, rule(weekday=0, seats=0))
    with town.begin() as session, pytest.raises(SlotTaken):
        move(session, NOW, RULES, session.get_one(Booking, booking.id), TEN, AGENT)


def test_slots_are_made_by_the_hours_of_each_day(town: Store) -> None:
    keeps(town, rule(city_id="", weekday=0, first_slot_h=8, last_end_h=10))
    keeps(town, rule(city_id="durg", day=MONDAY, first_slot_h=0, last_end_h=0))
    with town.begin() as session:
        ensure_slots(session, NOW, RULES)
        rows = session.execute(select(Slot.city_id, Slot.starts_at)).all()
    monday = sorted((c, local(s).hour) for c, s in rows if local(s).date() == MONDAY)
    assert monday == [("raipur", 8), ("raipur", 9)]
