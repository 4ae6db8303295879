"""REST calls about conferences and those who take part in them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from ivr.carriers.exchange.answers import Answer, Fields, Refusal, at, json, page
from ivr.carriers.exchange.conference import Member, Room
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.rest_calls import ordered

# Fields of a new participant and the attributes of <Conference> that they stand for.
ATTRIBUTES = {
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "Muted": "muted",
    "Beep": "beep",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "CallSidToCoach": "coach",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackEvent": "statusCallbackEvent",
    "Label": "participantLabel",
}


def conferences(exchange: Exchange, method: str, path: str, form: Fields) -> Answer:
    """`/Conferences`, `/Conferences/<sid>` and its `/Participants/<call>`."""
    sid, _, rest = path.partition("/")
    if not sid:
        return _listed(exchange, form)
    kind, _, who = rest.partition("/")
    if kind == "Participants" and not who and method == "POST":
        return _added(exchange, sid, form)
    room = _room(exchange, sid)
    if not rest:
        return _conference(exchange, room, method, form)
    if kind != "Participants":
        raise Refusal(404, 20404, "not here")
    if not who:
        return page("participants", [_participant(room, m) for m in room.members.values()])
    return _one(room, who, method, form)


def _room(exchange: Exchange, sid: str) -> Room:
    """By SID, or by name as Twilio lets participants be added."""
    room = next((r for r in exchange.shared.rooms.values() if sid in (r.sid, r.name)), None)
    if room is None:
        raise Refusal(404, 20404, f"The requested resource /Conferences/{sid} was not found")
    return room


def _listed(exchange: Exchange, form: Fields) -> Answer:
    rooms = [
        _shown(exchange, r)
        for r in exchange.shared.rooms.values()
        if form.get("FriendlyName", r.name) == r.name and form.get("Status", r.status) == r.status
    ]
    return page("conferences", rooms)


def _conference(exchange: Exchange, room: Room, method: str, form: Fields) -> Answer:
    if method == "POST":
        if form.get("Status") == "completed":
            room.end()
        elif form.get("AnnounceUrl"):
            room.announce(list(room.members.values()), _source(form, "Announce", "POST"))
        else:
            raise Refusal(400, 20001, "Give Status=completed or AnnounceUrl.")
    return json(_shown(exchange, room))


def _added(exchange: Exchange, sid: str, form: Fields) -> Answer:
    """A telephone is called and comes straight into the conference (`sid` may be the name of a new one)."""
    room = next((r for r in exchange.shared.rooms.values() if sid in (r.sid, r.name)), None)
    if room is None and sid.startswith("CF"):
        raise Refusal(404, 20404, "The conference is not here")
    given = " ".join(
        f"{attribute}={quoteattr(' '.join(form.all(name)))}" for name, attribute in ATTRIBUTES.items() if name in form
    )
    name = quoteattr(room.name if room else sid)[1:-1]
    document = f"<Response><Dial><Conference {given}>{name}</Conference></Dial></Response>"
    call = ordered(exchange, form, document=document)
    return json({"call_sid": call.sid, "conference_sid": room.sid if room else sid, "status": "queued"}, 201)


def _one(room: Room, who: str, method: str, form: Fields) -> Answer:
    member = next((m for m in room.members.values() if who in (m.call.sid, m.terms.label)), None)
    if member is None:
        raise Refusal(404, 20404, "The participant is not here")
    if method == "DELETE":
        room.put_out(member)
        return Answer(204, b"")
    if method == "POST":
        _updated(room, member, form)
    return json(_participant(room, member))


def _updated(room: Room, member: Member, form: Fields) -> None:
    if "Coaching" in form or "CallSidToCoach" in form:
        _coach(room, member, form)
    if "Muted" in form:
        room.mute(member, on=_yes(form, "Muted"))
    if "Hold" in form:
        source = _source(form, "Hold", "GET") if form.get("HoldUrl") else None
        room.hold(member, source, on=_yes(form, "Hold"))
    if "EndConferenceOnExit" in form:
        member.ends = _yes(form, "EndConferenceOnExit")
        room.tell("modify", "participant-modify", member)
    if form.get("AnnounceUrl"):
        room.announce([member], _source(form, "Announce", "POST"))


def _coach(room: Room, member: Member, form: Fields) -> None:
    coached = form.get("CallSidToCoach", "")
    coaching = form.get("Coaching", "true").lower() == "true"
    if coaching and coached not in room.members:
        raise Refusal(400, 21218, "CallSidToCoach is nobody in this conference.")
    member.coached = coached if coaching else None
    room.tell("modify", "participant-modify", member)


def _source(form: Fields, what: str, method: str) -> tuple[str, str]:
    return form.get(f"{what}Method", method), form[f"{what}Url"]


def _yes(form: Fields, name: str) -> bool:
    return form.get(name, "").lower() == "true"


def _shown(exchange: Exchange, room: Room) -> dict[str, Any]:
    began = at(room.began)
    return {
        "sid": room.sid,
        "account_sid": exchange.shared.trunk.account_sid,
        "friendly_name": room.name,
        "status": room.status,
        "date_created": began,
        "date_updated": began,
        "region": "us1",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{exchange.shared.trunk.account_sid}/Conferences/{room.sid}.json",
    }


def _participant(room: Room, member: Member) -> dict[str, Any]:
    return {
        "call_sid": member.call.sid,
        "conference_sid": room.sid,
        "label": member.terms.label or None,
        "muted": member.muted,
        "hold": member.held,
        "coaching": member.coached is not None,
        "call_sid_to_coach": member.coached,
        "start_conference_on_enter": member.terms.starts,
        "end_conference_on_exit": member.ends,
        "status": "connected",
    }
