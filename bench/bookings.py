"""Many bookings at once, by us and by the bare driver, into the same store."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from bench.bare import Recording, Replay, connector, recorded
from booking.bookings import Order, book
from booking.errors import HoldLost, SlotTaken
from booking.holds import hold
from booking.rules import VisitRules
from booking.seed import seed
from booking.zone import ZONE, utc
from models.bookings import Booking, BookingEvent
from models.notices import Notice
from models.slots import SeatClaim, Slot
from models.store import Store

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)
SEATS = 1000
AHEAD = 75  # days with slots: more than WIDE in the seeded cities
HOT, WIDE = 10, 10_000
RUSH_SEATS = 3
SERVICE = "birth_certificate"
# Ids begin here, so that in the recorded booking no two values are alike.
FIRST_CLAIM, FIRST_BOOKING = 700_000, 800_000
_numbers = count(1)

Place = tuple[int, str, datetime]  # a slot: id, city, start


@dataclass
class Run:
    """What came of `bookings` by so many threads: seconds of the whole and of each transaction."""

    bookings: int
    seconds: float
    took: list[float]
    refused: int = 0

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Run:
        """Several runs as one."""
        took = [seconds for run in runs for seconds in run.took]
        return cls(sum(run.bookings for run in runs), sum(run.seconds for run in runs), took)

    @property
    def rate(self) -> float:
        """Bookings a second."""
        return self.bookings / self.seconds


@dataclass
class Ground:
    """A store with slots to book; those from WIDE on are taken ten by ten, so that each hot run finds empty ones."""

    store: Store
    slots: list[Place]
    recording: Recording
    hot: Iterator[int] = field(default_factory=lambda: count(WIDE, HOT))
    seats: Counter[int] = field(default_factory=Counter)
    replays: list[Replay] = field(default_factory=list)
    flush_s: float = 0.0

    def replay(self, n: int) -> Replay:
        """The bare driver's connection of the `n`-th thread, kept as the pool keeps ours."""
        while n >= len(self.replays):
            self.replays.append(Replay(connector(self.store.engine.url)(), self.recording))
        self.replays[n].flush_s = self.flush_s
        return self.replays[n]

    def close(self) -> None:
        """Close all connections."""
        for replay in self.replays:
            replay.connection.close()
        self.store.close()

    @contextmanager
    def slower(self, flush_s: float) -> Iterator[None]:
        """Meanwhile a commit takes so many seconds longer, as on a disk that takes so long to flush: it is waited for
        where SQLite flushes, while nobody else can write."""

        def flush(_connection: object) -> None:
            time.sleep(flush_s)

        event.listen(self.store.engine, "commit", flush)
        self.flush_s = flush_s
        try:
            yield
        finally:
            event.remove(self.store.engine, "commit", flush)
            self.flush_s = 0.0

    def top_seat(self, place: Place) -> int:
        """A seat for the bare driver, which does not look for one: from above, where ours are taken from below."""
        self.seats[place[0]] += 1
        return SEATS - self.seats[place[0]]

    def places(self, spread: str, bookings: int) -> list[Place]:
        """A slot for each booking."""
        if spread == "wide":
            return [self.slots[(next(_numbers) * 7) % WIDE] for _ in range(bookings)]
        first = next(self.hot)
        return [self.slots[first + n % HOT] for n in range(bookings)]


def ground(url: str) -> Ground:
    """An empty store at `url`, migrated, seeded, with one booking made and recorded."""
    store = Store(url)
    store.upgrade()
    with store.begin() as session:
        seed(session, NOW, VisitRules(ahead_days=AHEAD))
    with store.begin() as session:
        found = select(Slot.id, Slot.city_id, Slot.starts_at).where(Slot.starts_at > utc(NOW).replace(hour=20))
        # Days first, so that neighbours in the list are of different cities.
        slots = [(i, city, at) for i, city, at in session.execute(found.order_by(Slot.starts_at, Slot.city_id))]
        last = slots.pop()
        _first_ids(session, last)
    with recorded(store.engine) as recording:
        _book(store, order("sample", last, 0), VisitRules(seats=SEATS, ahead_days=AHEAD), [])
    recording.values = _sample(store, last)
    return Ground(store, slots, recording)


def order(conversation: str, slot: Place, number: int) -> Order:
    """An order for the slot."""
    mobile = f"98264{number:05}"
    return Order(conversation, SERVICE, slot[1], slot[2], mobile, "492001", language="en", caller=f"+91{mobile}")


def ours(ground: Ground, spread: str, threads: int, bookings: int) -> Run:
    """Hold and book through the domain functions."""
    rules, places = VisitRules(seats=SEATS, ahead_days=AHEAD), ground.places(spread, bookings)

    def act(n: int, took: list[float]) -> None:
        _book(ground.store, order(f"ours-{next(_numbers)}", places[n], n), rules, took)

    return _together(threads, bookings, lambda _: act)


def bare(ground: Ground, spread: str, threads: int, bookings: int) -> Run:
    """The recorded statements through the bare driver, a connection for each thread."""
    sqlite = ground.store.sqlite
    given = [_given(sqlite, p, n, ground.top_seat(p)) for n, p in enumerate(ground.places(spread, bookings))]

    def actor(thread: int) -> Callable[[int, list[float]], None]:
        replay = ground.replay(thread)
        return lambda n, took: took.extend(replay.book(given[n]))

    return _together(threads, bookings, actor)


def rush(ground: Ground, threads: int) -> Run:
    """Everybody wants the same HOT slots of RUSH_SEATS seats; how many got none."""
    places = ground.places("hot", HOT)
    refused: list[int] = []

    def act(n: int, took: list[float]) -> None:
        try:
            what = order(f"rush-{next(_numbers)}", places[n % HOT], n)
            _book(ground.store, what, VisitRules(seats=RUSH_SEATS, ahead_days=AHEAD), took)
        except (SlotTaken, HoldLost):
            refused.append(n)

    run = _together(threads, threads * HOT, lambda _: act)
    run.refused = len(refused)
    return run


def problems(ground: Ground, made: int, rushed: Run) -> list[str]:
    """What is wrong in the store afterwards: `made` bookings must be there, each whole, and no seat sold twice."""
    with ground.store.read() as session:
        counts = {t.__tablename__: session.scalar(select(func.count()).select_from(t)) for t in (BookingEvent, Notice)}
        booked = SeatClaim.booking_id.is_not(None)
        counts["seats"] = session.scalar(select(func.count(func.distinct(SeatClaim.booking_id))).where(booked))
        counts["bookings"] = (session.scalar(select(func.count(Booking.id))) or 0) - 1  # that which sets the first id
        seats = select(SeatClaim.slot_id).where(booked).group_by(SeatClaim.slot_id).having(func.count() > SEATS)
        oversold = len(session.scalars(seats).all())
    found = [f"{n} {what}, not {made}" for what, n in counts.items() if n != made]
    sold, seats_there = rushed.bookings - rushed.refused, min(HOT * RUSH_SEATS, rushed.bookings)
    if sold != seats_there:
        found.append(f"{sold} of {seats_there} seats sold in the rush")
    return found + ([f"{oversold} slots oversold"] if oversold else [])


def _book(store: Store, what: Order, rules: VisitRules, took: list[float]) -> None:
    began = time.perf_counter()
    with store.begin() as session:
        hold(session, NOW, rules, what.city, what.starts_at, what.conversation)
    held = time.perf_counter()
    with store.begin() as session:
        book(session, NOW, rules, what)
    took += [held - began, time.perf_counter() - held]


def _together(threads: int, bookings: int, actor: Callable[[int], Callable[[int, list[float]], None]]) -> Run:
    """Let `threads` threads share `bookings`, beginning at the same moment."""
    gate, took, errors = threading.Barrier(threads + 1), [], []

    acts = [actor(n) for n in range(threads)]

    def work(first: int) -> None:
        act, mine = acts[first], list[float]()
        gate.wait()
        try:
            for n in range(first, bookings, threads):
                act(n, mine)
        except Exception as error:
            errors.append(error)
        took.extend(mine)

    started = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in started:
        thread.join()
    if errors:
        raise errors[0]
    return Run(bookings, time.perf_counter() - began, took)


def _given(sqlite: bool, slot: Place, n: int, seat: int) -> dict[str, Any]:
    """What differs between bookings, by name, as the driver takes it."""
    what = order(f"bare-{next(_numbers)}", slot, n)
    return {
        "conversation": what.conversation,
        "slot": slot[0],
        "city": slot[1],
        "starts_at": _driven(sqlite, slot[2]),
        "replay_key": what.replay_key,
        "mobile": what.mobile,
        "caller": what.caller,
        "number": f"{next(_numbers):08}",  # ours look for a free one; by chance two of some thousands would be alike
        "seat": seat,
    }


def _driven(sqlite: bool, moment: datetime) -> Any:
    return f"{utc(moment):%Y-%m-%d %H:%M:%S.%f}" if sqlite else utc(moment)


def _first_ids(session: Session, slot: Place) -> None:
    """Let claims and bookings begin at high ids: in the booking that is recorded no two values may be alike."""
    far = NOW + timedelta(days=3650)
    session.add(SeatClaim(id=FIRST_CLAIM, slot_id=slot[0], seat=SEATS, conversation_id="first", expires_at=far))
    about = {"service_id": SERVICE, "city_id": slot[1], "slot_id": slot[0], "mobile": "", "pin": "", "language": "en"}
    times = {"created_at": NOW, "updated_at": NOW}
    made = {"number": "", "conversation_id": "first", "stage": "cancelled", "visit_fee": 0}
    session.add(Booking(id=FIRST_BOOKING, **about, **times, **made))
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        for table, first in (("seat_claims", FIRST_CLAIM), ("bookings", FIRST_BOOKING)):
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first})"))


def _sample(store: Store, slot: Place) -> dict[Any, str]:
    """By value of the recorded booking: what it is."""
    what = order("sample", slot, 0)
    with store.read() as session:
        booking = session.scalars(select(Booking).where(Booking.conversation_id == "sample")).one()
        claim = session.scalars(select(SeatClaim.id).where(SeatClaim.booking_id == booking.id)).one()
        ids = {claim: "seat_claims", booking.id: "bookings", f"booking:{booking.id}": "subject"}
        number = booking.number
    names = {"number": number, "conversation": what.conversation, "slot": slot[0], "city": slot[1]}
    names |= {"mobile": what.mobile, "caller": what.caller, "replay_key": what.replay_key}
    names |= {"starts_at": _driven(store.sqlite, slot[2])}
    return {value: name for name, value in names.items()} | ids
