from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from booking.bookings import book
from booking.errors import (
    AreaNeeded,
    BadMobile,
    BadPin,
    BadValue,
    BookingError,
    CityNotCovered,
    NotAllowed,
    NotFound,
    ServiceClosed,
    SlotTaken,
    TooLate,
)
from booking.holds import hold
from booking.rules import VisitRules
from booking.waiting import Lapse, Report, Taking, find, lapse_due, leave, of_mobile, offer_freed, take
from models.areas import Area
from models.bookings import Booking
from models.notices import Notice
from models.slots import SeatClaim
from models.store import Store
from models.waiting import Waiting
from tests.booking.grievances import MOBILE, told, waits
from tests.booking.town import AT_ONCE, NOW, at, order

# One seat an hour, three hours a day: three seats a day.
FEW = VisitRules(seats=1, first_slot_h=10, last_end_h=13)
NOON = at(22, 12)
TWO_HOURS = timedelta(minutes=120)
OTHER, THIRD = "9812345601", "9812345602"


def fills(store: Store, *days: int) -> list[Booking]:
    """Book every seat of some days in November."""
    made = []
    for day in days:
        for hour in (10, 11, 12):
            with store.begin() as session:
                what = order(f"full-{day}-{hour}", at(day, hour), mobile="9700000000")
                made.append(session.get_one(Booking, book(session, NOW, FEW, what).id))
    return made


def frees(store: Store, booking: Booking) -> None:
    with store.begin() as session:
        claim = session.scalars(select(SeatClaim).where(SeatClaim.booking_id == booking.id)).one()
        session.delete(claim)


def offers(store: Store, now: datetime = NOON, rules: VisitRules = FEW) -> int:
    with store.begin() as session:
        return offer_freed(session, now, rules).offered


def lapses(store: Store, now: datetime) -> Lapse:
    with store.begin() as session:
        return lapse_due(session, now)


def takes(store: Store, waiting: Waiting, now: datetime = NOON, **details: Any) -> Booking:
    with store.begin() as session:
        return take(session, now, FEW, session.get_one(Waiting, waiting.id), **details)


def stands(store: Store, waiting: Waiting) -> Waiting:
    with store.read() as session:
        return session.get_one(Waiting, waiting.id)


@pytest.fixture
def full(town: Store) -> Store:
    """Raipur without a free seat on 23 and 24 November."""
    fills(town, 23, 24)
    return town


def first_of(store: Store, day: int = 23) -> Booking:
    with store.read() as session:
        return session.scalars(select(Booking).where(Booking.conversation_id == f"full-{day}-10")).one()


def test_joining_is_told_and_gives_a_place_in_the_line(full: Store) -> None:
    row = waits(full, "+91 98123 45615")
    assert (row.state, row.mobile, row.offers) == ("waiting", MOBILE, 0)
    assert told(full, waiting_id=row.id) == ["waiting_joined"]


def test_a_citizen_waits_once_for_a_service_in_a_city(full: Store) -> None:
    row = waits(full)
    assert waits(full, "098123 45615", last_day=date(2026, 11, 30)).id == row.id
    assert waits(full, service="domicile_certificate").id != row.id
    assert waits(full, city="durg").id != row.id
    assert waits(full, OTHER).id != row.id
    with full.begin() as session:
        leave(session, NOW, session.get_one(Waiting, row.id))
    assert waits(full).id != row.id


def test_who_wishes_other_days_keeps_the_place_for_those(full: Store) -> None:
    row = waits(full, replay_key="c1/wait")
    later = waits(full, first_day=date(2026, 11, 28), last_day=date(2026, 11, 30), daypart="evening", replay_key="c2")
    assert (later.id, later.first_day, later.last_day) == (row.id, date(2026, 11, 28), date(2026, 11, 30))
    assert (later.daypart, later.version) == ("evening", row.version + 1)
    assert waits(full, replay_key="c1/wait").version == later.version  # a replay wishes nothing new
    assert told(full, waiting_id=row.id) == ["waiting_joined"]


def test_an_offer_that_is_being_considered_stays_when_other_days_are_wished(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))
    offers(full)
    again = waits(full, first_day=date(2026, 11, 28), last_day=date(2026, 11, 30))
    assert (again.id, again.state, again.first_day) == (row.id, "offered", row.first_day)


def test_a_replayed_joining_gives_the_same_place_also_after_it_ended(full: Store) -> None:
    row = waits(full, replay_key="c1/wait")
    with full.begin() as session:
        leave(session, NOW, session.get_one(Waiting, row.id))
    again = waits(full, replay_key="c1/wait")
    assert (again.id, again.state) == (row.id, "left")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mobile": "12345"}, BadMobile),
        ({"pin": "012345"}, BadPin),
        ({"city": "atlantis"}, CityNotCovered),
        ({"service": "passport"}, ServiceClosed),
        ({"last_day": date(2026, 11, 21)}, BadValue),
        ({"last_day": date(2026, 11, 22), "first_day": date(2026, 11, 23)}, BadValue),
        ({"last_day": date(2027, 11, 22)}, BadValue),
        ({"daypart": "night"}, BadValue),
        ({"note": "none"}, NotFound),
    ],
)
def test_bad_input_is_refused(full: Store, changes: dict[str, Any], error: type[BookingError]) -> None:
    with pytest.raises(error):
        waits(full, **changes)
    with full.read() as session:
        assert session.scalar(select(func.count(Waiting.id))) == 0


def test_a_first_day_that_is_past_is_today(full: Store) -> None:
    assert waits(full, first_day=date(2026, 1, 1)).first_day == date(2026, 11, 22)


def test_nothing_is_offered_while_nothing_is_free(full: Store) -> None:
    waits(full)
    assert offers(full) == 0


def test_the_first_in_line_is_offered_the_seat_that_frees_and_nobody_else_gets_it(full: Store) -> None:
    first, second = waits(full), waits(full, OTHER)
    frees(full, first_of(full))
    assert offers(full) == 1
    assert offers(full) == 0  # again changes nothing
    row = stands(full, first)
    assert (row.state, row.offers, row.offered_at, row.offer_until) == ("offered", 1, NOON, NOON + TWO_HOURS)
    assert row.slot is not None
    assert row.slot.starts_at == at(23, 10)
    assert stands(full, second).state == "waiting"
    assert told(full, waiting_id=first.id) == ["waiting_joined", "waiting_offer"]
    with full.begin() as session:
        claim = session.scalars(select(SeatClaim).where(SeatClaim.conversation_id == f"waiting-{first.id}")).one()
        assert claim.expires_at == NOON + TWO_HOURS
        with pytest.raises(SlotTaken):
            hold(session, NOON, FEW, "raipur", at(23, 10), "somebody")


def test_several_seats_go_to_several_in_their_order(full: Store) -> None:
    rows = [waits(full, m) for m in (MOBILE, OTHER, THIRD)]
    for booking in (first_of(full, 24), first_of(full, 23)):
        frees(full, booking)
    assert offers(full) == 2
    slots = [stands(full, r).slot for r in rows]
    assert [s.starts_at if s else None for s in slots] == [at(23, 10), at(24, 10), None]


@pytest.mark.parametrize(
    "wish",
    [
        {"first_day": date(2026, 11, 24)},
        {"daypart": "evening"},
        {"city": "durg", "first_day": date(2026, 11, 25), "last_day": date(2026, 11, 25)},
    ],
)
def test_a_seat_that_does_not_fit_the_wish_goes_to_the_next(full: Store, wish: dict[str, Any]) -> None:
    # In Durg everything is free, but after the few days that can be booked here.
    few = VisitRules(seats=1, first_slot_h=10, last_end_h=13, ahead_days=2)
    choosy, other = waits(full, **wish), waits(full, OTHER)
    frees(full, first_of(full))
    assert offers(full, rules=few) == 1
    assert (stands(full, choosy).state, stands(full, other).state) == ("waiting", "offered")


def test_a_service_that_ends_before_the_slot_is_not_offered(full: Store) -> None:
    row = waits(full, service="shop_registration")  # until 23 November
    frees(full, first_of(full, 24))
    assert offers(full) == 0
    frees(full, first_of(full, 23))
    assert offers(full) == 1
    assert stands(full, row).slot is not None


def test_taking_books_the_offered_seat_once(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))
    offers(full)
    booking, again = takes(full, row), takes(full, row, NOON + timedelta(days=1))
    assert again.id == booking.id
    assert (booking.starts_at, booking.mobile, booking.pin) == (at(23, 10), MOBILE, "492001")
    taken = stands(full, row)
    assert (taken.state, taken.booking_id) == ("taken", booking.id)
    assert told(full, booking_id=booking.id) == ["booked"]
    with full.read() as session:
        held = select(func.count(SeatClaim.id)).where(SeatClaim.conversation_id.is_not(None))
        assert session.scalar(held) == 0


def test_what_was_not_said_at_joining_is_said_at_taking(full: Store) -> None:
    row = waits(full, pin="")
    frees(full, first_of(full))
    offers(full)
    with pytest.raises(BadPin):
        takes(full, row)
    assert stands(full, row).state == "offered"
    assert takes(full, row, details=Taking(pin="492 004")).pin == "492004"


def test_what_is_not_offered_cannot_be_taken(full: Store) -> None:
    row = waits(full)
    with pytest.raises(NotAllowed):
        takes(full, row)


def test_at_the_moment_of_lapse_the_offer_is_over(full: Store) -> None:
    row, other = waits(full), waits(full, OTHER)
    frees(full, first_of(full))
    offers(full)
    end = NOON + TWO_HOURS
    assert lapses(full, end - AT_ONCE) == Lapse()
    with pytest.raises(TooLate):
        takes(full, row, end)
    assert lapses(full, end) == Lapse(again=1)
    assert offers(full, end) == 1
    assert (stands(full, row).state, stands(full, other).state) == ("waiting", "offered")


def test_just_before_the_moment_of_lapse_it_can_be_taken(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))
    offers(full)
    assert takes(full, row, NOON + TWO_HOURS - AT_ONCE).starts_at == at(23, 10)
    assert lapses(full, NOON + TWO_HOURS) == Lapse()


def test_who_lets_two_offers_pass_is_no_longer_in_line_and_is_told(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))
    now = NOON
    assert offers(full, now) == 1
    now += TWO_HOURS
    assert lapses(full, now) == Lapse(again=1)
    assert offers(full, now) == 1
    now += TWO_HOURS
    assert lapses(full, now) == Lapse(lapsed=1)
    assert lapses(full, now) == Lapse()
    assert offers(full, now) == 0
    assert stands(full, row).state == "lapsed"
    events = ["waiting_joined", "waiting_offer", "waiting_offer", "waiting_lapsed"]
    assert told(full, waiting_id=row.id) == events


def test_who_let_an_offer_pass_comes_after_those_who_had_none(full: Store) -> None:
    first, second, third = waits(full), waits(full, OTHER), waits(full, THIRD)
    frees(full, first_of(full))
    now, served = NOON, []
    for _ in range(3):
        offers(full, now)
        served += [r.id for r in (first, second, third) if stands(full, r).state == "offered"]
        now += TWO_HOURS
        lapses(full, now)
    assert served == [first.id, second.id, third.id]


def test_after_the_last_wished_day_the_place_ends(full: Store) -> None:
    row = waits(full, last_day=date(2026, 11, 23))
    frees(full, first_of(full, 24))
    assert offers(full, at(24, 0)) == 0
    assert lapses(full, at(23, 23, 59)) == Lapse()
    assert lapses(full, at(24, 0)) == Lapse(lapsed=1)
    assert stands(full, row).state == "lapsed"


def test_leaving_gives_the_seat_back_at_once_and_again_changes_nothing(full: Store) -> None:
    row, other = waits(full), waits(full, OTHER)
    frees(full, first_of(full))
    offers(full)
    for _ in range(2):
        with full.begin() as session:
            assert leave(session, NOON, session.get_one(Waiting, row.id)).state == "left"
    assert offers(full) == 1
    assert stands(full, other).state == "offered"
    with full.read() as session:
        notice = session.scalars(
            select(Notice).where(Notice.event == "waiting_offer", Notice.waiting_id == row.id)
        ).one()
        assert notice.state == "dropped"


def test_what_is_booked_is_cancelled_and_not_left(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))
    offers(full)
    takes(full, row)
    with full.begin() as session, pytest.raises(NotAllowed):
        leave(session, NOON, session.get_one(Waiting, row.id))


def test_an_offer_made_at_night_lasts_from_the_morning_on(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full, 24))
    assert offers(full, at(22, 23)) == 1
    assert stands(full, row).offer_until == at(23, 10)
    with full.read() as session:
        notice = session.scalars(select(Notice).where(Notice.event == "waiting_offer")).one()
        assert (notice.due_at, notice.expires_at) == (at(23, 8), at(23, 10))


def test_an_offer_ends_when_the_slot_could_no_longer_be_booked(full: Store) -> None:
    row = waits(full)
    frees(full, first_of(full))  # 23 November, 10:00; with three hours' notice until 07:00
    assert offers(full, at(22, 20)) == 1
    assert stands(full, row).offer_until == at(22, 22)
    assert lapses(full, at(22, 22)) == Lapse(again=1)
    assert offers(full, at(22, 22)) == 0  # by the time anybody is told, it would be too late


def test_a_caller_who_is_quicker_gets_the_seat(full: Store) -> None:
    waits(full)
    frees(full, first_of(full))
    with full.begin() as session:
        hold(session, NOON, FEW, "raipur", at(23, 10), "quick")
    assert offers(full) == 0


def test_of_a_mobile_what_is_offered_comes_first(full: Store) -> None:
    first = waits(full)
    second = waits(full, service="domicile_certificate")
    third = waits(full, city="durg")
    frees(full, first_of(full))
    with full.begin() as session:
        leave(session, NOW, session.get_one(Waiting, third.id))
    offers(full)
    with full.read() as session:
        assert [r.id for r in of_mobile(session, "+919812345615")] == [first.id, second.id]
        assert of_mobile(session, "nobody") == []
        assert find(session, third.id).state == "left"
        with pytest.raises(NotFound):
            find(session, 999)


def test_areas_have_lines_of_their_own(full: Store) -> None:
    with full.begin() as session:
        for name in ("east", "west"):
            session.add(Area(id=name, city_id="durg", hi=name, en=name, places=[], pins=[]))
    with pytest.raises(AreaNeeded):
        waits(full, city="durg")
    row = waits(full, city="durg", area="east")
    assert offers(full) == 1
    slot = stands(full, row).slot
    assert slot is not None
    assert slot.area == "east"
    assert takes(full, row).starts_at == slot.starts_at


def test_the_report_of_an_empty_list_is_empty(town: Store) -> None:
    with town.begin() as session:
        assert offer_freed(session, NOON, FEW) == Report()
        assert lapse_due(session, NOON) == Lapse()
