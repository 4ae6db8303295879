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
RANG = 2  # the number of the callback after "initiated" and "ringing"; an earlier one ends a leg that never rang
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
    leg, status = form.get("CallSid", ""), form.get("CallStatus", "")
    if not leg:
        return None
    if status in ENDS:
        rang = _number(form, "SequenceNumber", unknown=RANG) >= RANG
        return LegEvent(ticket, leg, "ended", ENDS[status], _number(form, "CallDuration", unknown=0), rang)
    return LegEvent(ticket, leg, STATES[status]) if status in STATES else None


def room_event(form: Mapping[str, str]) -> RoomEvent | None:
    """What a callback of a conference says."""
    kind, room = KINDS.get(form.get("StatusCallbackEvent", "")), form.get("FriendlyName", "")
    if kind is None or not room:
        return None
    call = "" if kind in ("began", "ended") else form.get("CallSid", "")
    flags = {"muted": form.get("Muted") == "true", "held": form.get("Hold") == "true"}
    return RoomEvent(room, kind, call, **flags)


def _number(form: Mapping[str, str], name: str, unknown: int) -> int:
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else unknown
