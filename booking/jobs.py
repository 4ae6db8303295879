"""Jobs: what is done by the clock and not by a caller. Each can run at any time, in several processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.assigning import assign_all
from booking.clearing import clear_all
from booking.complaint_stages import ComplaintRules
from booking.complaints import close_due
from booking.desk.rules import DeskRules
from booking.desk.stranded_tasks import gather_stranded
from booking.desk.task_sources import gather
from booking.desk.visit_tasks import gather_visits
from booking.escalation import escalate_due
from booking.offers import lapse_all, offer_all
from booking.reminders import ReminderRules, Step, ask, evening, remind, soon
from booking.retention import RetentionRules, retain
from booking.rules import VisitRules
from booking.runs import Job, Work
from booking.seats import ensure_slots
from booking.team_notices import tell_team
from booking.unreported import count_unreported
from booking.wording import Notices
from models.slots import SeatClaim
from models.store import Store

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Rules:
    """What the jobs go by: the rules of visits, of reminders, of complaints, of what is kept and of the desk, and the
    wording of notices with its quiet hours."""

    visits: VisitRules
    reminders: ReminderRules
    wording: Notices
    complaints: ComplaintRules = field(default_factory=ComplaintRules)
    retention: RetentionRules = field(default_factory=RetentionRules)
    desk: DeskRules = field(default_factory=DeskRules)


def all_jobs(store: Store, rules: Rules) -> list[Job]:
    """Every job but the sending of notices, which shares its work between processes notice by notice."""
    wording, kept_days = rules.wording, rules.retention.callbacks_days

    def reminding(step: Step) -> Work:
        return lambda now: remind(store, now, rules.reminders, wording, step)

    def closing(session: Session, now: datetime) -> int:
        return close_due(session, now, rules.complaints, wording)

    def counting(now: datetime) -> object:
        with store.read() as session:  # looks at many bookings: no writer waits for it
            return count_unreported(session, now, rules.visits)

    return [
        Job("release_expired", _within(store, release_expired), every=MINUTE),
        Job("ensure_slots", _within(store, lambda s, now: ensure_slots(s, now, rules.visits)), every=6 * HOUR),
        Job("assign", lambda now: assign_all(store, now, wording=wording), every=5 * MINUTE),
        # Often, because it begins where the evening hour does and has to be over before the quiet hours.
        Job("remind_evening", reminding(evening), every=5 * MINUTE),
        Job("remind_soon", reminding(soon), every=5 * MINUTE),
        Job("tell_team", lambda now: tell_team(store, now, rules.reminders.evening_h, wording), every=5 * MINUTE),
        Job("ask_feedback", reminding(ask), every=HOUR),
        Job("escalate", _within(store, lambda s, now: escalate_due(s, now, wording)), every=5 * MINUTE),
        Job("close_complaints", _within(store, closing), every=HOUR),
        Job("gather_tasks", lambda now: gather(store, now, rules.desk), every=MINUTE),
        Job("gather_visits", lambda now: gather_visits(store, now, rules.visits, kept_days), every=5 * MINUTE),
        # What an administrator's own request has ordered and begun: this goes on with it when that died.
        Job("clear_days", lambda now: clear_all(store, now, rules.visits, wording), every=MINUTE),
        Job("gather_stranded", lambda now: gather_stranded(store, now, rules.visits), every=5 * MINUTE),
        # Shown with its report in `mitan jobs` and in the log: somebody has to ask how these visits went.
        Job("count_unreported", counting, every=HOUR),
        Job("retain", lambda now: retain(store, now, rules.retention), at=time(3)),
        # Before the offers, so that a seat that was not wanted goes on at once.
        Job("lapse_offers", lambda now: lapse_all(store, now, wording), every=MINUTE),
        Job("offer_seats", lambda now: offer_all(store, now, rules.visits, wording), every=MINUTE),
    ]


def release_expired(session: Session, now: datetime) -> int:
    """Delete expired holds; returns how many. They count as free anyway: this only keeps the table small."""
    # Skipping locked rows, so that it never waits for a caller who is taking such a seat right now.
    expired = select(SeatClaim.id).where(SeatClaim.expires_at <= now).with_for_update(skip_locked=True)
    ids = list(session.scalars(expired))
    session.execute(delete(SeatClaim).where(SeatClaim.id.in_(ids)))
    return len(ids)


def _within(store: Store, work: Callable[[Session, datetime], object]) -> Work:
    """`work` in one transaction."""

    def run(now: datetime) -> object:
        with store.begin() as session:
            return work(session, now)

    return run
