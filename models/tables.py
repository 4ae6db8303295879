"""All tables in one place: importing this module fills the metadata that migrations are compared with."""

from __future__ import annotations

from models.access import ApiToken, IdempotentAnswer
from models.accounts import Account, FailedTries, PasswordLink, SignIn
from models.agent_days import AgentDay
from models.appeals import Appeal, AppealEvent
from models.areas import Area
from models.audit import AuditEntry
from models.base import Base
from models.bookings import Booking, BookingEvent
from models.callbacks import Callback
from models.callers import Caller
from models.calls import Call
from models.catalogue import CityRow, ServiceRow
from models.complaints import Complaint, ComplaintEvent, EscalationLevel
from models.conversations import Conversation, Turn
from models.data_versions import DataVersion
from models.drafts import Draft, DraftEntry
from models.editions import Edition
from models.executives import Absence, Executive, Visit
from models.feedback import Feedback
from models.jobs import JobRun
from models.listeners import Listener
from models.misses import HandledMiss
from models.notice_wordings import NoticeWording
from models.notices import Notice
from models.opening import CityHours, Clearing, Closure, DayRule
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.recordings import Recording
from models.slots import SeatClaim, Slot
from models.tasks import Task
from models.tenders import Tender
from models.trials import Trial
from models.unsent import Unsent
from models.viewings import Viewing
from models.voice_notes import VoiceNote
from models.waiting import Waiting

metadata = Base.metadata

__all__ = [
    "Absence",
    "Account",
    "AgentDay",
    "ApiToken",
    "Appeal",
    "AppealEvent",
    "Area",
    "AuditEntry",
    "Booking",
    "BookingEvent",
    "Call",
    "Callback",
    "Caller",
    "CityHours",
    "CityRow",
    "Clearing",
    "Closure",
    "Complaint",
    "ComplaintEvent",
    "Conversation",
    "DataVersion",
    "DayRule",
    "Draft",
    "DraftEntry",
    "Edition",
    "EscalationLevel",
    "Executive",
    "FailedTries",
    "Feedback",
    "HandledMiss",
    "Handoff",
    "HandoffEvent",
    "IdempotentAnswer",
    "JobRun",
    "Listener",
    "Notice",
    "NoticeWording",
    "PasswordLink",
    "Presence",
    "Recording",
    "SeatClaim",
    "ServiceRow",
    "SignIn",
    "Slot",
    "Task",
    "Tender",
    "Trial",
    "Turn",
    "Unsent",
    "Viewing",
    "Visit",
    "VoiceNote",
    "Waiting",
    "metadata",
]
