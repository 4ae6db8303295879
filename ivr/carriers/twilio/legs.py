"""Status callbacks of agents' legs and of conferences: a form to a plain event. Pure; what says nothing is None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from ivr.bridge import Kind, LegEvent, RoomEvent, Why

LEG_EVENTS = ("initiated", "ringing", "answered", "completed")  # that we ask for
ROOM_EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify")
STATES: Mapping[str, Literal["calling", "ringing", "answered"]] = {
    "queued": "calling",
    "initiated": "calling",
    "ringing": "ringing",
    "in-progress": "answered",
}
ENDS: Mapping[str, Why] = {why: why for why in get_args(Why) if why}
KINDS: Mapping[str, Kind] = {
    "conference-start": "began",
    "conference-end": "ended",
    "participant-join": "entered",
    "participant-leave": "left",
    "participant-hold": "held",
    "participant-unhold": "resumed",
    "participant-mute": "muted",
    "participant-unmute": "unmuted",
    "participant-modify": "changed",
}


def leg_event(ticket: str, form: Mapping[str, str]) -> LegEvent | None:
    """What a callback of the leg of a ticket says."""
    leg, status, sequence = form.get("CallSid", ""), form.get("CallStatus", ""), _count(form, "SequenceNumber")
    if not leg:
        return None
    if status in ENDS:
        return LegEvent(ticket, leg, "ended", ENDS[status], _count(form, "CallDuration"), sequence)
    return LegEvent(ticket, leg, STATES[status], sequence=sequence) if status in STATES else None


def room_event(form: Mapping[str, str]) -> RoomEvent | None:
    """What a callback of a conference says."""
    kind, room = KINDS.get(form.get("StatusCallbackEvent", "")), form.get("FriendlyName", "")
    if kind is None or not room:
        return None
    call = "" if kind in ("began", "ended") else form.get("CallSid", "")
    flags = {"muted": form.get("Muted") == "true", "held": form.get("Hold") == "true"}
    return RoomEvent(room, kind, call, sequence=_count(form, "SequenceNumber"), **flags)


def _count(form: Mapping[str, str], name: str) -> int:
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
