"""What the office does with a complaint: takes it on, answers, resolves."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from booking.actors import Actor
from booking.complaint_changes import Change, Options, record
from booking.complaint_stages import OPEN, ComplaintRules
from booking.complaint_window import reopen_until
from booking.errors import BadValue, NotAllowed
from booking.notices import write_notice
from booking.privacy import masked
from models.complaints import Complaint

LONGEST_ANSWER = 4000  # characters


def assign(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, why: str = "", **options: Unpack[Options]
) -> Complaint:
    """The office of its level has taken it on. Raises NotAllowed, Conflict."""
    if complaint.stage not in OPEN:  # from "resolved" this would be reopening
        raise NotAllowed(f"complaint that is {complaint.stage}")
    record(session, now, complaint, actor, Change(to="assigned", why=why), options.get("expected_version"))
    return complaint


def answer(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, text: str, **options: Unpack[Options]
) -> Complaint:
    """An interim answer to the citizen; the clock goes on. The same answer again changes nothing. Raises BadValue,
    NotAllowed, Conflict."""
    text = _words(text)
    if complaint.stage == "answered" and complaint.answer == text:
        return complaint
    change = Change(to="answered", why=text, values={"answer": text})
    record(session, now, complaint, actor, change, options.get("expected_version"))
    write_notice(session, now, complaint, "complaint_answered", options.get("wording"))
    return complaint


def resolve(
    session: Session, now: datetime, complaint: Complaint, actor: Actor, text: str, **options: Unpack[Options]
) -> Complaint:
    """The office's final answer, which the citizen is asked to rate; the clock stops. The same again changes nothing.
    Raises BadValue, NotAllowed, Conflict."""
    text = _words(text)
    if complaint.stage == "resolved" and complaint.answer == text:
        return complaint
    values = {"answer": text, "resolved_at": now, "due_at": None, "rating": None}
    change = Change(to="resolved", why=text, values=values)
    record(session, now, complaint, actor, change, options.get("expected_version"))
    until = reopen_until(complaint, options.get("rules", ComplaintRules()))
    write_notice(session, now, complaint, "complaint_resolved", options.get("wording"), due=until)
    return complaint


def _words(text: str) -> str:
    text = str(masked(text)).strip()
    if not text or len(text) > LONGEST_ANSWER:
        raise BadValue(f"text: 1 to {LONGEST_ANSWER} characters")
    return text
