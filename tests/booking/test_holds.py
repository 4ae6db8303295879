from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from booking.errors import CityNotCovered, SlotClosed, SlotTaken
from booking.holds import hold, release
from booking.jobs import release_expired
from booking.rules import VisitRules
from models.slots import SeatClaim, Slot
from models.store import Store
from tests.booking.town import AT_ONCE, NOW, RULES, TEN, at, holds, holds_and_books

ONE_SEAT = VisitRules(seats=1)


def claims(store: Store) -> list[tuple[str | None, int]]:
    with store.read() as session:
        return [(c.conversation_id, c.seat) for c in session.scalars(select(SeatClaim).order_by(SeatClaim.seat))]


def test_a_hold_lasts_five_minutes_from_the_given_now(town: Store) -> None:
    held = holds(town)
    assert (held.starts_at, held.expires_at, held.seat) == (TEN, NOW + timedelta(minutes=5), 1)


def test_each_caller_gets_a_seat_of_its_own_and_the_third_of_two_none(town: Store) -> None:
    assert [holds(town, c).seat for c in ("c1", "c2")] == [1, 2]
    with pytest.raises(SlotTaken, match="offer other slots"):
        holds(town, "c3")


def test_a_hold_that_expires_now_is_free_and_one_that_expires_next_is_not(town: Store) -> None:
    held = holds(town, "c1", rules=ONE_SEAT)
    with pytest.raises(SlotTaken):
        holds(town, "c2", rules=ONE_SEAT, now=held.expires_at - AT_ONCE)
    assert holds(town, "c2", rules=ONE_SEAT, now=held.expires_at).seat == 1
    assert claims(town) == [("c2", 1)]


def test_holding_another_slot_gives_up_the_first(town: Store) -> None:
    holds(town, "c1", at(23, 9), rules=ONE_SEAT)
    holds(town, "c1", TEN, rules=ONE_SEAT)
    assert holds(town, "c2", at(23, 9), rules=ONE_SEAT).seat == 1


def test_a_slot_that_cannot_be_had_leaves_the_first_hold(town: Store) -> None:
    holds(town, "c1", at(23, 9), rules=ONE_SEAT)
    holds(town, "c2", TEN, rules=ONE_SEAT)
    with pytest.raises(SlotTaken):
        holds(town, "c1", TEN, rules=ONE_SEAT)
    with pytest.raises(SlotTaken):
        holds(town, "c3", at(23, 9), rules=ONE_SEAT)


def test_a_hold_refused_inside_a_larger_transaction_takes_nothing_away(town: Store) -> None:
    holds(town, "c1", at(23, 9), rules=ONE_SEAT)
    holds(town, "c2", TEN, rules=ONE_SEAT)
    with town.begin() as session, pytest.raises(SlotTaken):
        hold(session, NOW, ONE_SEAT, "raipur", TEN, "c1")
    assert sorted(c or "" for c, _ in claims(town)) == ["c1", "c2"]


def test_holding_the_same_slot_again_prolongs_it(town: Store) -> None:
    first = holds(town, "c1", rules=ONE_SEAT)
    second = holds(town, "c1", rules=ONE_SEAT, now=NOW + timedelta(minutes=4))
    assert (second.seat, second.slot_id) == (first.seat, first.slot_id)
    assert second.expires_at == NOW + timedelta(minutes=9)
    with pytest.raises(SlotTaken):
        holds(town, "c2", rules=ONE_SEAT, now=NOW + timedelta(minutes=8))


def test_an_own_expired_hold_can_be_taken_again(town: Store) -> None:
    held = holds(town, "c1", rules=ONE_SEAT)
    assert holds(town, "c1", rules=ONE_SEAT, now=held.expires_at).seat == 1


def test_a_released_seat_is_free(town: Store) -> None:
    holds(town, "c1", rules=ONE_SEAT)
    with town.begin() as session:
        assert release(session, "c1") is True
        assert release(session, "c1") is False
    assert holds(town, "c2", rules=ONE_SEAT).seat == 1


def test_releasing_does_not_touch_a_booked_seat(town: Store) -> None:
    holds_and_books(town, "c1")
    with town.begin() as session:
        assert release(session, "c1") is False
        assert release_expired(session, NOW + timedelta(days=1)) == 0
    assert claims(town) == [(None, 1)]


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (at(23, 10, 30), "hours"),
        (at(23, 7), "hours"),
        (at(23, 20), "hours"),
        (at(23, 10) + AT_ONCE, "hours"),
        (at(22, 10), "too_soon"),
        (at(21, 10), "past"),
        (datetime.fromisoformat("2026-12-23T08:00+05:30"), "too_far"),
    ],
)
def test_only_bookable_slots_are_held(town: Store, start: datetime, why: str) -> None:
    with pytest.raises(SlotClosed) as caught:
        holds(town, start=start)
    assert caught.value.why == why
    assert caught.value.code == "slot_closed"


def test_a_slot_of_today_that_has_begun_is_past(town: Store) -> None:
    with pytest.raises(SlotClosed, match="past"):
        holds(town, start=at(22, 8), now=at(22, 9), rules=VisitRules(notice_h=0))


def test_a_holiday_is_not_held(town: Store) -> None:
    with pytest.raises(SlotClosed, match="closed"):
        holds(town, start=datetime.fromisoformat("2027-01-26T10:00+05:30"), now=at(22, 9) + timedelta(days=60))


def test_a_city_elsewhere_is_not_held(town: Store) -> None:
    with pytest.raises(CityNotCovered):
        holds(town, city="nagpur")


def test_a_naive_start_is_refused(sqlite_town: Store) -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        holds(sqlite_town, start=datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001


def test_seats_added_by_an_administrator_can_be_held_at_once(town: Store) -> None:
    holds(town, "c1", rules=ONE_SEAT)
    with town.begin() as session:
        session.scalars(select(Slot)).one().seats = 3
    assert [holds(town, c, rules=ONE_SEAT).seat for c in ("c2", "c3")] == [2, 3]


def test_seats_taken_away_by_an_administrator_are_not_sold_again(town: Store) -> None:
    three = VisitRules(seats=3)
    for c in ("c1", "c2"):
        holds(town, c, rules=three)
    with town.begin() as session:
        release(session, "c1")
        session.scalars(select(Slot)).one().seats = 1
    with pytest.raises(SlotTaken):
        holds(town, "c3", rules=three)


def test_seats_added_in_the_settings_count_at_once(town: Store) -> None:
    holds(town, "c1", rules=ONE_SEAT)
    with pytest.raises(SlotTaken):
        holds(town, "c2", rules=ONE_SEAT)
    assert holds(town, "c2", rules=RULES).seat == 2


def test_a_seat_freed_in_the_middle_is_used_again(town: Store) -> None:
    three = VisitRules(seats=3)
    for c in ("c1", "c2", "c3"):
        holds(town, c, rules=three)
    with town.begin() as session:
        release(session, "c2")
    assert holds(town, "c4", rules=three).seat == 2


def test_the_job_clears_what_has_expired_and_nothing_else(town: Store) -> None:
    holds(town, "c1")
    holds(town, "c2", now=NOW + timedelta(minutes=1))
    with town.begin() as session:
        assert release_expired(session, NOW + timedelta(minutes=5)) == 1
    assert [c for c, _ in claims(town)] == ["c2"]


def test_two_conversations_in_one_transaction_do_not_share_a_seat(town: Store) -> None:
    with town.begin() as session:
        seats = {hold(session, NOW, RULES, "raipur", TEN, c).seat for c in ("c1", "c2")}
    assert seats == {1, 2}
