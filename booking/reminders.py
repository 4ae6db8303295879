"""Reminders of a visit: the evening before, and shortly before; and the question how it was, once, after delivery.

They are written when their time has come, not ahead, so that none of a visit that was moved or cancelled waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.notices import write_notice
from booking.stages import APPOINTED
from booking.wording import Notices
from booking.zone import ZONE, local
from models.bookings import Booking, BookingEvent
from models.feedback import Feedback
from models.notices import Notice
from models.slots import Slot
from models.store import Store

BATCH = 200  # notices written in one transaction
LEAST = timedelta(minutes=30)  # a later reminder of a visit is of no use
SETTLED = ("moved", "second_visit")  # events that give a booking its slot
ASKED_FOR = timedelta(days=14)  # how long after delivery a citizen may still be asked


@dataclass(frozen=True)
class ReminderRules:
    """The local hour of the evening reminder, the hours before a visit of the second one, and the hours after
    delivery from which the citizen is asked how it was."""

    evening_h: int = 18
    soon_h: float = 2.0
    ask_h: float = 24.0


Step = Callable[[Session, datetime, ReminderRules, Notices, int], tuple[int, int]]


def remind(store: Store, now: datetime, rules: ReminderRules, wording: Notices, step: Step) -> int:
    """Carry out `step` (one of the three below) in transactions of at most BATCH; how many notices were written."""
    written, last = 0, 0
    while True:
        with store.begin() as session:
            count, last = step(session, now, rules, wording, last)
        written += count
        if not last:
            return written


def evening(session: Session, now: datetime, rules: ReminderRules, wording: Notices, after: int = 0) -> tuple[int, int]:
    """Remind of tomorrow's visits, from the evening hour on until the quiet hours; not of those booked or moved since.

    One batch of bookings with ids over `after`: how many notices, and the last id (0: that was all).
    """
    today = local(now).date()
    since = datetime.combine(today, time(rules.evening_h), ZONE)
    if now < since or wording.quiet.quiet(now):
        return 0, 0
    begin = datetime.combine(today + timedelta(days=1), time(0), ZONE)
    end = min(wording.quiet.next(now) or begin, begin)  # "tomorrow" is right until midnight
    chosen = (Slot.starts_at >= begin) & (Slot.starts_at < begin + timedelta(days=1)) & ~_told("reminder_evening", end)
    found = list(_appointed(session, chosen, after))
    due = [booking for booking, settled in found if settled < since]
    for booking in due:
        write_notice(session, now, booking, "reminder_evening", wording, expires_at=end)
    return len(due), _more([booking for booking, _ in found])


def soon(session: Session, now: datetime, rules: ReminderRules, wording: Notices, after: int = 0) -> tuple[int, int]:
    """Remind of the visits that begin within the hours before; not of those booked or moved within them, and not when
    the quiet hours leave no time. As `evening`."""
    before = timedelta(hours=rules.soon_h)
    first = wording.quiet.after(now) + LEAST
    chosen = (Slot.starts_at >= first) & (Slot.starts_at <= now + before) & ~_told("reminder_soon", Slot.starts_at)
    found = list(_appointed(session, chosen, after))
    due = [booking for booking, settled in found if settled < booking.starts_at - before]
    for booking in due:
        write_notice(session, now, booking, "reminder_soon", wording)
    return len(due), _more([booking for booking, _ in found])


def ask(session: Session, now: datetime, rules: ReminderRules, wording: Notices, after: int = 0) -> tuple[int, int]:
    """Ask once how it was, where the certificate has been delivered and nobody has said it. As `evening`."""
    delivered = (
        select(BookingEvent.booking_id)
        .where(
            BookingEvent.to_stage == "delivered",
            BookingEvent.from_stage != "delivered",
            BookingEvent.at <= now - timedelta(hours=rules.ask_h),
            BookingEvent.at > now - ASKED_FOR,
        )
        .scalar_subquery()
    )
    asked = exists().where(Notice.booking_id == Booking.id, Notice.event == "feedback_ask")
    rated = exists().where(Feedback.booking_id == Booking.id)
    chosen = Booking.id.in_(delivered) & (Booking.stage == "delivered") & ~asked & ~rated & (Booking.id > after)
    found = list(session.scalars(select(Booking).where(chosen).order_by(Booking.id).limit(BATCH)))
    for booking in found:
        write_notice(session, now, booking, "feedback_ask", wording)
    return len(found), _more(found)


def _told(event: str, expires_at: datetime | InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Whether a booking has this reminder; one that was dropped with its visit does not count."""
    return exists().where(
        Notice.booking_id == Booking.id,
        Notice.event == event,
        Notice.expires_at == expires_at,
        Notice.state != "dropped",
    )


def _appointed(session: Session, chosen: ColumnElement[bool], after: int) -> Iterator[tuple[Booking, datetime]]:
    """Bookings whose visit is ahead, each with the time since when its slot has been settled."""
    moved = (
        select(func.max(BookingEvent.at))
        .where(BookingEvent.booking_id == Booking.id, BookingEvent.what.in_(SETTLED))
        .scalar_subquery()
    )
    found = (
        select(Booking, moved)
        .join(Slot, Booking.slot_id == Slot.id)
        .where(chosen, Booking.stage.in_(APPOINTED), Booking.id > after)
        .order_by(Booking.id)
        .limit(BATCH)
    )
    for booking, at in session.execute(found).all():
        yield booking, max(booking.created_at, at.replace(tzinfo=at.tzinfo or UTC)) if at else booking.created_at


def _more(found: list[Booking]) -> int:
    return found[-1].id if len(found) == BATCH else 0
