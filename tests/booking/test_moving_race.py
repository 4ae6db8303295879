"""Several people at the same booking or slot at once, by threads, on both stores."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking.actors import JOB, Actor
from booking.assignment import assign
from booking.changes import change_stage
from booking.feedback import Rating, rate
from booking.rules import VisitRules
from booking.tracking import by_number
from models.bookings import Booking, BookingEvent
from models.feedback import Feedback
from models.slots import SeatClaim, Slot
from models.store import Store
from tests.booking.life import AGENT, FIELD, OFFICE, cancels, counted, engages, goes, goes_until, moves, stands, taken
from tests.booking.test_race import together
from tests.booking.town import NOW, TEN, at, books, holds_and_books, order

START = at(25, 10)
ONE_SEAT = VisitRules(seats=1)
MANY = VisitRules(seats=40)


def leaks(store: Store) -> list[tuple[str, int]]:
    """Bookings with another number of seats than theirs, or a seat in another slot than theirs."""
    with store.read() as session:
        wrong = []
        for made in session.scalars(select(Booking)):
            claims = list(session.scalars(select(SeatClaim).where(SeatClaim.booking_id == made.id)))
            want = 0 if made.stage == "cancelled" else 1
            if len(claims) != want or any(c.slot_id != made.slot_id for c in claims):
                wrong.append((made.stage, len(claims)))
        return wrong


def test_two_people_move_the_same_booking_and_one_of_them_is_told(town: Store) -> None:
    for turn in range(8):
        made = holds_and_books(town, f"c{turn}", START + timedelta(hours=turn), service="domicile_certificate")
        slots = [at(26, 8 + turn), at(27, 8 + turn)]
        outcomes = together(2, lambda n, made=made, slots=slots: str(
            moves(town, made.number, slots[n], [AGENT, OFFICE][n], expected_version=1).version))  # fmt: skip
        assert outcomes == {"2": 1, "conflict": 1}
        assert stands(town, made.number).starts_at in slots
    assert leaks(town) == []
    assert counted(town, SeatClaim) == 8


def test_without_a_version_the_second_one_moves_after_or_is_told(town: Store) -> None:
    made = holds_and_books(town, start=START)
    outcomes = together(6, lambda n: moves(town, made.number, at(26, 8 + n)).stage)
    assert outcomes["booked"] >= 1
    assert set(outcomes) <= {"booked", "conflict"}
    assert stands(town, made.number).version == 1 + outcomes["booked"]
    assert leaks(town) == []


def test_a_move_replayed_by_ten_threads_moves_once(town: Store) -> None:
    made = holds_and_books(town, start=START)
    outcomes = together(10, lambda _: str(moves(town, made.number, at(26, 11), expected_version=1).version))
    assert outcomes == {"2": 10}
    assert counted(town, BookingEvent) == 2
    assert leaks(town) == []


def test_one_moves_and_another_cancels(town: Store) -> None:
    made = holds_and_books(town, start=START)

    def deed(n: int) -> str:
        if n % 2:
            return cancels(town, made.number, AGENT, expected_version=1).stage
        return moves(town, made.number, at(26, 11), expected_version=1).stage

    outcomes = together(2, deed)
    assert sorted(outcomes) in (["booked", "conflict"], ["cancelled", "conflict"])
    assert leaks(town) == []


def test_one_moves_while_another_assigns_and_the_executive_is_never_sent_to_the_old_time(town: Store) -> None:
    engages(town)
    for turn in range(6):
        made = holds_and_books(town, f"c{turn}", at(25, 8 + turn))
        new = at(26, 8 + turn)

        def deed(n: int, number: str = made.number, new: datetime = new) -> str:
            if n:
                return moves(town, number, new, AGENT).stage
            with town.begin() as session:
                return assign(session, NOW, by_number(session, number), JOB).stage

        assert set(together(2, deed)) <= {"booked", "assigned", "conflict"}
        with town.read() as session:
            found = by_number(session, made.number)
            planned = [v.starts_at for v in found.visits if v.state == "planned"]
            assert planned == ([found.starts_at] if found.stage == "assigned" else [])
    assert leaks(town) == []


def test_twenty_bookings_move_into_a_slot_of_three_seats(town: Store) -> None:
    made = [books(town, order(f"c{n}", START), rules=MANY).number for n in range(20)]
    rules = VisitRules(seats=3)
    outcomes = together(20, lambda n: moves(town, made[n], at(26, 11), rules=rules).stage)
    assert outcomes == {"booked": 3, "slot_taken": 17}
    assert taken(town) == {START: 17, at(26, 11): 3}
    assert leaks(town) == []


def test_a_booker_and_a_mover_want_the_last_seat(town: Store) -> None:
    for turn in range(6):
        made = holds_and_books(town, f"m{turn}", START, service="domicile_certificate")
        wanted = at(27, 8 + turn)

        def deed(n: int, made: Booking = made, wanted: datetime = wanted, turn: int = turn) -> str:
            if n:
                return books(town, order(f"b{turn}", wanted), rules=ONE_SEAT).stage
            return moves(town, made.number, wanted, AGENT, rules=ONE_SEAT).stage

        outcomes = together(2, deed)
        assert outcomes["booked"] == 1
        assert set(outcomes) <= {"booked", "slot_taken", "hold_lost"}
        assert taken(town)[wanted] == 1
        cancels(town, made.number, AGENT)
    assert leaks(town) == []


def test_two_bookings_swap_their_slots_to_and_fro_without_waiting_for_ever(town: Store) -> None:
    slots = (START, at(26, 11))
    made = [books(town, order(f"c{n}", slots[n % 2]), rules=MANY).number for n in range(8)]

    def to_and_fro(n: int) -> str:
        for turn in range(1, 6):
            moves(town, made[n], slots[(n + turn) % 2], AGENT, rules=MANY)
        return "fine"

    assert together(8, to_and_fro) == {"fine": 8}
    assert leaks(town) == []


def test_the_constraint_alone_decides_without_any_lock_of_slots(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import booking.holds

    made = [books(town, order(f"c{n}", START), rules=MANY).number for n in range(12)]
    monkeypatch.setattr(booking.holds, "lock_slots", lambda *_: None)
    monkeypatch.setattr(booking.moving, "lock_slots", lambda *_: None)
    outcomes = together(12, lambda n: moves(town, made[n], at(26, 11), rules=VisitRules(seats=3)).stage)
    assert outcomes["booked"] == 3
    assert leaks(town) == []


def test_two_people_change_the_stage_and_only_one_of_them_does(town: Store) -> None:
    made = holds_and_books(town, start=START)
    engages(town)
    goes(town, made.number, "assigned")

    def deed(n: int) -> str:
        with town.begin() as session:
            found = by_number(session, made.number)
            actor, to = ((FIELD, "visited"), (Actor("agent", "1"), "citizen_absent"))[n]
            return change_stage(session, NOW, found, to, actor, expected_version=2).stage

    outcomes = together(2, deed)
    assert sum(outcomes.values()) == 2
    assert len(set(outcomes) & {"visited", "citizen_absent"}) == 1
    assert set(outcomes) - {"visited", "citizen_absent"} == {"conflict"}
    assert stands(town, made.number).version == 3


def test_a_rating_given_by_ten_threads_is_kept_once(town: Store) -> None:
    made = holds_and_books(town)
    goes_until(town, made.number, "delivered")

    def deed(n: int) -> str:
        with town.begin() as session:
            return str(rate(session, NOW, by_number(session, made.number), Rating(4)).rating)

    assert together(10, deed) == {"4": 10}
    assert counted(town, Feedback) == 1


def test_no_slot_is_ever_fuller_than_its_seats_in_a_crowd_that_moves_books_and_cancels(town: Store) -> None:
    rules = VisitRules(seats=2)
    hours = (8, 9, 10, 11)
    made = [books(town, order(f"c{n}", at(25, hours[n // 2])), rules=rules).number for n in range(8)]

    def restless(n: int) -> str:
        from booking.errors import BookingError

        for turn in range(4):
            try:
                if (n + turn) % 4 == 3:
                    books(town, order(f"x{n}-{turn}", at(26, hours[turn])), rules=rules)
                else:
                    day = 25 + (n + turn) % 2
                    moves(town, made[n], at(day, hours[(n * 3 + turn) % 4]), AGENT, rules=rules)
            except BookingError:
                continue
        if n == 0:
            cancels(town, made[0], AGENT)
        return "done"

    assert together(8, restless) == {"done": 8}
    assert max(taken(town).values()) <= 2
    assert leaks(town) == []
    with town.read() as session:
        per_slot = select(func.count(SeatClaim.id)).join(Slot).group_by(Slot.id)
        assert max(session.scalars(per_slot)) <= 2
        assert TEN not in taken(town)
