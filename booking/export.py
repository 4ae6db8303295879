"""A booking as plain JSON values, for commands and interfaces."""

from __future__ import annotations

from typing import Any

from booking.zone import local
from models.bookings import Booking, BookingEvent
from models.notices import Notice
from models.voice_notes import VoiceNote


def plain(booking: Booking) -> dict[str, Any]:
    """All of a booking with its notices and events; times are ISO 8601 in Asia/Kolkata, fees rupees.

    Needs the booking's session to be open. The mobile number is given in full.
    """
    return {
        "number": booking.number,
        "stage": booking.stage,
        "version": booking.version,
        "service": booking.service_id,
        "service_name": {"hi": booking.service.hi, "en": booking.service.en},
        "city": booking.city_id,
        "city_name": {"hi": booking.city.hi, "en": booking.city.en},
        "area": booking.slot.area,
        "starts_at": local(booking.starts_at).isoformat(),
        "executive": booking.executive_id,
        "due_on": booking.due_on.isoformat() if booking.due_on else None,
        "missing": booking.missing,
        "reason": booking.reason,
        "mobile": booking.mobile,
        "pin": booking.pin,
        "name": booking.name,
        "address": booking.address,
        "language": booking.language,
        "channel": booking.channel,
        "caller": booking.caller,
        "conversation": booking.conversation_id,
        "fee": booking.fee,
        "visit_fee": booking.visit_fee,
        "created_at": local(booking.created_at).isoformat(),
        "voice_note": _note(booking.note) if booking.note else None,
        "notices": [_notice(n) for n in booking.notices],
        "events": [_event(e) for e in booking.events],
    }


def _note(note: VoiceNote) -> dict[str, Any]:
    return {"id": note.id, "seconds": note.seconds, "text": note.text}


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "event": notice.event,
        "version": notice.version,
        "channel": notice.channel,
        "language": notice.language,
        "recipient": notice.recipient,
        "text": notice.text,
        "state": notice.state,
        "attempts": notice.attempts,
        "due_at": local(notice.due_at).isoformat(),
        "sent_at": local(notice.sent_at).isoformat() if notice.sent_at else None,
        "carrier_id": notice.carrier_id,
        "error": notice.error,
    }


def _event(event: BookingEvent) -> dict[str, Any]:
    return {
        "at": local(event.at).isoformat(),
        "who": event.who,
        "from": event.from_stage,
        "to": event.to_stage,
        "why": event.why,
        "what": event.what,
        "data": event.data,
    }
