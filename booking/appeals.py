"""Appeals: whether one is possible, registering it, and its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.actors import CALLER, JOB, Actor
from booking.appeal_facts import appeals_of, cause_of, earlier_for, facts, no_cause
from booking.appeal_orders import Options, Outcome, change, decide, note_event
from booking.appeal_rules import AppealRules, Eligibility, given_up, judge
from booking.bookings import find_by_number
from booking.complaint_stages import ComplaintRules
from booking.complaint_window import reopen_until
from booking.complaints import by_number as complaint_by_number
from booking.errors import BadMobile, BadValue, NotAllowed, NotFound, TooEarly, TooLate
from booking.notices import write_notice
from booking.numbered import insert, known
from booking.numbers import appeal_number
from booking.phone import mobile as mobile_digits
from booking.privacy import masked
from booking.versions import lock
from booking.zone import local_day
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint
from models.voice_notes import VoiceNote

__all__ = [
    "NewAppeal",
    "Options",
    "Outcome",
    "WaysOut",
    "by_mobile",
    "by_number",
    "decide",
    "eligible",
    "register",
    "ways_out",
]

LONGEST_TEXT = 4000  # characters


@dataclass(frozen=True)
class NewAppeal:
    """What a citizen appeals against: the number of a booking or of a complaint. `note` is a voice note's id.

    `replay_key` names what the conversation or the program asked for, so that a replay registers once.
    """

    mobile: str
    booking: str | None = None
    complaint: str | None = None
    language: str = "hi"
    conversation: str | None = None
    caller: str | None = None
    note: str | None = None
    text: str = ""
    channel: str = "phone"
    replay_key: str | None = None


@dataclass(frozen=True)
class WaysOut:
    """What a citizen who is not satisfied can do: reopen until a local day (None: no longer), appeal."""

    reopen_until: date | None
    appeal: Eligibility


def eligible(
    session: Session, now: datetime, record: Booking | Complaint, rules: AppealRules | None = None
) -> Eligibility:
    """Whether `record` can be appealed about at `now`, and how: one open appeal a record."""
    today, rules = local_day(now), rules or AppealRules()
    made, cause = appeals_of(session, record), cause_of(session, record)
    before = earlier_for(made, cause) if cause else None
    for other in made:
        if other is not before and other.stage == "registered" and today < given_up(facts(other), rules):
            return Eligibility(False, "pending", other.level, decide_by=other.decide_by, number=other.number)
    if cause is None:
        return no_cause(record)
    return judge(today, rules, cause, facts(before) if before else None)


def ways_out(
    session: Session,
    now: datetime,
    complaint: Complaint,
    rules: AppealRules | None = None,
    complaint_rules: ComplaintRules | None = None,
) -> WaysOut:
    """What is offered to a citizen who rated the resolution of `complaint` as bad."""
    until = reopen_until(complaint, complaint_rules or ComplaintRules())
    open_until = until if until is not None and local_day(now) <= until else None
    return WaysOut(open_until, eligible(session, now, complaint, rules))


def register(
    session: Session, now: datetime, what: NewAppeal, actor: Actor = CALLER, **options: Unpack[Options]
) -> Appeal:
    """The appeal, first or second as the rules say, registered once however often it is asked for.

    Raises BadMobile, BadValue, NotFound (record, voice note), TooEarly (in time still), TooLate, NotAllowed with the
    reason of `Eligibility.why` as its detail.
    """
    before = known(session, Appeal, what.replay_key)
    if before is not None:
        return before
    record = _record(session, what)
    lock(session, record)
    before = known(session, Appeal, what.replay_key)  # made while this one waited
    if before is not None:
        return before
    rules = options.get("rules", AppealRules())
    may = eligible(session, now, record, rules)
    _refuse(may)
    for other in appeals_of(session, record):
        if other.stage == "registered":
            change(session, now, other, JOB, "lapsed", f"no order by {other.decide_by}")
    appeal = _row(session, now, what, record, may)
    made = insert(session, appeal, appeal_number)
    if made is appeal:
        note_event(session, now, appeal, actor, None)
        write_notice(session, now, appeal, "appeal_registered", options.get("wording"), actor)
    return made


def by_number(session: Session, number: str) -> Appeal | None:
    """The appeal with this number."""
    return session.scalars(select(Appeal).where(Appeal.number == number)).one_or_none()


def by_mobile(session: Session, mobile: str) -> list[Appeal]:
    """The appeals of a mobile number in any spelling, newest first."""
    found = select(Appeal).where(Appeal.mobile == (mobile_digits(mobile) or ""))
    return list(session.scalars(found.order_by(Appeal.created_at.desc(), Appeal.id.desc())))


def _record(session: Session, what: NewAppeal) -> Booking | Complaint:
    if (what.booking is None) == (what.complaint is None):
        raise BadValue("booking or complaint: the number of one of them")
    number = what.booking or what.complaint or ""
    record = find_by_number(session, number) if what.booking else complaint_by_number(session, number)
    if record is None:
        raise NotFound(number)
    return record


def _refuse(may: Eligibility) -> None:
    if may.ok:
        return
    if may.why == "in_time":
        raise TooEarly(f"from {may.from_day}" if may.from_day else "in_time")
    if may.why == "too_late":
        raise TooLate(f"until {may.until_day}")
    raise NotAllowed(may.why)


def _row(session: Session, now: datetime, what: NewAppeal, record: Booking | Complaint, may: Eligibility) -> Appeal:
    digits = mobile_digits(what.mobile)
    if digits is None:
        raise BadMobile
    if len(what.text) > LONGEST_TEXT:
        raise BadValue(f"text: at most {LONGEST_TEXT} characters")
    if what.note is not None and session.get(VoiceNote, what.note) is None:
        raise NotFound(f"voice note {what.note}")
    earlier = by_number(session, may.number) if may.level == 2 else None
    return Appeal(
        replay_key=what.replay_key,
        level=may.level,
        ground=may.ground,
        booking_id=record.id if isinstance(record, Booking) else None,
        complaint_id=record.id if isinstance(record, Complaint) else None,
        earlier_id=earlier.id if earlier else None,
        note_id=what.note,
        text=str(masked(what.text)).strip(),
        mobile=digits,
        language=what.language,
        caller=what.caller,
        conversation_id=what.conversation,
        channel=what.channel,
        stage="registered",
        decide_by=may.decide_by,
        created_at=now,
        updated_at=now,
    )
