"""Escalation: a complaint that a level does not bring to its end in time rises to the next. Levels are rows.

An interim answer does not stop the clock: "we are looking into it" would otherwise end every complaint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import JOB, Actor
from booking.complaint_changes import Change, record
from booking.complaint_stages import OPEN
from booking.notices import Notices, write_notice
from booking.working_days import add_working_days, is_working
from booking.zone import ZONE, local, utc
from models.complaints import Complaint, EscalationLevel

BATCH = 200  # complaints a run: what is left is due in the next one
DAY_H = 24


@dataclass(frozen=True)
class Report:
    """What a run did: complaints raised to the next level, and those whose last level's time has passed."""

    raised: int = 0
    overdue: int = 0


def levels(session: Session, kind: str) -> list[EscalationLevel]:
    """The levels for complaints of `kind`, lowest first: its own where it has any, else the general ones."""
    found = select(EscalationLevel).where(EscalationLevel.kind.in_((kind, ""))).order_by(EscalationLevel.level)
    rows = list(session.scalars(found))
    return [r for r in rows if r.kind == kind] or rows


def level_of(session: Session, complaint: Complaint) -> EscalationLevel | None:
    """The level at which `complaint` stands; None where no levels are set up."""
    return next((r for r in levels(session, complaint.kind) if r.level == complaint.level), None)


def next_level(session: Session, complaint: Complaint) -> EscalationLevel | None:
    """The level after the one at which `complaint` stands; None at the last."""
    return next((r for r in levels(session, complaint.kind) if r.level > complaint.level), None)


def due_after(session: Session, start: datetime, level: EscalationLevel | None) -> datetime | None:
    """When the time of `level` is over for a complaint that reached it at `start`; None without a level."""
    if level is None:
        return None
    if not level.working:
        return utc(start + timedelta(hours=level.hours))
    return working_hours_after(session, start, level.hours)


def working_hours_after(session: Session, start: datetime, hours: int) -> datetime:
    """`start` and `hours` of the departments' working days, 24 a day; days on which they do not work are left out."""
    moment = local(start)
    if not is_working(session, moment.date()):
        moment = datetime.combine(add_working_days(session, moment.date(), 1), time(0), ZONE)
    days, rest = divmod(hours, DAY_H)
    day = add_working_days(session, moment.date(), days) if days else moment.date()
    end = datetime.combine(day, moment.timetz()) + timedelta(hours=rest)
    if not is_working(session, end.date()):
        end = datetime.combine(add_working_days(session, end.date(), 1), end.timetz())
    return utc(end)


def escalate_due(session: Session, now: datetime, wording: Notices | None = None) -> Report:
    """Raise every complaint whose time is over at `now` by one level, which has its full time from `now` on; at the
    last level note once that it is overdue. Doing it again at the same `now` changes nothing.
    """
    due = (
        select(Complaint)
        .where(Complaint.due_at <= now, Complaint.stage.in_(OPEN))
        .order_by(Complaint.due_at, Complaint.id)
        .limit(BATCH)
        # Rows that another process is changing at this moment are left to it, or to the next run.
        .with_for_update(skip_locked=True)
    )
    raised = [raise_level(session, now, c, JOB, wording) for c in session.scalars(due).all()]
    return Report(raised.count(True), raised.count(False))


def raise_level(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, wording: Notices | None = None
) -> bool:
    """Raise `complaint` to its next level and tell the citizen; at the last one note that it is overdue and return
    False."""
    above = next_level(session, complaint)
    since = {"due": complaint.due_at.isoformat()} if complaint.due_at else {}
    if above is None:
        record(session, now, complaint, actor, Change("overdue", values={"due_at": None}, data=since))
        return False
    values = {"level": above.level, "due_at": due_after(session, now, above)}
    data = {**since, "from": complaint.level, "to": above.level, "office": above.office}
    record(session, now, complaint, actor, Change("escalated", values=values, data=data))
    write_notice(session, now, complaint, "complaint_escalated", wording)
    return True
