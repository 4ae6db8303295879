from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from booking import bookings, notes
from booking.actors import Actor
from booking.bookings import Order, book, latest
from booking.errors import (
    BadMobile,
    BadPin,
    BookingError,
    CityNotCovered,
    HoldLost,
    NotFound,
    ServiceClosed,
    SlotClosed,
)
from booking.export import plain
from booking.jobs import release_expired
from booking.numbers import booking_number, valid_number
from booking.rules import VisitRules
from booking.tracking import by_number
from models.bookings import Booking, BookingEvent
from models.notices import Notice
from models.opening import Closure
from models.slots import SeatClaim
from models.store import Store
from tests.booking.life import cancels, moves
from tests.booking.town import AT_ONCE, NOW, RULES, TEN, at, books, holds, holds_and_books, order

ONE_SEAT = VisitRules(seats=1)
LATER = NOW + timedelta(minutes=5)


def count(store: Store, table: Any) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_held_seat_becomes_a_booking_with_its_event_and_notice(town: Store) -> None:
    holds(town)
    made = books(town, order(service="domicile_certificate", language="en", mobile="+91 98123-45615"))
    assert (made.service_id, made.city_id, made.starts_at) == ("domicile_certificate", "raipur", TEN)
    assert (made.mobile, made.pin, made.stage) == ("9812345615", "492001", "booked")
    assert (made.fee, made.visit_fee, made.created_at) == (30, 50, NOW)
    with town.read() as session:
        event = session.scalars(select(BookingEvent)).one()
        notice = session.scalars(select(Notice)).one()
        claim = session.scalars(select(SeatClaim)).one()
    assert (event.who, event.from_stage, event.to_stage, event.at) == ("caller", None, "booked", NOW)
    assert (notice.state, notice.recipient, notice.due_at, notice.version) == ("pending", "+919812345615", NOW, 1)
    assert made.number in notice.text
    assert (claim.booking_id, claim.conversation_id, claim.expires_at) == (made.id, None, None)


def test_an_order_replayed_gives_the_same_booking_and_no_second_notice(town: Store) -> None:
    first = holds_and_books(town)
    again = books(town, order(), now=NOW + timedelta(hours=1))
    assert again.number == first.number
    assert (count(town, Booking), count(town, Notice), count(town, BookingEvent)) == (1, 1, 1)


def test_an_order_replayed_is_known_after_its_service_and_day_closed(town: Store) -> None:
    first = holds_and_books(town)
    with town.begin() as session:
        session.add(Closure(day=date(2026, 11, 23)))
    assert books(town, order(), now=at(25, 12)).number == first.number


def test_who_cancels_or_moves_and_books_the_same_time_again_in_one_call_has_a_new_booking(town: Store) -> None:
    cancelled = holds_and_books(town)
    cancels(town, cancelled.number)
    moved = holds_and_books(town)
    holds(town, start=at(23, 11))
    moves(town, moved.number, at(23, 11), conversation="c1")
    third = holds_and_books(town)
    assert books(town, order()).number == third.number
    assert len({cancelled.number, moved.number, third.number}) == 3
    assert [third.stage, third.starts_at, count(town, SeatClaim)] == ["booked", TEN, 2]


def test_the_same_time_for_another_mobile_is_another_booking(town: Store) -> None:
    wrong = holds_and_books(town)
    right = holds_and_books(town, mobile="9812345699")
    assert (right.mobile, right.number != wrong.number) == ("9812345699", True)


def test_another_service_can_be_booked_in_the_same_call(town: Store) -> None:
    first = holds_and_books(town)
    second = holds_and_books(town, start=at(23, 11), service="domicile_certificate")
    same_time = holds_and_books(town, service="domicile_certificate")  # one service a slot: a seat of its own
    assert len({first.number, second.number, same_time.number}) == 3
    assert count(town, SeatClaim) == 3


def test_a_hold_is_good_until_the_moment_it_expires(town: Store) -> None:
    held = holds(town, rules=ONE_SEAT)
    assert books(town, now=held.expires_at - AT_ONCE, rules=ONE_SEAT).stage == "booked"


def test_an_expired_hold_still_books_while_a_seat_is_free(town: Store) -> None:
    held = holds(town, rules=ONE_SEAT)
    assert books(town, now=held.expires_at, rules=ONE_SEAT).stage == "booked"


def test_an_expired_hold_cleared_by_the_job_still_books_while_a_seat_is_free(town: Store) -> None:
    holds(town, rules=ONE_SEAT)
    with town.begin() as session:
        release_expired(session, LATER)
    assert books(town, now=LATER, rules=ONE_SEAT).stage == "booked"


def test_a_hold_lost_to_another_caller_is_told(town: Store) -> None:
    holds(town, "c1", rules=ONE_SEAT)
    holds(town, "c2", rules=ONE_SEAT, now=LATER)
    with pytest.raises(HoldLost, match="offer new slots"):
        books(town, order("c1"), now=LATER, rules=ONE_SEAT)
    assert books(town, order("c2"), now=LATER, rules=ONE_SEAT).stage == "booked"
    assert count(town, Booking) == 1


def test_a_hold_lost_because_the_time_has_come_too_near_is_told(town: Store) -> None:
    held = holds(town, start=at(22, 11), now=at(22, 8))
    with pytest.raises(HoldLost):
        books(town, order(start=at(22, 11)), now=held.expires_at)


def test_a_seat_held_in_time_books_although_the_notice_runs_out_meanwhile(town: Store) -> None:
    holds(town, start=at(22, 11), now=at(22, 8))
    assert books(town, order(start=at(22, 11)), now=at(22, 8, 4)).stage == "booked"


def test_a_hold_of_another_slot_is_of_no_use(town: Store) -> None:
    holds(town, "other", TEN, rules=ONE_SEAT)
    holds(town, "c1", at(23, 11), rules=ONE_SEAT)
    with pytest.raises(HoldLost):
        books(town, order("c1", TEN), rules=ONE_SEAT)


def test_a_day_closed_since_it_was_held_is_refused(town: Store) -> None:
    holds(town)
    with town.begin() as session:
        session.add(Closure(day=date(2026, 11, 23), reason="चुनाव"))
    with pytest.raises(SlotClosed):
        books(town)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"service": "shop_registration", "start": at(24, 10)}, ServiceClosed),  # offered until the 23rd
        ({"service": "passport"}, ServiceClosed),
        ({"mobile": "0788-2322222"}, BadMobile),
        ({"mobile": "५"}, BadMobile),
        ({"mobile": ""}, BadMobile),
        ({"pin": "4920"}, BadPin),
        ({"pin": "092001"}, BadPin),
        ({"note": "gone"}, NotFound),
    ],
)
def test_an_order_with_a_fault_is_refused_and_the_seat_stays_held(
    town: Store, changes: dict[str, Any], error: type[BookingError]
) -> None:
    what = order(**changes)
    holds(town, start=what.starts_at)
    with pytest.raises(error):
        books(town, what)
    assert count(town, Booking) == 0
    assert books(town, order(start=what.starts_at)).stage == "booked"


def test_a_city_elsewhere_is_refused(town: Store) -> None:
    with pytest.raises(CityNotCovered):
        books(town, order(city="nagpur"))


def test_a_refusal_caught_inside_a_transaction_leaves_nothing_behind(town: Store) -> None:
    with town.begin() as session, pytest.raises(BadPin):
        book(session, NOW, RULES, order(pin="1"))
    assert (count(town, Booking), count(town, SeatClaim), count(town, Notice)) == (0, 0, 0)


def test_a_service_is_open_on_its_last_day_in_india_although_utc_is_a_day_behind(town: Store) -> None:
    rules = VisitRules(first_slot_h=0, last_end_h=24)
    for start, is_open in ((at(23, 0), True), (at(23, 23), True), (at(24, 0), False)):
        what = order(f"c{start}", start, service="shop_registration")
        holds(town, what.conversation, start, rules=rules)
        if is_open:
            assert books(town, what, rules=rules).starts_at == start
        else:
            with pytest.raises(ServiceClosed):
                books(town, what, rules=rules)


def test_a_booking_number_already_given_is_drawn_again(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["10000008", "10000008", "10000008", "10000015"])
    monkeypatch.setattr(bookings, "booking_number", lambda: next(drawn))
    assert holds_and_books(town, "c1").number == "10000008"
    assert holds_and_books(town, "c2").number == "10000015"
    assert count(town, Notice) == 2


def test_the_bookings_made_last_come_first(town: Store) -> None:
    early = holds_and_books(town, "c1", TEN)
    other = holds_and_books(town, "c2", at(23, 9))
    with town.read() as session:
        assert [b.id for b in latest(session, 2)] == [other.id, early.id]
        assert [b.id for b in latest(session, 1)] == [other.id]


def test_a_booking_as_json_has_everything_in_local_time(town: Store) -> None:
    with town.begin() as session:
        note = notes.keep(session, NOW, "c1", b"\xff" * 800, 4.5)
    made = holds_and_books(town, note=note)
    with town.read() as session:
        found = by_number(session, made.number)
        data = plain(found)
    assert data["starts_at"] == "2026-11-23T10:00:00+05:30"
    assert data["service_name"]["hi"] == "जन्म प्रमाण पत्र"
    assert data["voice_note"] == {"id": note, "seconds": 4.5, "text": ""}
    assert [(n["state"], n["channel"]) for n in data["notices"]] == [("pending", "sms")]
    (event,) = data["events"]
    assert event == {
        "at": NOW.isoformat(), "who": "caller", "from": None, "to": "booked", "why": "", "what": "stage", "data": None,
    }  # fmt: skip
    assert (data["version"], data["channel"], data["area"], data["executive"]) == (1, "phone", "", None)
    assert (data["due_on"], data["missing"], data["reason"]) == (None, [], "")


def test_a_typed_note_is_kept_with_long_numbers_masked(town: Store) -> None:
    with town.begin() as session:
        note = notes.keep(session, NOW, "c1", b"", 2.0, "सीता साहू, आधार 1234 5678 9012, शांति नगर")
    with town.read() as session:
        kept = notes.get(session, note).text
    assert "शांति नगर" in kept
    assert "5678" not in kept


def test_an_order_by_an_agent_says_so_and_has_what_was_typed(town: Store) -> None:
    desk = order(by=Actor("agent", "7"), channel="desk", name="सीता साहू", address="मकान 4, आधार 1234 5678 9012")
    made = books(town, desk)
    with town.read() as session:
        data = plain(by_number(session, made.number))
    assert (data["channel"], data["name"], data["address"]) == ("desk", "सीता साहू", "मकान 4, आधार xxxx xxxx xxxx")
    assert data["events"][0]["who"] == "agent:7"


def test_hindi_in_every_free_text_of_an_order_is_kept(town: Store) -> None:
    made = holds_and_books(town, "बातचीत-१", caller="गुप्त", language="hi")
    with town.read() as session:
        found = by_number(session, made.number)
    assert (found.conversation_id, found.caller) == ("बातचीत-१", "गुप्त")


def test_a_naive_start_is_refused(sqlite_town: Store) -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        books(sqlite_town, replace(order(), starts_at=datetime(2026, 11, 23, 10, 0)))  # noqa: DTZ001


def test_the_same_order_has_the_same_key_in_any_zone() -> None:
    from datetime import UTC

    assert Order("c", "s", "x", TEN, "", "").replay_key == Order("c", "s", "x", TEN.astimezone(UTC), "", "").replay_key


@given(st.integers(0, 8_999_999))
def test_booking_numbers_have_eight_digits_and_do_not_begin_with_zero(drawn: int) -> None:
    number = booking_number(lambda _: drawn)
    assert valid_number(number)
    assert len(number) == 8
    assert number[0] != "0"


def slips(number: str) -> Iterator[str]:
    """Every number with one digit wrong or two neighbours swapped."""
    for i, digit in enumerate(number):
        yield from (number[:i] + d + number[i + 1 :] for d in "0123456789" if d != digit)
    for i in range(len(number) - 1):
        swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        if swapped != number:
            yield swapped


@given(st.integers(0, 8_999_999))
def test_a_wrong_digit_or_swapped_neighbours_are_found_out(drawn: int) -> None:
    assert not any(valid_number(slip) for slip in slips(booking_number(lambda _: drawn)))


@pytest.mark.parametrize("number", ["", "1234567", "123456789", "1234567a", "१२३४५६७८", "12 45678"])
def test_what_is_no_number_is_not_valid(number: str) -> None:
    assert not valid_number(number)
