"""All tables in one place: importing this module fills the metadata that migrations are compared with."""

from __future__ import annotations

from models.base import Base
from models.bookings import Booking, BookingEvent
from models.callbacks import Callback
from models.callers import Caller
from models.calls import Call
from models.catalogue import CityRow, ServiceRow
from models.conversations import Conversation, Turn
from models.notices import Notice
from models.opening import CityHours, Closure
from models.slots import SeatClaim, Slot
from models.voice_notes import VoiceNote

metadata = Base.metadata

__all__ = [
    "Booking",
    "BookingEvent",
    "Call",
    "Callback",
    "Caller",
    "CityHours",
    "CityRow",
    "Closure",
    "Conversation",
    "Notice",
    "SeatClaim",
    "ServiceRow",
    "Slot",
    "Turn",
    "VoiceNote",
    "metadata",
]
