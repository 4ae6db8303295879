from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from booking.areas import areas, areas_of_pin, check_place, find_area, places
from booking.errors import AreaNeeded, AreaUnknown, CityNotCovered, SlotClosed, SlotTaken
from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.slots import Wish, find, why_closed
from models.areas import Area
from models.opening import CityHours
from models.slots import Slot
from models.store import Store
from tests.booking.town import NOW, TEN, at, books, holds, order

ONE_SEAT = VisitRules(seats=1, ahead_days=1)


def area(name: str, city: str = "raipur", **values: Any) -> Area:
    return Area(**{"id": name, "city_id": city, "hi": "वार्ड", "en": name, "places": [], "pins": [], **values})


@pytest.fixture
def wards(town: Store) -> Store:
    """Raipur in two areas: the north, and a ring of villages with hours and seats of its own."""
    with town.begin() as session:
        session.add(CityHours(city_id="raipur", first_slot_h=9, last_end_h=None, seats=None))
        session.add(area("north", pins=["492001", "492008"], position=2))
        session.add(
            area("ring-2", kind="ring", places=["सेजबहार"], pins=["492015", "492001"], first_slot_h=10, last_end_h=14,
                 seats=3, position=1)
        )  # fmt: skip
    return town


def test_a_city_names_its_areas_in_their_order(wards: Store) -> None:
    with wards.read() as session:
        assert [a.id for a in areas(session, "raipur")] == ["ring-2", "north"]
        assert areas(session, "durg") == []
        assert find_area(session, "raipur", "ring-2").places == ["सेजबहार"]


@pytest.mark.parametrize(("city", "name"), [("raipur", "south"), ("durg", "north"), ("raipur", ""), ("नागपुर", "north")])
def test_an_area_that_the_city_does_not_have_is_unknown(wards: Store, city: str, name: str) -> None:
    with wards.read() as session, pytest.raises(AreaUnknown, match="no such area"):
        find_area(session, city, name)


@pytest.mark.parametrize(
    ("pin", "found"),
    [("492008", ["north"]), ("४९२ ०१५", ["ring-2"]), ("492001", ["ring-2", "north"]), ("492099", []), ("so", [])],
)
def test_a_pin_code_finds_the_areas_it_lies_in(wards: Store, pin: str, found: list[str]) -> None:
    with wards.read() as session:
        assert [a.id for a in areas_of_pin(session, "raipur", pin)] == found


def test_a_place_is_a_whole_city_or_an_area_of_one_that_has_them(wards: Store) -> None:
    with wards.read() as session:
        check_place(session, "durg", "")
        check_place(session, "raipur", "north")
        with pytest.raises(AreaNeeded, match="ward"):
            check_place(session, "raipur", "")
        with pytest.raises(AreaUnknown):
            check_place(session, "durg", "north")
        with pytest.raises(CityNotCovered):
            check_place(session, "nagpur", "north")
        assert places(session) == [("raipur", "ring-2"), ("raipur", "north"), ("durg", "")]


def test_a_city_with_areas_has_slots_in_each_of_them_and_none_of_its_own(wards: Store) -> None:
    with wards.begin() as session:
        assert ensure_slots(session, NOW, ONE_SEAT) == 2 * (4 + 11 + 12)
        assert ensure_slots(session, NOW, ONE_SEAT) == 0
        counts = session.execute(select(Slot.city_id, Slot.area, func.count()).group_by(Slot.city_id, Slot.area))
        assert {(c, a): n for c, a, n in counts} == {("raipur", "ring-2"): 8, ("raipur", "north"): 22, ("durg", ""): 24}


def test_areas_have_seats_of_their_own(wards: Store) -> None:
    holds(wards, "c1", TEN, rules=ONE_SEAT, area="north")
    with pytest.raises(SlotTaken):
        holds(wards, "c2", TEN, rules=ONE_SEAT, area="north")
    for n in range(3, 6):
        holds(wards, f"c{n}", TEN, rules=ONE_SEAT, area="ring-2")
    with pytest.raises(SlotTaken):
        holds(wards, "c6", TEN, rules=ONE_SEAT, area="ring-2")
    with wards.read() as session:
        full = find(session, NOW, ONE_SEAT, Wish("raipur", TEN.date(), None, TEN.time(), area="north"))
        assert (full.relation, full.slots[0].starts_at) == ("same_day", at(23, 9))


def test_an_areas_own_hours_win_over_the_citys(wards: Store) -> None:
    with wards.read() as session:
        ring = find(session, NOW, ONE_SEAT, Wish("raipur", TEN.date(), limit=20, area="ring-2"))
        assert [s.starts_at.hour for s in ring.slots] == [10, 11, 12, 13]
        north = find(session, NOW, ONE_SEAT, Wish("raipur", TEN.date(), limit=20, area="north"))
        assert north.slots[0].starts_at.hour == 9
        assert why_closed(session, at(23, 11), ONE_SEAT, "raipur", TEN.date(), "ring-2") == "too_soon"
        assert why_closed(session, at(23, 11), ONE_SEAT, "raipur", TEN.date(), "north") is None
    with pytest.raises(SlotClosed):
        holds(wards, "c1", at(23, 15), area="ring-2")


def test_without_its_area_nothing_is_searched_held_or_booked_in_such_a_city(wards: Store) -> None:
    with wards.read() as session, pytest.raises(AreaNeeded):
        find(session, NOW, ONE_SEAT, Wish("raipur"))
    with pytest.raises(AreaNeeded):
        holds(wards, "c1")
    with pytest.raises(AreaNeeded):
        books(wards)
    with pytest.raises(AreaUnknown):
        books(wards, order(area="south"))


def test_a_booking_takes_the_seat_held_in_its_area(wards: Store) -> None:
    holds(wards, "c1", rules=ONE_SEAT, area="ring-2")
    first = books(wards, order(area="ring-2"), rules=ONE_SEAT)
    assert (first.slot.area, first.slot.city_id) == ("ring-2", "raipur")
    assert books(wards, order(area="ring-2"), rules=ONE_SEAT).id == first.id
    assert books(wards, order(area="north"), rules=ONE_SEAT).id != first.id
