"""The race that a count before an insert loses (22 bookings for 3 seats): here by threads and by processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import booking.locked
from booking.errors import BookingError
from booking.jobs import release_expired
from booking.rules import VisitRules
from models.bookings import Booking
from models.notices import Notice
from models.prepared import Prepared
from models.slots import SeatClaim
from models.store import Store
from tests.booking.town import MINUTE, NOW, TEN, at, books, holds, order

ROOT = Path(__file__).parents[2]
THREE = VisitRules(seats=3)


def together(number: int, act: Callable[[int], str]) -> Counter[str]:
    """Let `number` threads act at the same moment; what came of it."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(number)

    def run(n: int) -> None:
        gate.wait()
        try:
            outcome = act(n)
        except BookingError as error:
            outcome = error.code
        except Exception as error:
            outcome = repr(error)
        outcomes[outcome] += 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_fifty_threads_book_three_seats_three_times(town: Store) -> None:
    def hold_and_book(n: int) -> str:
        holds(town, f"c{n}", rules=THREE)
        return books(town, order(f"c{n}"), rules=THREE).stage

    assert together(50, hold_and_book) == {"booked": 3, "slot_taken": 47}
    with town.read() as session:
        assert session.scalar(select(func.count(Booking.id))) == 3
        assert session.scalar(select(func.count(Notice.id))) == 3
        assert sorted(session.scalars(select(SeatClaim.seat).where(SeatClaim.booking_id.is_not(None)))) == [1, 2, 3]
        assert len(set(session.scalars(select(Booking.number)))) == 3


def test_fifty_threads_booking_without_a_hold_get_no_more_seats(town: Store) -> None:
    outcomes = together(50, lambda n: books(town, order(f"c{n}"), rules=THREE).stage)
    assert outcomes == {"booked": 3, "hold_lost": 47}


def test_the_constraint_alone_decides_without_any_lock(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # The lock only spares transactions waiting for each other in a circle; it is not what keeps seats apart.
    monkeypatch.setattr(booking.locked, "_READ", Prepared(booking.locked._FOUND))

    def hold_and_book(n: int) -> str:
        holds(town, f"c{n}", rules=THREE)
        return books(town, order(f"c{n}"), rules=THREE).stage

    assert together(30, hold_and_book) == {"booked": 3, "slot_taken": 27}


def test_an_order_replayed_by_twenty_threads_books_once(town: Store) -> None:
    holds(town, "c1", rules=THREE)
    numbers = together(20, lambda _: books(town, order("c1"), rules=THREE).number)
    assert list(numbers.values()) == [20]
    with town.read() as session:
        assert session.scalar(select(func.count(Notice.id))) == 1


def test_callers_who_swap_slots_never_wait_for_each_other_for_ever(town: Store) -> None:
    def to_and_fro(n: int) -> str:
        for turn in range(6):
            holds(town, f"c{n}", (TEN, at(23, 11))[(n + turn) % 2], rules=VisitRules(seats=50))
        return "fine"

    assert together(12, to_and_fro) == {"fine": 12}
    with town.read() as session:
        assert session.scalar(select(func.count(SeatClaim.id))) == 12


PROGRAM = """
import os, sys
from booking.errors import BookingError
from booking.rules import VisitRules
from models.store import Store
from tests.booking.town import books, holds, order

def race(name):
    store, rules = Store(sys.argv[1]), VisitRules(seats=3)
    try:
        holds(store, name, rules=rules)
        return books(store, order(name), rules=rules).stage
    except BookingError as error:
        return error.code

gate, start = os.pipe()
for n in range(24):
    if os.fork() == 0:
        os.close(start)
        os.read(gate, 1)  # all wait here until the parent closes its end
        os.write(1, (race(f"c{n}") + "\\n").encode())
        os._exit(0)
os.close(start)
for n in range(24):
    os.wait()
"""


def test_twenty_four_processes_book_three_seats_three_times(sqlite_url: str, sqlite_town: Store) -> None:
    # On SQLite, where threads queue in the process and only processes race; PostgreSQL serves each thread by a process.
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, sqlite_url], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert Counter(done.stdout.split()) == {"booked": 3, "slot_taken": 21}, done.stderr


def test_a_hold_that_becomes_a_booking_is_not_cleared_by_the_job_of_a_process_whose_clock_is_ahead(
    town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = booking.bookings._insert
    jobs: list[threading.Thread] = []

    def meanwhile(session: Session, values: dict[str, Any]) -> Booking:
        def job() -> None:
            with town.begin() as other:
                release_expired(other, NOW + 6 * MINUTE)

        jobs.append(threading.Thread(target=job))
        jobs[-1].start()
        jobs[-1].join(0.5)  # on SQLite it waits for the booking
        return insert(session, values)

    monkeypatch.setattr(booking.bookings, "_insert", meanwhile)
    holds(town, "c1")
    made = books(town, order("c1"))
    jobs[0].join()
    with town.read() as session:
        assert session.scalars(select(SeatClaim.booking_id)).all() == [made.id]
