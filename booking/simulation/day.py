"""One worker's day: the bookings of its citizens at their moments, and every two hours, but not at night, what is
done by the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.bookings import Order, book
from booking.errors import BookingError
from booking.holds import hold
from booking.jobs import Rules, all_jobs
from booking.notices import notices
from booking.reminders import ReminderRules
from booking.retention import RetentionRules
from booking.runs import run_due
from booking.sending import deliver_due
from booking.simulation.carrier import Carrier
from booking.simulation.field import Field
from booking.simulation.plan import HOURS, Plan, services_on, towns
from booking.slots import Wish, find
from booking.zone import ZONE
from models.base import table
from models.bookings import Booking
from models.prepared import Prepared
from models.store import Store

TICKS_H = (0, *range(6, 21, 2))
# Of citizens: who hangs up with a seat held, and who is heard twice (the carrier repeats a webhook).
HANGS_UP, REPEATED = 0.05, 0.05
ALL_SEND = 0.1  # of the hours, in which all processes try to send the same notices; else one sends
TYPED = 0.85  # addresses that are known at booking; of the others the desk has a task
_bookings = table(Booking).c
_MADE = Prepared(select(_bookings.id).where(_bookings.conversation_id == bindparam("conversation")))
Step = tuple[datetime, Callable[[datetime], None]]


@dataclass
class Worker:
    """The worker `number` of the plan; `outcomes` counts what it did, by name."""

    store: Store
    plan: Plan
    carrier: Carrier
    number: int
    outcomes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # The words of notices are kept until the end: they are compared with what the carrier has taken.
        kept = RetentionRules(transcripts_days=self.plan.days + 30)
        rules = Rules(self.plan.rules, ReminderRules(), notices(), retention=kept)
        self._jobs = all_jobs(self.store, rules)
        self._field = Field(self.store, self.plan, self.number, self.outcomes)
        with self.store.read() as session:
            self._towns = towns(session, self.plan)
        self._open: tuple[date, list[str]] = date.min, []

    def day(
        self,
        day: date,
        begin: int,
        done: Callable[[int], object] = lambda _: None,
        comes: Callable[[datetime], object] = lambda _: None,
    ) -> None:
        """All steps of `day` but the first `begin`, which were done before this process; `comes` is told the moment of
        each before it, `done` how many are done after it."""
        for n, (moment, step) in enumerate(self.steps(day)):
            if n >= begin:
                comes(moment)
                step(moment)
                done(n + 1)

    def steps(self, day: date) -> list[Step]:
        """What happens on `day`, in order. Every step may be done again by a process that does not know it was."""
        midnight = datetime.combine(day, time(0), ZONE)
        steps = list(self._calls(day, midnight))
        asleep = self.plan.draw("asleep", day).random() < 0.1  # the machine sleeps over midnight
        steps += [(midnight + timedelta(hours=h), self.tick) for h in TICKS_H if not (asleep and (h < 6 or h > 20))]
        steps.sort(key=lambda step: step[0])
        if self.plan.draw("set back", day).random() < 0.1:  # the clock was fast, and is set back over midnight
            after = midnight + timedelta(days=1, minutes=5)
            steps += [(after, self.tick), (after - timedelta(minutes=15), self.tick)]
        return steps

    def _calls(self, day: date, midnight: datetime) -> Iterator[Step]:
        for n in range(self.number, self.plan.bookings, self.plan.workers):
            at = midnight + timedelta(seconds=self.plan.draw("call", day, n).randrange(86_400))
            yield at, lambda now, n=n: self._call(day, n, now)  # type: ignore[misc]

    def tick(self, now: datetime) -> None:
        """The jobs, the notices, the executives and the offices."""
        for job in self._jobs:
            ran = run_due(self.store, now, job)
            if ran is not None and ran.error:
                self.outcomes[f"job {job.name}: {ran.error}"] += 1
        turn = self.plan.draw("sends", now)
        if turn.random() < ALL_SEND or turn.randrange(self.plan.workers) == self.number:
            self.deliver(now)
        self._field.work(now)

    def deliver(self, now: datetime) -> None:
        """Send until nothing is due."""
        self.carrier.now = now
        while True:
            report = deliver_due(self.store, now, {"sms": self.carrier}, notices())
            if not (report.sent + report.retried + report.failed):
                return

    def _call(self, day: date, n: int, now: datetime) -> None:
        """One citizen: finds a slot, holds it, books it."""
        draw = self.plan.draw("citizen", day, n)
        conversation = f"sim-{day}-{n}"
        with self.store.read() as session:
            known = _MADE.first(session, {"conversation": conversation})
            made = session.get_one(Booking, known.id) if known else None
            if made is not None and made.stage == "cancelled":  # later: the call was over
                return
            order = self._known(made) if made else None
            service = draw.choice(self._services(session, day))
            wish = Wish(draw.choice(self._towns), day + timedelta(days=draw.randrange(1, 5)), limit=HOURS)
            free = [] if order else find(session, now, self.plan.rules, wish).slots
        if order is None and not free:
            self.outcomes["nothing free"] += 1
            return
        serial = (day - self.plan.first).days * self.plan.bookings + n
        order = order or Order(
            conversation, service, wish.city, draw.choice(free).starts_at, f"{7_000_000_000 + serial}", "492001",
            language=draw.choice(("hi", "en")), address="12, Civil Lines" if draw.random() < TYPED else "",
        )  # fmt: skip
        self._book(order, now, hangs_up=draw.random() < HANGS_UP, times=2 if draw.random() < REPEATED else 1)

    def _book(self, order: Order, now: datetime, *, hangs_up: bool, times: int) -> None:
        rules = self.plan.rules
        try:
            with self.store.begin() as session:
                hold(session, now, rules, order.city, order.starts_at, order.conversation)
            if hangs_up:
                self.outcomes["hung up"] += 1
                return
            for _ in range(times):
                with self.store.begin() as session:
                    book(session, now, rules, order)
            self.outcomes["booked"] += 1
        except BookingError as error:
            self.outcomes[f"refused: {error.code}"] += 1

    def _services(self, session: Session, day: date) -> list[str]:
        if self._open[0] != day:
            self._open = day, services_on(session, day)
        return self._open[1]

    @staticmethod
    def _known(booking: Booking) -> Order:
        """The order of a booking that a process before this one has made."""
        return Order(
            booking.conversation_id, booking.service_id, booking.city_id, booking.starts_at, booking.mobile,
            booking.pin, language=booking.language,
        )  # fmt: skip
