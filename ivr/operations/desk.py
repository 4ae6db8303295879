"""What every operation works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.appeal_rules import AppealRules
from booking.complaint_stages import ComplaintRules
from booking.hours import AgentHours
from booking.notices import Notices
from booking.phone import mobile
from booking.rules import VisitRules
from ivr.clock import ZONE

Args = Mapping[str, Any]
Outcome = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Limits:
    """The time limits of complaints and appeals."""

    complaints: ComplaintRules = field(default_factory=ComplaintRules)
    appeals: AppealRules = field(default_factory=AppealRules)


@dataclass(frozen=True)
class Desk:
    """One operation under way in a transaction: for which conversation, when, and by which rules."""

    session: Session
    now: datetime
    conversation: str
    rules: VisitRules
    hours: AgentHours
    notices: Notices
    limits: Limits = field(default_factory=Limits)


Work = Callable[[Desk, Args], Outcome]


def caller_mobile(args: Args) -> str | None:
    """The ten digits of the calling mobile; None for a landline, a foreign or a withheld number."""
    return mobile(str(args.get("caller") or ""))


def local_time(text: str) -> datetime:
    """An ISO local time of the dialog, aware."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def spoken_time(moment: datetime) -> str:
    """A moment as the dialog has it: local ISO time without zone, whole minutes."""
    return moment.astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0).isoformat()
