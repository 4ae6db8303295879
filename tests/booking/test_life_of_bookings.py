"""Bookings live at random: whatever people try, in any order, the store never contradicts itself."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from booking.actors import CALLER, JOB, Actor
from booking.assignment import assign
from booking.errors import BookingError
from booking.feedback import Rating, rate
from booking.moving import cancel, move
from booking.rules import VisitRules
from booking.stages import FINAL, NEXT, STAGES, allowed
from booking.staging import take
from booking.tracking import by_number, status
from models.bookings import Booking
from models.executives import Visit
from models.notices import Notice
from models.slots import SeatClaim
from models.store import Store
from tests.booking.life import engages
from tests.booking.town import NOW, at, books, found_town, order

RULES = VisitRules(seats=2)
ACTORS = [CALLER, JOB, Actor("agent", "7"), Actor("executive", "M-1"), Actor("office", "raipur"), Actor("admin", "1")]
SLOTS = [at(24, 9), at(24, 10), at(25, 9), at(26, 9)]


class Life(RuleBasedStateMachine):
    """Callers book, everybody changes bookings, the clock goes on."""

    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(f"sqlite:///{Path(self.folder.name) / 'life.db'}")
        self.store.upgrade()
        found_town(self.store)
        engages(self.store, "M-1")
        engages(self.store, "M-2")
        self.now = NOW
        self.names = count()

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def tries(self, deed: Any) -> bool:
        """Do something in a transaction; whether it was allowed."""
        try:
            with self.store.begin() as session:
                deed(session)
        except BookingError:
            return False
        return True

    @initialize(target=numbers)
    def the_first_books(self) -> str:
        return self.somebody_books(SLOTS[0])

    @initialize(target=numbers)
    def the_second_books(self) -> str:
        return self.somebody_books(SLOTS[1])

    @rule(target=numbers, start=st.sampled_from(SLOTS))
    def somebody_books(self, start: datetime) -> str:
        try:
            return books(self.store, order(f"c{next(self.names)}", start), now=self.now, rules=RULES).number
        except BookingError:
            return ""

    @rule(number=numbers, start=st.sampled_from(SLOTS), actor=st.sampled_from(ACTORS))
    def somebody_moves(self, number: str, start: datetime, actor: Actor) -> None:
        before = self.look(number)
        if self.tries(lambda s: move(s, self.now, RULES, by_number(s, number), start, actor)):
            assert self.look(number)[1] == start
        else:
            assert self.look(number) == before

    @rule(number=numbers, actor=st.sampled_from(ACTORS), really=st.sampled_from([False, False, True]))
    def somebody_cancels(self, number: str, actor: Actor, really: bool) -> None:
        if not really:
            return
        before = self.look(number)
        if self.tries(lambda s: cancel(s, self.now, RULES, by_number(s, number), actor, "why")):
            assert self.look(number)[0] == "cancelled"
        else:
            assert self.look(number) == before

    @rule(number=numbers, executive=st.sampled_from([None, "M-1", "M-2", "M-9"]), actor=st.sampled_from(ACTORS))
    def somebody_assigns(self, number: str, executive: str | None, actor: Actor) -> None:
        self.tries(lambda s: assign(s, self.now, by_number(s, number), actor, executive))

    @rule(number=numbers, to=st.sampled_from(sorted(STAGES)), actor=st.sampled_from(ACTORS))
    def somebody_changes_the_stage(self, number: str, to: str, actor: Actor) -> None:
        before = self.look(number)
        data = {"missing": ["photo"]}
        if self.tries(lambda s: take(s, self.now, by_number(s, number), to, actor, "why", data=data)):
            assert self.look(number)[0] == to
            assert before[0] == to or allowed(before[0], to, actor.role)
        else:
            assert self.look(number) == before

    @rule(number=numbers, steps=st.integers(1, 9))
    def the_ordinary_course_goes_on(self, number: str, steps: int) -> None:
        for _ in range(steps):
            stage, start, _ = self.look(number)
            following = NEXT.get(stage)
            if following is None or start is None:
                return
            if following == "assigned":
                done = self.tries(lambda s: assign(s, self.now, by_number(s, number), JOB))
            else:
                self.now = max(self.now, start) if following == "visited" else self.now
                done = self.tries(lambda s, to=following: take(s, self.now, by_number(s, number), to, ACTORS[-1]))
            if not done:
                return

    @rule(number=numbers, points=st.integers(0, 6))
    def somebody_rates(self, number: str, points: int) -> None:
        rated = self.tries(lambda s: rate(s, self.now, by_number(s, number), Rating(points)))
        assert not rated or self.look(number)[0] == "delivered"

    @rule(hours=st.sampled_from([1, 12, 26]))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(number=numbers)
    def somebody_asks(self, number: str) -> None:
        def asks(session: Any) -> None:
            booking = by_number(session, number)
            found = status(session, self.now, RULES, booking)
            assert (found.executive is not None) == (found.stage == "assigned")
            assert (found.next is None) == (found.stage in FINAL)
            assert not found.missing or found.stage != "submitted"

        self.tries(asks)

    def look(self, number: str) -> tuple[str, datetime | None, int]:
        with self.store.read() as session:
            row = session.scalars(select(Booking).where(Booking.number == number)).one_or_none()
            return (row.stage, row.starts_at, row.version) if row else ("", None, 0)

    @invariant()
    def no_slot_is_fuller_than_its_seats(self) -> None:
        with self.store.read() as session:
            per_slot = session.scalars(select(func.count(SeatClaim.id)).group_by(SeatClaim.slot_id))
            assert all(number <= RULES.seats for number in per_slot)

    @invariant()
    def every_booking_has_one_seat_in_its_slot_and_cancelled_ones_none(self) -> None:
        with self.store.read() as session:
            seats = dict(session.execute(select(SeatClaim.booking_id, SeatClaim.slot_id)).all())
            for row in session.scalars(select(Booking)):
                assert seats.get(row.id) == (None if row.stage == "cancelled" else row.slot_id)

    @invariant()
    def an_assigned_booking_has_one_planned_visit_at_its_time_and_others_none(self) -> None:
        with self.store.read() as session:
            planned = {v.booking_id: v for v in session.scalars(select(Visit).where(Visit.state == "planned"))}
            for row in session.scalars(select(Booking)):
                visit = planned.get(row.id)
                assert (visit is not None) == (row.stage == "assigned")
                if visit is not None:
                    assert (visit.starts_at, visit.executive_id) == (row.starts_at, row.executive_id)

    @invariant()
    def the_events_tell_the_whole_way_and_nothing_that_the_table_forbids(self) -> None:
        with self.store.read() as session:
            for row in session.scalars(select(Booking)):
                events = row.events
                assert events[0].from_stage is None
                assert events[-1].to_stage == row.stage
                for before, after in pairwise(events):
                    assert after.from_stage == before.to_stage
                    if after.to_stage != after.from_stage:
                        role = after.who.partition(":")[0]
                        assert allowed(after.from_stage, after.to_stage, role)  # type: ignore[arg-type]
                assert row.version == 1 + sum(e.what != "visit_dropped" for e in events[1:])

    @invariant()
    def each_version_of_an_event_is_told_once(self) -> None:
        with self.store.read() as session:
            names = session.execute(select(Notice.subject, Notice.event, Notice.version, Notice.channel)).all()
            assert len(names) == len(set(names))


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
