"""Several processes plan visits at once: nobody is at two places, nobody has more visits than his capacity."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

import booking.assigning
import booking.assignment
from booking.absences import absent
from booking.assigning import assign_all
from booking.errors import BookingError
from booking.tracking import by_number
from booking.zone import local_day
from models.bookings import Booking
from models.executives import Executive, Visit
from models.notices import Notice
from models.store import Store
from tests.booking.life import AGENT, cancels, moves
from tests.booking.team import MANY, assigns, assigns_due, booked, executive, hires
from tests.booking.test_race import together
from tests.booking.town import NOW, at, found_town

ROOT = Path(__file__).parents[2]


def whole(store: Store) -> int:
    """Check that visits, bookings and notices fit together; how many visits are planned."""
    with store.read() as session:
        planned = list(session.scalars(select(Visit).where(Visit.state == "planned")))
        assert len({(v.executive_id, v.starts_at) for v in planned}) == len(planned)
        a_day = Counter((v.executive_id, local_day(v.starts_at)) for v in planned)
        capacity = {e.id: e.capacity for e in session.scalars(select(Executive))}
        assert all(number <= capacity[who] for (who, _), number in a_day.items())
        bookings = {b.id: b for b in session.scalars(select(Booking))}
        assert {v.booking_id for v in planned} == {b.id for b in bookings.values() if b.stage == "assigned"}
        assert all(bookings[v.booking_id].executive_id == v.executive_id for v in planned)
        assert all(bookings[v.booking_id].starts_at == v.starts_at for v in planned)
        told = Counter(session.scalars(select(Notice.booking_id).where(Notice.event == "assigned")))
        assert all(told[v.booking_id] >= 1 for v in planned)
        return len(planned)


def test_twelve_threads_assign_everything_once(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking.assigning, "BATCH", 4)
    hires(town, *(executive(f"M-{n}", capacity=4) for n in range(3)))
    for n in range(20):
        booked(town, f"c{n}", at(23, 8 + n // 4))
    assert together(12, lambda _: assign_all(town, NOW) and "fine") == {"fine": 12}
    assert whole(town) == 12  # three executives, four visits each
    with town.read() as session:
        assert set(Counter(session.scalars(select(Visit.executive_id))).values()) == {4}


def test_agents_who_assign_the_same_booking_plan_one_visit(town: Store) -> None:
    hires(town, *(executive(f"M-{n}") for n in range(8)))
    number = booked(town)
    outcomes = together(8, lambda n: assigns(town, number, f"M-{n}").stage)
    assert set(outcomes) <= {"assigned", "conflict"}
    assert outcomes["assigned"] >= 1
    assert whole(town) == 1


def act(call: object) -> str:
    try:
        assert callable(call)
        call()
    except BookingError as error:
        return error.code
    return "fine"


def test_agents_runs_absences_moves_and_cancellations_at_once_leave_nothing_torn(town: Store) -> None:
    hires(town, *(executive(f"M-{n}", capacity=6) for n in range(4)))
    numbers = [booked(town, f"c{n}", at(24, 8 + n // 3)) for n in range(18)]
    assigns_due(town, at(22, 8))

    def away(n: int) -> None:
        with town.begin() as session:
            absent(session, NOW, f"M-{n // 6 % 2}", at(24, 8).date(), AGENT)

    deeds = [
        lambda n: away(n),
        lambda n: moves(town, numbers[n], at(24, 15 + n % 3), AGENT, NOW, MANY),
        lambda n: cancels(town, numbers[n], AGENT),
        lambda n: assigns(town, numbers[n], f"M-{n % 4}"),
        lambda n: assigns_due(town),
        lambda n: assigns(town, numbers[17 - n]),
    ]
    outcomes = together(18, lambda n: act(lambda: deeds[n % 6](n)))
    assert set(outcomes) <= {"fine", "conflict", "nobody_free", "not_allowed"}
    assigns_due(town)
    assert whole(town) > 0
    with town.read() as session:
        first = session.scalars(select(Visit).where(Visit.state == "planned", Visit.executive_id.in_(["M-0", "M-1"])))
        assert first.all() == []


def test_the_constraint_alone_keeps_executives_apart_without_any_lock(
    town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The lock is for capacity, and spares transactions waiting for each other; it is not what keeps visits apart.
    monkeypatch.setattr(booking.assignment, "lock_city", lambda *_: None)
    hires(town, *(executive(f"M-{n}") for n in range(5)))
    numbers = [booked(town, f"c{n}") for n in range(10)]
    assert together(10, lambda n: act(lambda: assigns(town, numbers[n]))) == {"fine": 5, "nobody_free": 5}
    assert whole(town) == 5


PROGRAM = """
import os, sys
import booking.assigning
from booking.assigning import assign_all
from models.store import Store
from tests.booking.town import NOW

booking.assigning.BATCH = 3
gate, start = os.pipe()
for n in range(8):
    if os.fork() == 0:
        os.close(start)
        os.read(gate, 1)  # all wait here until the parent closes its end
        os.write(1, f"{assign_all(Store(sys.argv[1]), NOW).assigned}\\n".encode())
        os._exit(0)
os.close(start)
for n in range(8):
    os.wait()
"""


def test_eight_processes_assign_everything_once(town: Store) -> None:
    hires(town, *(executive(f"M-{n}", capacity=4) for n in range(3)))
    for n in range(20):
        booked(town, f"c{n}", at(23, 8 + n // 4))
    url = town.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert sum(map(int, done.stdout.split())) == whole(town) == 12, done.stderr


def test_a_run_passes_over_a_booking_that_somebody_is_changing(postgres_url: str) -> None:
    # On PostgreSQL; SQLite has one writer at a time.
    town = Store(postgres_url)
    found_town(town)
    hires(town, executive("M-1"), executive("M-2"))
    first, second = booked(town, "c1"), booked(town, "c2")
    with town.begin() as session:
        locked = session.scalars(select(Booking).where(Booking.number == first).with_for_update(of=Booking)).one()
        assert assigns_due(town).assigned == 1
        assert locked.stage == "booked"
    with town.read() as session:
        assert [by_number(session, n).stage for n in (first, second)] == ["booked", "assigned"]
    assert assigns_due(town).assigned == 1
    town.close()


def test_citizens_book_while_a_city_is_being_planned(postgres_url: str) -> None:
    # On PostgreSQL; a lock that a new booking's reference to its city had to wait for would stop all callers.
    town = Store(postgres_url)
    found_town(town)
    with town.begin() as session:
        booking.assignment.lock_city(session, "raipur")
        assert booked(town)
    town.close()
