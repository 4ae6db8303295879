"""What executives, offices and citizens do with bookings that are made: visits and papers in lists, what citizens
decide each in a transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.changes import fees_paid
from booking.errors import BookingError
from booking.moving import cancel, move
from booking.simulation.plan import HOURS, Plan
from booking.slots import Wish, find
from booking.stages import APPOINTED, NEXT
from booking.staging import take
from booking.visits import no_show, second_visit
from booking.zone import local, utc
from models.bookings import Booking, BookingEvent
from models.slots import Slot
from models.store import Store

AGENT, OFFICE = Actor("agent", "7"), Actor("office", "1")
MOVES, CANCELS = 0.06, 0.06  # of citizens, in the evening after they have booked
MISSED, AWAY, LACKING = 0.03, 0.06, 0.04  # visits: the executive or the citizen is not there, documents are missing
AGAIN = 0.7  # of those who missed a visit, the others cancel
REFUSED = 0.02  # of those that the office looks at; all others it carries on to the end, a step a day
EVENING_H, OFFICE_H = 20, 12
LIST = 20  # bookings that are noted together: the visits of an hour, papers handed in, what an office decides
_AT_OFFICE = ("submitted", "approved", "certificate_ready", "out_for_delivery")
Act = Callable[[Session, Booking, datetime, Random], str]


@dataclass
class Field:
    """The share of one worker: every booking belongs to one by its id, though a killed one's may be done twice."""

    store: Store
    plan: Plan
    number: int
    outcomes: Counter[str]

    def work(self, now: datetime) -> None:
        """Everything that is to do at `now`."""
        begun = Slot.starts_at <= utc(now) - timedelta(hours=1)
        self._each(now, begun & Booking.stage.in_(("booked", "assigned")), self._visit, LIST)
        self._each(now, Booking.stage.in_(("visited", "fee_paid")), self._paper, LIST)
        self._each(now, Booking.stage.in_(("citizen_absent", "executive_absent", "documents_needed")), self._missed)
        hour = local(now).hour
        if hour == EVENING_H:
            lately = (Booking.created_at > now - timedelta(days=1)) & Booking.stage.in_(APPOINTED)
            moved = exists().where(BookingEvent.booking_id == Booking.id, BookingEvent.what == "moved")
            self._each(now, lately & (Slot.starts_at > utc(now)) & ~moved, self._second_thoughts)
        if hour == OFFICE_H:
            self._each(now, Booking.stage.in_(_AT_OFFICE), self._office, LIST)

    def _each(self, now: datetime, which: ColumnElement[bool], act: Act, together: int = 1) -> None:
        mine = Booking.id % self.plan.workers == self.number
        with self.store.read() as session:
            ids = list(session.scalars(select(Booking.id).join(Slot).where(which, mine).order_by(Booking.id)))
        for first in range(0, len(ids), together):
            self._do(now, ids[first : first + together], act)

    def _do(self, now: datetime, ids: list[int], act: Act) -> None:
        """All of them or none; where one is refused, each by itself."""
        these, outcomes = select(Booking).where(Booking.id.in_(ids)).order_by(Booking.id), []
        try:
            with self.store.begin() as session:
                for booking in list(session.scalars(these)):
                    draw = self.plan.draw("field", act.__name__, booking.id, booking.version)
                    outcomes.append(act(session, booking, now, draw))
        except BookingError as error:
            if len(ids) > 1:
                for id in ids:
                    self._do(now, [id], act)
                return
            outcomes = [f"refused: {error.code}"]
        self.outcomes.update(filter(None, outcomes))

    def _visit(self, session: Session, booking: Booking, now: datetime, draw: Random) -> str:
        if booking.stage == "booked":
            no_show(session, now, booking, "executive", AGENT)
            return "nobody was sent"
        chance, executive = draw.random(), Actor("executive", str(booking.executive_id))
        if chance < MISSED:
            no_show(session, now, booking, "executive", AGENT)
            return "executive absent"
        if chance < MISSED + AWAY:
            no_show(session, now, booking, "citizen", executive)
            return "citizen absent"
        take(session, now, booking, "visited", executive)
        if chance < MISSED + AWAY + LACKING:
            take(session, now, booking, "documents_needed", executive, data={"missing": ["identity"]})
            return "documents missing"
        return "visited"

    def _paper(self, session: Session, booking: Booking, now: datetime, draw: Random) -> str:
        executive = Actor("executive", str(booking.executive_id))
        if not fees_paid(session, [booking]):
            take(session, now, booking, "fee_paid", executive)
        take(session, now, booking, "submitted", executive)
        return "submitted"

    def _missed(self, session: Session, booking: Booking, now: datetime, draw: Random) -> str:
        if draw.random() >= AGAIN:
            cancel(session, now, self.plan.rules, booking, AGENT, "not wanted any more")
            return "given up"
        start = self._start(session, booking, now, draw)
        if start is None:
            return "nothing free"
        if booking.stage == "documents_needed":
            second_visit(session, now, self.plan.rules, booking, start, [], AGENT)
            return "second visit"
        move(session, now, self.plan.rules, booking, start, AGENT)
        return "new visit"

    def _second_thoughts(self, session: Session, booking: Booking, now: datetime, draw: Random) -> str:
        chance = self.plan.draw("second thoughts", booking.id).random()
        if chance < CANCELS:
            cancel(session, now, self.plan.rules, booking, CALLER, "not needed")
            return "cancelled"
        start = self._start(session, booking, now, draw) if chance < CANCELS + MOVES else None
        if start is None:
            return ""
        move(session, now, self.plan.rules, booking, start, CALLER)
        return "moved"

    def _office(self, session: Session, booking: Booking, now: datetime, draw: Random) -> str:
        if booking.stage == "submitted":
            take(session, now, booking, "in_verification", OFFICE)
            refused = draw.random() < REFUSED
            take(
                session, now, booking, "rejected" if refused else "approved", OFFICE, "not eligible" if refused else ""
            )
        else:
            take(session, now, booking, str(NEXT[booking.stage]), OFFICE)
        return booking.stage

    def _start(self, session: Session, booking: Booking, now: datetime, draw: Random) -> datetime | None:
        day = local(now).date() + timedelta(days=draw.randrange(1, 5))
        free = find(session, now, self.plan.rules, Wish(booking.city_id, day, limit=HOURS)).slots
        others = [slot.starts_at for slot in free if slot.starts_at != booking.starts_at]
        return draw.choice(others) if others else None
