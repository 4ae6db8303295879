"""Reminders of a visit: the evening before, and shortly before; and the question how it was, once, after delivery.

They are written when their time has come, not ahead, so that none of a visit that was moved or cancelled waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.actors import JOB
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


@dataclass(frozen=True)
class Reminder:
    """Who is told `event` now: the bookings `chosen` (with their slots) whose slot was settled before a moment, given
    the start of the visit. `expires_at` is when the notice becomes useless, where its wording does not say so."""

    event: str
    chosen: ColumnElement[bool]
    settled_before: Callable[[datetime], datetime] | None = None
    expires_at: datetime | None = None


Step = Callable[[datetime, ReminderRules, Notices], Reminder | None]


def remind(store: Store, now: datetime, rules: ReminderRules, wording: Notices, step: Step) -> int:
    """Carry out `step` (one of the three below); how many notices were written.

    They are looked for among all bookings while no writer waits, and written in transactions of at most BATCH, each of
    which looks again at its own. What another run has in hand, or somebody is changing, is left to the next run.
    """
    reminder = step(now, rules, wording)
    if reminder is None:
        return 0
    with store.read() as session:
        ids = _due(session, reminder)
    written = 0
    for at in range(0, len(ids), BATCH):
        with store.begin() as session:
            some = ids[at : at + BATCH] if store.sqlite else _locked(session, ids[at : at + BATCH])
            some = _due(session, reminder, some)
            for booking in session.scalars(select(Booking).where(Booking.id.in_(some)).order_by(Booking.id)).all():
                write_notice(session, now, booking, reminder.event, wording, JOB, **_useless(reminder))
            written += len(some)
    return written


def evening(now: datetime, rules: ReminderRules, wording: Notices) -> Reminder | None:
    """Remind of tomorrow's visits, from the evening hour on until the quiet hours; not of those booked or moved
    since."""
    today = local(now).date()
    since = datetime.combine(today, time(rules.evening_h), ZONE)
    if now < since or wording.quiet.quiet(now):
        return None
    begin = datetime.combine(today + timedelta(days=1), time(0), ZONE)
    end = min(wording.quiet.next(now) or begin, begin)  # "tomorrow" is right until midnight
    ahead = (Slot.starts_at >= begin) & (Slot.starts_at < begin + timedelta(days=1)) & Booking.stage.in_(APPOINTED)
    return Reminder("reminder_evening", ahead & ~_told("reminder_evening", end), lambda _: since, end)


def soon(now: datetime, rules: ReminderRules, wording: Notices) -> Reminder:
    """Remind of the visits that begin within the hours before; not of those booked or moved within them, and not when
    the quiet hours leave no time."""
    before = timedelta(hours=rules.soon_h)
    first = wording.quiet.after(now) + LEAST
    ahead = (Slot.starts_at >= first) & (Slot.starts_at <= now + before) & Booking.stage.in_(APPOINTED)
    return Reminder("reminder_soon", ahead & ~_told("reminder_soon", Slot.starts_at), lambda start: start - before)


def ask(now: datetime, rules: ReminderRules, _: Notices) -> Reminder:
    """Ask once how it was, where the certificate has been delivered and nobody has said it."""
    delivered = exists().where(
        BookingEvent.booking_id == Booking.id,
        BookingEvent.to_stage == "delivered",
        BookingEvent.from_stage != "delivered",
        BookingEvent.at <= now - timedelta(hours=rules.ask_h),
        BookingEvent.at > now - ASKED_FOR,
    )
    # By the name of the booking, which is in an index with the event: all its notices need not be read.
    of_booking = Notice.subject == literal("booking:") + cast(Booking.id, String)
    asked = exists().where(of_booking, Notice.event == "feedback_ask")
    rated = exists().where(Feedback.booking_id == Booking.id)
    # Who was delivered to within that time was changed within it: so the others need not be looked at.
    lately = (Booking.stage == "delivered") & (Booking.updated_at > now - ASKED_FOR)
    return Reminder("feedback_ask", lately & ~asked & ~rated & delivered)  # nearly all have been asked


def _due(session: Session, reminder: Reminder, among: Sequence[int] | None = None) -> list[int]:
    """The ids of the bookings (`among` these) that are to be told, in order."""
    moved = (
        select(func.max(BookingEvent.at))
        .where(BookingEvent.booking_id == Booking.id, BookingEvent.what.in_(SETTLED))
        .scalar_subquery()
    )
    found = select(Booking.id, Booking.created_at, Slot.starts_at, moved).join(Slot, Booking.slot_id == Slot.id)
    if among is not None:
        found = found.where(Booking.id.in_(among))
    rows = session.execute(found.where(reminder.chosen).order_by(Booking.id)).all()
    before = reminder.settled_before
    return [id for id, made, start, at in rows if before is None or max(made, _utc(at) or made) < before(start)]


def _locked(session: Session, ids: Sequence[int]) -> Sequence[int]:
    """Those of `ids` that nobody else has locked, now locked by us (SQLite has one writer anyway): who looks at them
    after us finds them told."""
    free = select(Booking.id).where(Booking.id.in_(ids)).order_by(Booking.id)
    return session.scalars(free.with_for_update(key_share=True, skip_locked=True)).all()


def _utc(moment: datetime | None) -> datetime | None:
    # A maximum does not come through the column's type.
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _useless(reminder: Reminder) -> dict[str, datetime]:
    return {"expires_at": reminder.expires_at} if reminder.expires_at else {}


def _told(event: str, expires_at: datetime | InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Whether a booking has this reminder; one that was dropped with its visit does not count."""
    return exists().where(
        Notice.booking_id == Booking.id,
        Notice.event == event,
        Notice.expires_at == expires_at,
        Notice.state != "dropped",
    )
