"""A whole server with agents at their telephones and callers who ask for one, all through the exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booking.desk import presence
from booking.desk.presence import Post
from ivr.application import Running
from ivr.assembly import Application, build
from ivr.bridge import Member, address, waiting_name
from ivr.carriers.exchange.phone import Audio, Incoming, Phone
from ivr.clock import Clock
from ivr.desk.legs import room_of
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.store import Store
from tests.ivr.whole import Telephone, settings, soon

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
CALLER = "+919826401715"


@dataclass
class Office:
    """The server, and short ways to see what is in its store."""

    running: Running
    telephones: list[Agent] = field(default_factory=list)
    callers: list[Telephone] = field(default_factory=list)

    @property
    def application(self) -> Application:
        """The parts of the server."""
        return self.running.application

    @property
    def store(self) -> Store:
        """The store."""
        return self.application.helpline.store

    async def agent(self, id: str, number: str = "", **post: Any) -> Agent:
        """An agent comes to the desk with a telephone in the browser, or one of the given number, and is ready."""
        agent = await self.supervisor(id, number)
        agent.is_ready(phone=number, **post)
        return agent

    async def supervisor(self, id: str, number: str = "") -> Agent:
        """Somebody with a telephone in the browser (or one with a number) who takes no calls."""
        url = "ws" + self.running.url.removeprefix("http")
        token = self.application.bridge.token(waiting_name(number, "a" * 32) if number else id)
        agent = Agent(self, id, await Phone.register(url, number or address(id), token))
        self.telephones.append(agent)
        return agent

    async def calls(self, number: str = CALLER, kind: type[Telephone] = Telephone) -> Telephone:
        """A citizen calls."""
        caller = await kind.call(self.running.url, number)
        self.callers.append(caller)
        return caller

    async def asks(self, number: str = CALLER, kind: type[Telephone] = Telephone) -> Telephone:
        """A citizen calls and asks for an agent."""
        caller = await self.calls(number, kind)
        await soon(lambda: caller.spoken, lambda: "the first word")
        await caller.type("0")
        await soon(lambda: self.of(caller) is not None, lambda: "a place in the line")
        return caller

    def of(self, caller: Telephone) -> Handoff | None:
        """The last handoff of a call."""
        with self.store.read() as session:
            mine = select(Handoff).where(Handoff.call_sid == caller.phone.call).order_by(Handoff.id.desc()).limit(1)
            return session.scalars(mine).one_or_none()

    def handoff(self, caller: Telephone) -> Handoff:
        """The last handoff of a call, which is there."""
        row = self.of(caller)
        assert row is not None
        return row

    def presence(self, agent: str) -> Presence:
        """What an agent does now."""
        with self.store.read() as session:
            return session.get_one(Presence, agent)

    def happened(self, handoff: int) -> list[str]:
        """What happened to a handoff, in order."""
        with self.store.read() as session:
            events = select(HandoffEvent.what).where(HandoffEvent.handoff_id == handoff)
            return list(session.scalars(events.order_by(HandoffEvent.id)))

    def members(self, caller: Telephone) -> tuple[Member, ...]:
        """Who is in the caller's room."""
        return self.application.bridge.members(room_of(self.handoff(caller).id))

    async def talk(self, caller: Telephone, agent: Agent) -> int:
        """The agent answers, and both are in the room; the handoff."""
        await agent.answers()
        await soon(lambda: len(self.members(caller)) == 2, lambda: f"both in the room: {self.members(caller)}")
        row = self.handoff(caller)
        assert (row.state, row.agent) == ("talking", agent.id)
        return row.id

    async def waits(self, caller: Telephone, agent: Agent) -> int:
        """The agent's telephone rings for the caller; the handoff."""
        await agent.rings()
        row = self.handoff(caller)
        assert (row.state, row.offered_to) == ("offered", agent.id)
        return row.id

    async def state(self, caller: Telephone, state: str) -> None:
        """Wait until the caller's handoff has this state."""
        await soon(lambda: self.handoff(caller).state == state, lambda: f"{state}, not {self.handoff(caller).state}")

    async def close(self) -> None:
        """All leave the line."""
        leaving = [*(a.close() for a in self.telephones), *(c.close() for c in self.callers)]
        await asyncio.gather(*leaving, return_exceptions=True)


class Agent:
    """An agent's telephone, read all the time."""

    def __init__(self, office: Office, id: str, phone: Phone) -> None:
        self.office, self.id, self.phone = office, id, phone
        self.rang = 0
        self.heard = bytearray()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (event := await self.phone.next()) is not None:
            if isinstance(event, Audio):
                self.heard += event.data
            self.rang += isinstance(event, Incoming)

    def is_ready(self, **post: Any) -> None:
        """Comes to the desk, ready."""
        now = self.office.application.clock.now()
        with self.office.store.begin() as session:
            presence.come(session, now, self.id, Post(**{"languages": ("hi", "en"), **post}))
            presence.ready(session, now, self.id)
        self.office.application.controls.kick()

    def pauses(self) -> None:
        """Takes a break."""
        with self.office.store.begin() as session:
            presence.pause(session, self.office.application.clock.now(), self.id, "tea")

    async def rings(self) -> None:
        """Wait until the telephone rings."""
        await soon(lambda: self.phone.state == "incoming", lambda: f"{self.id}'s telephone: {self.phone.state}")

    async def answers(self) -> None:
        """Wait until it rings, and take the receiver up."""
        await self.rings()
        await self.phone.answer()
        await soon(lambda: self.phone.state == "answered", lambda: f"{self.id} answers")

    async def quiet(self) -> None:
        """Wait until no call is up or rings."""
        await soon(lambda: self.phone.state in ("ended", "idle"), lambda: f"{self.id}'s telephone: {self.phone.state}")

    async def is_(self, state: str) -> None:
        """Wait until the agent's presence has this state."""
        await soon(lambda: self.office.presence(self.id).state == state, lambda: f"{self.id} {state}")

    async def close(self) -> None:
        """Leave the line."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self.phone.close()


@contextmanager
def office(monkeypatch: pytest.MonkeyPatch, var: Path, **more: str) -> Iterator[Office]:
    """A server of its own, on a working morning."""
    application = build(settings(monkeypatch, var, **more), Clock(MORNING))
    with Running(application) as running:
        yield Office(running)


def plays(house: Office, scene: Callable[[], Any]) -> None:
    """Play a scene, and let everybody leave the line whatever happens."""

    async def whole() -> None:
        try:
            await scene()
        finally:
            await house.close()

    asyncio.run(whole())
