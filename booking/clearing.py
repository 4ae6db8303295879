"""Moving the bookings out of a day that was closed, or of hours that were changed: each in a transaction of its own.

Which booking is to be moved is asked of the store each time and never kept: one that was moved does not stand there any
more. So a run that was broken off is simply gone on with, and two at once move nobody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking import audit
from booking.actors import Actor
from booking.audit import Deed, Who
from booking.changes import lock_booking
from booking.errors import Conflict, NotAllowed, ServiceClosed, SlotClosed, SlotTaken
from booking.moving import move
from booking.nearest import Vacancies
from booking.notices import Notices
from booking.rules import VisitRules
from booking.stranded import Stretch, is_stranded, stranded
from models.bookings import Booking
from models.opening import Clearing
from models.store import Store

TRIES = 5  # slots that others may take from under us before a booking is left to the desk


@dataclass(frozen=True)
class Report:
    """What a run did: bookings moved, and those left because there is no free slot for them."""

    moved: int = 0
    left: int = 0


def order(session: Session, now: datetime, who: str, where: Stretch, cause: str) -> Clearing:
    """Order that the bookings which cannot take place there are moved, in the transaction of what causes it."""
    row = Clearing(city_id=where.city, first_day=where.first, last_day=where.last, who=who, cause=cause, made_at=now)
    session.add(row)
    session.flush()
    return row


def under_way(session: Session) -> Sequence[Clearing]:
    """The orders that have not been carried out to the end."""
    return session.scalars(select(Clearing).where(Clearing.done_at.is_(None)).order_by(Clearing.id)).all()


def where_of(row: Clearing) -> Stretch:
    """Where bookings are moved."""
    return Stretch(row.city_id, row.first_day, row.last_day)


def clear_all(store: Store, now: datetime, rules: VisitRules, wording: Notices | None = None) -> Report:
    """Carry out what was ordered, also what another process has begun and not brought to its end."""
    with store.read() as session:
        ids = [row.id for row in under_way(session)]
    reports = [carry_out(store, now, rules, id, wording) for id in ids]
    return Report(sum(r.moved for r in reports), sum(r.left for r in reports))


def carry_out(store: Store, now: datetime, rules: VisitRules, clearing: int, wording: Notices | None = None) -> Report:
    """Move all bookings of an order, each with its notice; safe to repeat and to do at the same time."""
    with store.read() as session:
        row = session.get_one(Clearing, clearing)
        ids = [booking.id for booking in stranded(session, now, rules, where_of(row))]
    run = _Run(store, now, rules, row, Vacancies(now, rules), wording)
    moved = sum(run.move(id) for id in ids)
    return Report(moved, run.end())


@dataclass(frozen=True)
class _Run:
    """One carrying out of the order `row` (a copy that belongs to no session)."""

    store: Store
    now: datetime
    rules: VisitRules
    row: Clearing
    vacancies: Vacancies
    wording: Notices | None

    def move(self, id: int) -> bool:
        """Whether the booking was moved now."""
        for _ in range(TRIES):
            with self.store.begin() as session:
                booking = session.get_one(Booking, id)
                lock_booking(session, booking)
                if not is_stranded(session, self.now, self.rules, booking):
                    return False
                to = self.vacancies.take(session, booking)
                if to is None:
                    return False
                if (moved := self._moved(session, booking, to)) is not None:
                    return moved
        return False

    def _moved(self, session: Session, booking: Booking, to: datetime) -> bool | None:
        """None: the slot is gone, another may do."""
        actor = Actor("admin", self.row.who)
        try:
            move(session, self.now, self.rules, booking, to, actor, wording=self.wording, why=self.row.cause)
        except (SlotTaken, SlotClosed):
            self.vacancies.lost(booking, to)
            return None
        except (Conflict, NotAllowed, ServiceClosed):  # somebody else has changed it at this moment
            return False
        one_more = update(Clearing).where(Clearing.id == self.row.id).values(moved=Clearing.moved + 1)
        session.execute(one_more.execution_options(synchronize_session=False))
        return True

    def end(self) -> int:
        """Note that all has been tried; how many are left. Whoever is the first to say so is in the audit trail."""
        with self.store.begin() as session:
            left = len(stranded(session, self.now, self.rules, where_of(self.row)))
            this = update(Clearing).where(Clearing.id == self.row.id, Clearing.done_at.is_(None))
            done = this.values(done_at=self.now, left=left).returning(Clearing.moved)
            moved = session.scalar(done.execution_options(synchronize_session=False))
            if moved is not None:
                after = {"moved": moved, "left": left, "cause": self.row.cause}
                audit.note(session, self.now, Who(self.row.who), Deed("calendar.cleared", f"clearing:{self.row.id}",
                                                                       after=after))  # fmt: skip
            return left
