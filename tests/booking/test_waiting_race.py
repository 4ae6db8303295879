"""Several processes offer, take, leave and let lapse at the same moment: no seat twice, nobody two seats."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking.bookings import book
from booking.errors import BookingError, Conflict
from booking.holds import hold
from booking.rules import VisitRules
from booking.waiting import lapse_due, leave, offer_freed, take
from models.bookings import Booking
from models.notices import Notice
from models.slots import SeatClaim
from models.store import Store
from models.waiting import Waiting
from tests.booking.grievances import told, waits
from tests.booking.town import at, order

FEW = VisitRules(seats=1, first_slot_h=10, last_end_h=13)
NOON = at(22, 12)
END = NOON + timedelta(minutes=120)


def together(*acts: Callable[[], object]) -> Counter[str]:
    """Carry out all at the same moment; what came of it."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcome = str(act())
        except BookingError as error:
            outcome = error.code
        except Exception as error:
            outcome = repr(error)
        outcomes[outcome] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def offering(store: Store, now: object = NOON) -> Callable[[], int]:
    def act() -> int:
        with store.begin() as session:
            return offer_freed(session, now, FEW).offered  # type: ignore[arg-type]

    return act


def test_eight_offering_at_once_offer_each_seat_once_and_nobody_two(town: Store) -> None:
    rows = [waits(town, f"98123456{n:02d}") for n in range(10)]  # six seats on the two days
    outcomes = together(*[offering(town)] * 8)
    assert sum(int(n) * times for n, times in outcomes.items()) == 6
    with town.read() as session:
        held = session.execute(select(SeatClaim.slot_id, SeatClaim.conversation_id)).all()
        assert len({slot for slot, _ in held}) == len({who for _, who in held}) == len(held) == 6
        states = [session.get_one(Waiting, r.id).state for r in rows]
        assert states == ["offered"] * 6 + ["waiting"] * 4
        assert session.scalar(select(func.count(Notice.id)).where(Notice.event == "waiting_offer")) == 6


def test_offering_against_callers_who_hold_never_sells_a_seat_twice(town: Store) -> None:
    for n in range(6):
        waits(town, f"98123456{n:02d}")

    def calling(n: int) -> Callable[[], str]:
        def act() -> str:
            start = at(23 + n % 2, 10 + n % 3)
            with town.begin() as session:
                hold(session, NOON, FEW, "raipur", start, f"call-{n}")
            with town.begin() as session:
                book(session, NOON, FEW, order(f"call-{n}", start))
            return "booked"

        return act

    outcomes = together(*[offering(town)] * 3, *(calling(n) for n in range(9)))
    assert set(outcomes) <= {"booked", "slot_taken", "hold_lost", *map(str, range(7))}
    with town.read() as session:
        assert session.scalar(select(func.count(SeatClaim.id))) == 6
        assert session.scalar(select(func.count(func.distinct(SeatClaim.slot_id)))) == 6


def test_taking_at_the_moment_of_lapse_either_books_or_passes_the_seat_on(town: Store) -> None:
    first = waits(town, "9812345601", last_day=at(23, 0).date())
    offering(town)()

    def taking(now: object) -> Callable[[], str]:
        def act() -> str:
            with town.begin() as session:
                return take(session, now, FEW, session.get_one(Waiting, first.id)).stage  # type: ignore[arg-type]

        return act

    def lapsing() -> str:
        with town.begin() as session:
            lapse_due(session, END)
        return "lapsed"

    outcomes = together(*[taking(END - timedelta(seconds=1))] * 3, *[lapsing] * 3)
    with town.read() as session:
        row = session.get_one(Waiting, first.id)
        bookings = session.scalar(select(func.count(Booking.id)))
        held = session.scalar(select(func.count(SeatClaim.id)).where(SeatClaim.conversation_id.is_not(None)))
    assert held == 0
    if outcomes["booked"]:
        assert (row.state, bookings, outcomes["booked"]) == ("taken", 1, 3)
    else:
        assert (row.state, bookings, outcomes["not_allowed"]) == ("waiting", 0, 3)


def test_who_has_seen_an_older_version_neither_takes_nor_leaves_what_was_offered_meanwhile(town: Store) -> None:
    row = waits(town)
    offering(town)()
    with town.begin() as session, pytest.raises(Conflict):
        take(session, NOON, FEW, session.get_one(Waiting, row.id), expected_version=row.version)
    with town.begin() as session, pytest.raises(Conflict):
        leave(session, NOON, session.get_one(Waiting, row.id), row.version)
    with town.begin() as session:
        offered = session.get_one(Waiting, row.id)
        assert offered.state == "offered"
        seen = offered.version
        booking = take(session, NOON, FEW, offered, expected_version=seen)
        assert take(session, NOON, FEW, offered, expected_version=seen) is booking


def test_ten_lines_of_one_citizen_join_once(town: Store) -> None:
    outcomes = together(*[lambda: waits(town).id] * 10)
    assert list(outcomes.values()) == [10]
    assert told(town, waiting_id=int(next(iter(outcomes)))) == ["waiting_joined"]


def test_whatever_is_done_in_whatever_order_every_seat_has_one_owner(town: Store) -> None:
    chance = random.Random(14545)
    rows = [waits(town, f"98123456{n:02d}") for n in range(12)]
    now = NOON

    def change(act: Callable[..., object], row: Waiting) -> Callable[[], str]:
        def run() -> str:
            with town.begin() as session:
                mine = session.get_one(Waiting, row.id)
                act(session, now, FEW, mine) if act is take else act(session, now, mine)
            return "done"

        return run

    def lapsing() -> str:
        with town.begin() as session:
            lapse_due(session, now)
        return "done"

    for _ in range(8):
        acts = [change(chance.choice([take, take, leave]), chance.choice(rows)) for _ in range(4)]
        outcomes = together(offering(town, now), offering(town, now), lapsing, *acts)
        assert set(outcomes) <= {"done", "not_allowed", "too_late", *map(str, range(13))}
        _sound(town, now)
        now += timedelta(minutes=chance.choice([5, 60, 125]))


def _sound(store: Store, now: datetime) -> None:
    with store.read() as session:
        claims = session.scalars(select(SeatClaim)).all()
        rows = session.scalars(select(Waiting)).all()
        # An offer that is over counts for nothing, also where the run that ends it has passed over it because somebody
        # was just trying to take it: its seat may have gone on already.
        held = {c.conversation_id: c.slot_id for c in claims if c.expires_at and c.expires_at > now}
        assert held == {
            f"waiting-{r.id}": r.slot_id for r in rows if r.state == "offered" and r.offer_until and r.offer_until > now
        }
        assert len({(c.slot_id, c.seat) for c in claims}) == len(claims) <= 6
        booked = {c.booking_id for c in claims if c.booking_id}
        assert booked == {r.booking_id for r in rows if r.state == "taken"}
        offers = Counter(session.scalars(select(Notice.waiting_id).where(Notice.event == "waiting_offer")))
        assert {r.id: r.offers for r in rows if r.offers} == offers
