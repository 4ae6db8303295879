"""Conferences: who is in them, and the mixing of what each of them hears, in steps of 20 ms."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime

from ivr.carriers.exchange import tones
from ivr.carriers.exchange.feed import Feed
from ivr.carriers.exchange.mixing import mixed
from ivr.carriers.exchange.oncall import Exchanges, OnCall
from ivr.carriers.exchange.pace import Pace
from ivr.carriers.exchange.reports import Reports
from ivr.carriers.exchange.twiml import Conference
from ivr.line import FRAME_BYTES


@dataclass(eq=False)
class Member:
    """One call in a conference. While it is held it hears nothing but `hold` and is not heard."""

    call: OnCall
    terms: Conference
    muted: bool
    ends: bool
    coached: str | None  # the SID of the only call that hears this one
    left: asyncio.Future[str]
    wait: Feed | None = None
    held: bool = False
    hold: Feed | None = None
    told: list[Feed] = field(default_factory=list)
    beeps: bytearray = field(default_factory=bytearray)

    def feeds(self) -> Iterator[Feed]:
        """Everything that is fetched for this member."""
        yield from (feed for feed in (self.wait, self.hold, *self.told) if feed)


class Room:
    """One conference, from its first member's entering to its end. Everything happens on the event loop."""

    def __init__(self, shared: Exchanges, name: str) -> None:
        self.sid, self.name = f"CF{secrets.token_hex(16)}", name
        self.status = "init"
        self.members: dict[str, Member] = {}
        self.began = shared.clock.now()
        self.reports = Reports(shared.trunk)
        self._shared = shared
        self._events: frozenset[str] = frozenset()
        self._mixing: asyncio.Task[None] | None = None

    def enter(self, call: OnCall, terms: Conference) -> Member:
        """A call enters. The first member with a status callback decides where events are told."""
        if terms.callback and not self.reports.url:
            self.reports.url, self._events = terms.callback, terms.events
        left = asyncio.get_running_loop().create_future()
        member = Member(call, terms, terms.muted, terms.ends, terms.coach, left)
        self.members[call.sid] = member
        self.tell("join", "participant-join", member)
        if self.status == "init" and len(self.members) > 1 and any(m.terms.starts for m in self.members.values()):
            self._start()
        elif self.status == "init" and terms.wait:
            member.wait = self.feed(member, (terms.wait_method, terms.wait))
        self._beep(member)
        if self._mixing is None:
            self._mixing = asyncio.create_task(self._mix(), name=f"conference-{self.sid}")
        return member

    def leave(self, member: Member) -> None:
        """A call has left; with the last one, or one that ends the conference, everybody has."""
        if self.members.pop(member.call.sid, None) is None:
            return
        for feed in member.feeds():
            feed.stop()
        member.call.handset.hear(b"")
        self._beep(member)
        self.tell("leave", "participant-leave", member)
        if member.ends or not self.members:
            self.end()

    def end(self) -> None:
        """The conference is over: everybody leaves."""
        if self.status == "completed":
            return
        self.status = "completed"
        if self._shared.rooms.get(self.name) is self:
            del self._shared.rooms[self.name]
        for member in list(self.members.values()):
            self.put_out(member)
        self.tell("end", "conference-end")

    def put_out(self, member: Member) -> None:
        """Let a member leave."""
        self.leave(member)
        if not member.left.done():
            member.left.set_result("removed")

    def hold(self, member: Member, source: tuple[str, str] | None, *, on: bool) -> None:
        """Hold a member with the sound of `source` (None: silence), or let it come back."""
        if on == member.held:
            return
        if member.hold:
            member.hold.stop()
        member.held = on
        member.hold = self.feed(member, source) if on and source else None
        self.tell("hold", "participant-hold" if on else "participant-unhold", member)

    def mute(self, member: Member, *, on: bool) -> None:
        """Let a member not be heard, or be heard again."""
        if member.muted != on:
            member.muted = on
            self.tell("mute", "participant-mute" if on else "participant-unmute", member)

    def announce(self, members: list[Member], source: tuple[str, str]) -> None:
        """Let these members hear something, over what they hear anyway."""
        for member in members:
            member.told.append(self.feed(member, source, once=True))

    def feed(self, member: Member, source: tuple[str, str], *, once: bool = False) -> Feed:
        """Sound for one member from a URL."""
        about = {"ConferenceSid": self.sid, "FriendlyName": self.name}
        return Feed(member.call, source, lambda: about, once=once)

    def tell(self, wish: str, event: str, member: Member | None = None) -> None:
        """Report an event, if it was wished for."""
        if wish not in self._events:
            return
        trunk = self._shared.trunk
        form = {
            "AccountSid": trunk.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": event,
            "Timestamp": format_datetime(self._shared.clock.now().astimezone(UTC)),
        }
        self.reports.tell(form | (_about(member) if member else {}))

    async def closed(self) -> None:
        """Wait until the mixing has ended and every event has been told."""
        if self._mixing:
            await self._mixing
        await self.reports.told()

    def _start(self) -> None:
        self.status = "in-progress"
        for member in self.members.values():
            if member.wait:
                member.wait.stop()
                member.wait = None
        self.tell("start", "conference-start")

    def _beep(self, by: Member) -> None:
        if by.terms.beep and self.status == "in-progress":
            for member in self.members.values():
                member.beeps += tones.beep()

    async def _mix(self) -> None:
        pace = Pace(self._shared.clock)
        while self.members:
            self._step()
            await pace.step()

    def _step(self) -> None:
        """20 ms: everybody is asked for a frame and gets what all others said. Keys go nowhere."""
        members = list(self.members.values())
        said = {member: member.call.handset.frame() for member in members}
        for member in members:
            while not member.call.handset.inputs.empty():
                member.call.handset.inputs.get_nowait()
            member.call.handset.hear(mixed(self._heard(member, said)))

    def _heard(self, member: Member, said: dict[Member, bytes]) -> Iterator[bytes]:
        """What reaches one member's ear."""
        if member.held:
            yield member.hold.frame() if member.hold else b""
        elif self.status == "in-progress":
            yield from (frame for other, frame in said.items() if _reaches(other, member))
        elif member.wait:
            yield member.wait.frame()
        yield bytes(member.beeps[:FRAME_BYTES])
        del member.beeps[:FRAME_BYTES]
        yield from [feed.frame() for feed in member.told]
        member.told = [feed for feed in member.told if not feed.over]


def _reaches(speaker: Member, listener: Member) -> bool:
    if speaker is listener or speaker.muted or speaker.held:
        return False
    return speaker.coached in (None, listener.call.sid)


def _about(member: Member) -> dict[str, str]:
    flags = {
        "Muted": member.muted,
        "Hold": member.held,
        "Coaching": member.coached is not None,
        "StartConferenceOnEnter": member.terms.starts,
        "EndConferenceOnExit": member.ends,
    }
    form = {"CallSid": member.call.sid} | {name: str(flag).lower() for name, flag in flags.items()}
    return form | ({"ParticipantLabel": member.terms.label} if member.terms.label else {})


async def confer(call: OnCall, verb: Conference) -> str | None:
    """Take part until the conference is over for this call, then ask what follows."""
    rooms = call.shared.rooms
    if verb.name not in rooms:
        rooms[verb.name] = Room(call.shared, verb.name)
    room = rooms[verb.name]
    member = room.enter(call, verb)
    began = call.shared.clock.steady()
    call.state("answered")
    try:
        await member.left
    finally:
        room.leave(member)
    if not verb.action:
        return None
    seconds = str(round(call.shared.clock.steady() - began))
    about = {"ConferenceSid": room.sid, "FriendlyName": room.name}
    return await call.ask(verb.action, DialCallStatus="completed", DialCallDuration=seconds, **about)
