from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from booking.errors import CityNotCovered
from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.slots import Found, Wish, find, spread, why_closed
from booking.zone import ZONE
from models.opening import CityHours, Closure
from models.slots import Slot
from models.store import Store
from tests.booking.town import AT_ONCE, MINUTE, NOW, RULES, TEN, at, holds, holds_and_books

MONDAY = date(2026, 11, 23)
ONE_SEAT = VisitRules(seats=1)


def search(store: Store, wish: Wish, now: datetime = NOW, rules: VisitRules = RULES, **changes: Any) -> Found:
    with store.read() as session:
        return find(session, now, rules, wish, **changes)


def times(found: Found) -> list[str]:
    return [s.starts_at.strftime("%d %H:%M") for s in found.slots]


def test_a_day_without_more_offers_first_middle_and_last(town: Store) -> None:
    found = search(town, Wish("raipur", MONDAY))
    assert (found.relation, times(found)) == ("exact", ["23 08:00", "23 14:00", "23 19:00"])
    assert all(s.starts_at.tzinfo is ZONE for s in found.slots)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("morning", ["23 08:00", "23 10:00", "23 11:00"]),
        ("afternoon", ["23 12:00", "23 14:00", "23 15:00"]),
        ("evening", ["23 16:00", "23 18:00", "23 19:00"]),
    ],
)
def test_a_part_of_the_day_offers_slots_of_that_part(town: Store, part: str, expected: list[str]) -> None:
    found = search(town, Wish("raipur", MONDAY, part))
    assert (found.relation, times(found)) == ("exact", expected)


def test_a_wished_time_is_offered_alone(town: Store) -> None:
    found = search(town, Wish("raipur", MONDAY, "morning", time(10)))
    assert (found.relation, times(found)) == ("exact", ["23 10:00"])


def test_a_time_between_slots_offers_its_neighbours(town: Store) -> None:
    found = search(town, Wish("raipur", MONDAY, None, time(10, 30), limit=2))
    assert (found.relation, times(found)) == ("same_day", ["23 10:00", "23 11:00"])


def test_without_a_day_the_first_day_that_fits_is_taken(town: Store) -> None:
    assert times(search(town, Wish("raipur", None, "morning"))) == ["22 11:00"]  # 3 h after 07:30
    found = search(town, Wish("raipur", None, "morning"), now=at(22, 12))
    assert (found.relation, times(found)) == ("exact", ["23 08:00", "23 10:00", "23 11:00"])


def test_without_a_day_a_time_no_slot_begins_at_offers_the_nearest_of_the_first_day(town: Store) -> None:
    found = search(town, Wish("raipur", None, None, time(16, 20)))
    assert (found.relation, times(found)) == ("later", ["22 15:00", "22 16:00", "22 17:00"])


def test_a_full_part_of_the_day_offers_the_other_parts(town: Store) -> None:
    for hour in range(8, 12):
        holds(town, f"c{hour}", at(23, hour), rules=ONE_SEAT)
    found = search(town, Wish("raipur", MONDAY, "morning"), rules=ONE_SEAT)
    assert (found.relation, times(found)) == ("same_day", ["23 12:00", "23 16:00", "23 19:00"])


def test_a_full_day_offers_the_next_day_with_room(town: Store) -> None:
    for day in (23, 24):
        for hour in range(8, 20):
            holds(town, f"c{day}-{hour}", at(day, hour), rules=ONE_SEAT)
    found = search(town, Wish("raipur", MONDAY, "evening"), rules=ONE_SEAT)
    assert (found.relation, times(found)) == ("later", ["25 16:00", "25 18:00", "25 19:00"])


def test_nothing_left_in_all_days_is_said(town: Store) -> None:
    full = VisitRules(seats=0)
    assert search(town, Wish("raipur"), rules=full) == Found("none")
    assert search(town, Wish("raipur", MONDAY), rules=full) == Found("none")


def test_slots_already_offered_are_left_out(town: Store) -> None:
    offered = [s.starts_at.astimezone(UTC) for s in search(town, Wish("raipur", MONDAY)).slots]
    assert times(search(town, Wish("raipur", MONDAY), exclude=offered)) == ["23 09:00", "23 13:00", "23 18:00"]


def test_a_seat_held_by_the_asking_conversation_is_free_for_it_alone(town: Store) -> None:
    holds(town, "mine", TEN, rules=ONE_SEAT)
    wish = Wish("raipur", MONDAY, None, time(10))
    assert search(town, wish, rules=ONE_SEAT, conversation="mine").relation == "exact"
    assert search(town, wish, rules=ONE_SEAT, conversation="other").relation == "same_day"
    assert search(town, wish, rules=ONE_SEAT).relation == "same_day"


def test_a_seat_the_conversation_has_booked_is_not_free_for_it(town: Store) -> None:
    holds_and_books(town, "c1")
    holds_and_books(town, "c2")
    assert search(town, Wish("raipur", MONDAY, None, time(10)), conversation="c1").relation == "same_day"


def test_an_expired_hold_is_free_at_once(town: Store) -> None:
    held = holds(town, "c1", TEN, rules=ONE_SEAT)
    wish = Wish("raipur", MONDAY, None, time(10))
    assert search(town, wish, now=held.expires_at - AT_ONCE, rules=ONE_SEAT).relation == "same_day"
    assert search(town, wish, now=held.expires_at, rules=ONE_SEAT).relation == "exact"


def test_another_city_has_its_own_seats(town: Store) -> None:
    holds(town, "c1", TEN, rules=ONE_SEAT)
    assert search(town, Wish("durg", MONDAY, None, time(10)), rules=ONE_SEAT).relation == "exact"


def test_a_city_elsewhere_is_not_covered(town: Store) -> None:
    with pytest.raises(CityNotCovered, match="not covered"):
        search(town, Wish("नागपुर"))


def test_the_notice_is_kept_to_the_minute(town: Store) -> None:
    assert times(search(town, Wish("raipur", date(2026, 11, 22)), now=at(22, 8)))[0] == "22 11:00"
    assert times(search(town, Wish("raipur", date(2026, 11, 22)), now=at(22, 8) + AT_ONCE))[0] == "22 12:00"


def test_the_day_is_the_local_one_after_midnight_in_india(town: Store) -> None:
    late = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)  # already 00:15 on the 23rd in India, still the 22nd in UTC
    found = search(town, Wish("raipur", MONDAY), now=late)
    assert (found.relation, times(found)[0]) == ("exact", "23 08:00")
    with town.read() as session:
        assert why_closed(session, late, RULES, "raipur", date(2026, 11, 22)) == "past"
        assert why_closed(session, late, RULES, "raipur", date(2026, 12, 23)) is None
        assert why_closed(session, late, RULES, "raipur", date(2026, 12, 24)) == "too_far"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 21), "past"),
        (date(2026, 11, 22), None),
        (date(2026, 12, 22), None),
        (date(2026, 12, 23), "too_far"),
        (date(2030, 1, 1), "too_far"),
    ],
)
def test_why_a_day_cannot_be_booked(town: Store, day: date, why: str | None) -> None:
    with town.read() as session:
        assert why_closed(session, NOW, RULES, "raipur", day) == why


def test_today_is_too_soon_once_no_slot_leaves_the_notice(town: Store) -> None:
    today = date(2026, 11, 22)
    with town.read() as session:
        assert why_closed(session, at(22, 16), RULES, "raipur", today) is None  # 19:00 leaves three hours
        assert why_closed(session, at(22, 16) + MINUTE, RULES, "raipur", today) == "too_soon"
        assert why_closed(session, at(22, 23), RULES, "raipur", today) == "too_soon"
    assert search(town, Wish("raipur", today), now=at(22, 23)).relation == "later"


@pytest.mark.parametrize(("month", "day"), [(1, 26), (8, 15), (10, 2)])
def test_national_holidays_are_closed(town: Store, month: int, day: int) -> None:
    now = datetime(2027, month, day, 7, 0, tzinfo=ZONE)
    with town.read() as session:
        assert why_closed(session, now, RULES, "raipur", now.date()) == "closed"
    found = search(town, Wish("raipur", now.date()), now=now)
    assert found.relation == "later"
    assert found.slots[0].starts_at.day == day + 1


def test_a_closure_can_be_for_one_city_and_one_day(town: Store) -> None:
    with town.begin() as session:
        session.add(Closure(day=MONDAY, city_id="durg", reason="स्थानीय अवकाश"))
    with town.read() as session:
        assert why_closed(session, NOW, RULES, "durg", MONDAY) == "closed"
        assert why_closed(session, NOW, RULES, "raipur", MONDAY) is None
        assert why_closed(session, NOW, RULES, "durg", date(2026, 11, 24)) is None


def test_a_lifted_closure_reopens_a_holiday(town: Store) -> None:
    with town.begin() as session:
        session.add(Closure(id="yearly-01-26", yearly="01-26", lifted=True))
    now = datetime(2027, 1, 26, 0, 1, tzinfo=ZONE)
    with town.read() as session:
        assert why_closed(session, now, RULES, "raipur", now.date()) is None


def test_a_city_may_have_its_own_hours_and_seats(town: Store) -> None:
    with town.begin() as session:
        session.add(CityHours(city_id="durg", first_slot_h=10, last_end_h=13, seats=1))
    assert times(search(town, Wish("durg", MONDAY, limit=9))) == ["23 10:00", "23 11:00", "23 12:00"]
    holds(town, "c1", TEN, city="durg")
    assert times(search(town, Wish("durg", MONDAY, limit=9))) == ["23 11:00", "23 12:00"]


def test_the_last_visit_ends_by_closing_time(town: Store) -> None:
    rules = VisitRules(slot_min=90, first_slot_h=8, last_end_h=12)
    assert times(search(town, Wish("raipur", MONDAY, limit=9), rules=rules)) == ["23 08:00", "23 09:30"]


def test_an_administrator_can_close_a_single_slot(town: Store) -> None:
    with town.begin() as session:
        session.add(Slot(city_id="raipur", starts_at=TEN, seats=0))
    assert search(town, Wish("raipur", MONDAY, None, time(10))).relation == "same_day"


def test_slot_rows_are_made_once_for_all_days_ahead(town: Store) -> None:
    rules = VisitRules(ahead_days=3)
    with town.begin() as session:
        assert ensure_slots(session, NOW, rules) == 2 * 4 * 12
        assert ensure_slots(session, NOW, rules) == 0
    with town.begin() as session:
        assert ensure_slots(session, at(23, 0), rules) == 2 * 12


def test_slot_rows_are_not_made_for_closed_days(town: Store) -> None:
    with town.begin() as session:
        session.add(Closure(day=MONDAY))
        assert ensure_slots(session, NOW, VisitRules(ahead_days=1)) == 2 * 12


@pytest.mark.parametrize(
    ("limit", "expected"), [(0, []), (1, [1]), (2, [1, 7]), (3, [1, 4, 7]), (9, list(range(1, 8)))]
)
def test_spreading_takes_both_ends_and_the_middle(limit: int, expected: list[int]) -> None:
    starts = [at(23, h) for h in range(1, 8)]
    assert [s.hour for s in spread(starts, limit)] == expected


def test_a_naive_now_is_refused(sqlite_town: Store) -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        search(sqlite_town, Wish("raipur"), now=datetime(2026, 11, 22, 7, 30))  # noqa: DTZ001
