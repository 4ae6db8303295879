"""Two server processes on one store behind a balancer, the exchange in a third: either does everything, and may die."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from booking.desk import presence
from booking.desk.presence import Post
from ivr.assembly import EXCHANGE_ACCOUNT
from ivr.bridge import address
from ivr.carriers.exchange.phone import Phone
from ivr.carriers.twilio.browser_leg import Key, access_token
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.store import Store
from tests.ivr.desk.balancer import Balancer
from tests.ivr.whole import Child, Telephone, free_port, get, soon, until

TOKEN = "the-same-here-and-there-32-bytes"
CALLERS, AGENTS = 6, 3
# Agents at any time of the day, whose pages, which there are none of, need not be alive.
OPEN = {"MITAN_AGENTS__OPEN_H": "0", "MITAN_AGENTS__CLOSE_H": "24", "MITAN_DESK__GONE_S": "600"}


@dataclass
class Town:
    """An exchange and two servers, each a process, over one SQLite file; a webhook comes to whichever is next."""

    var: Path
    exchange_port: int = field(default_factory=free_port)
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))

    def __post_init__(self) -> None:
        self.exchange_url = f"http://127.0.0.1:{self.exchange_port}"
        front = free_port()
        self.url, self.balancer = f"http://127.0.0.1:{front}", Balancer(front, self.ports)
        where = ("--port", str(self.exchange_port), "--application", self.url)
        self.exchange = Child(self.var, "exchange", *where, EXCHANGE_TOKEN=TOKEN)
        self.servers = [self._server(self.ports[0])]
        self.up(self.ports[0])  # it speaks all prompts, and the other one finds them
        self.servers.append(self._server(self.ports[1]))
        self.up(self.ports[1])
        self.store = Store(f"sqlite:///{self.var / 'mitan.db'}")

    def start(self) -> None:
        """Start the servers again."""
        self.servers = [self._server(port) for port in self.ports]
        for port in self.ports:
            self.up(port)

    def up(self, port: int) -> None:
        """Wait until the server on this port answers."""
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "a server", 120)

    def _server(self, port: int) -> Child:
        where = {"MITAN_SERVER__EXCHANGE_URL": self.exchange_url, "MITAN_SERVER__PUBLIC_URL": self.url}
        return Child(self.var, "serve", "--no-download", PORT=str(port), EXCHANGE_TOKEN=TOKEN, **where, **OPEN)

    def end(self) -> None:
        """Stop all processes."""
        for child in (*self.servers, self.exchange):
            child.end()
        self.balancer.end()

    async def telephone(self, agent: str) -> Phone:
        """The browser telephone of an agent."""
        token = access_token(Key(EXCHANGE_ACCOUNT, "SK" + "0" * 32, TOKEN), agent)
        return await Phone.register("ws" + self.exchange_url.removeprefix("http"), address(agent), token)

    def at_desk(self, agent: str, *, ready: bool) -> None:
        """An agent is at the desk; no process is told."""
        now = datetime.now(UTC)
        with self.store.begin() as session:
            presence.come(session, now, agent, Post(("hi", "en")))
            if ready:
                presence.ready(session, now, agent)
            else:
                presence.pause(session, now, agent, "tea")

    def handoffs(self) -> list[Handoff]:
        """All, in their order."""
        with self.store.read() as session:
            return list(session.scalars(select(Handoff).order_by(Handoff.id)))

    def happened(self, what: str) -> list[HandoffEvent]:
        """All events of a kind."""
        with self.store.read() as session:
            return list(session.scalars(select(HandoffEvent).where(HandoffEvent.what == what)))

    def state(self, agent: str) -> str:
        """What an agent does."""
        with self.store.read() as session:
            return session.get_one(Presence, agent).state

    async def talks(self, nth: int) -> None:
        """Wait until the caller of the n-th handoff talks to an agent."""
        await soon(lambda: self.handoffs()[nth].state == "talking", lambda: str([h.state for h in self.handoffs()]))

    async def asks(self, number: str) -> Telephone:
        """A citizen who asks for an agent."""
        caller = await Telephone.call(self.exchange_url, number)
        await soon(lambda: caller.spoken, lambda: "the first word", 120)
        before = len(self.handoffs())
        await caller.type("0")
        await soon(lambda: len(self.handoffs()) > before, lambda: "a place in the line")
        return caller


def answers(url: str) -> bool:
    """Whether a server is up."""
    try:
        return get(url)[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.end()


@pytest.fixture
def town(_town: Town) -> Town:
    with _town.store.begin() as session:
        for table in (HandoffEvent, Handoff, Presence):
            session.execute(delete(table))
    return _town


async def works(town: Town, agent: str, rang: list[Any]) -> None:
    """An agent who takes every call, and is ready again after it."""
    phone = await town.telephone(agent)
    town.at_desk(agent, ready=True)
    while True:
        event = await phone.next()
        if event is None:
            return
        if phone.state == "incoming" and type(event).__name__ == "Incoming":
            rang.append(event)
            await phone.answer()
        elif phone.state == "ended" and town.state(agent) != "ready":
            await soon(lambda: town.state(agent) == "wrap_up", lambda: f"{agent} after the call: {town.state(agent)}")
            town.at_desk(agent, ready=True)


@pytest.mark.timeout(600)
def test_two_processes_give_each_caller_to_one_agent_and_ring_each_offer_once(town: Town) -> None:
    async def scene() -> None:
        town.at_desk("nobody", ready=False)
        callers = [await town.asks(f"+9198264017{n:02}") for n in range(CALLERS)]
        rang: list[Any] = []
        agents = [asyncio.create_task(works(town, f"agent{n}", rang)) for n in range(AGENTS)]
        for n, caller in enumerate(callers):
            await town.talks(n)
            await caller.leave()
        await soon(lambda: {h.state for h in town.handoffs()} == {"done"}, lambda: "all done")
        assert len(town.happened("accepted")) == CALLERS
        assert len(rang) == len(town.happened("offered")) == CALLERS
        for task in agents:
            task.cancel()
        await asyncio.gather(*agents, return_exceptions=True)

    asyncio.run(scene())


@pytest.mark.timeout(600)
def test_while_one_process_is_dead_the_other_brings_the_waiting_caller_to_an_agent(town: Town) -> None:
    async def scene() -> None:
        town.at_desk("asha", ready=False)
        asha = await town.telephone("asha")
        caller = await town.asks("+919826401715")
        await soon(lambda: town.handoffs()[0].asked, lambda: "a round of waiting")
        town.servers[0].kill()
        town.at_desk("asha", ready=True)
        while asha.state != "incoming":
            await asha.next()
        await asha.answer()
        await soon(lambda: town.handoffs()[0].state == "talking", lambda: "the talk")
        reading = asyncio.create_task(_read(asha))
        await soon(lambda: asha.state == "answered", lambda: "asha answers")
        town.servers[1].kill()
        await asyncio.sleep(1)
        assert not caller.ended
        assert asha.state == "answered", "they talk on with no process of ours alive"
        await asyncio.to_thread(town.start)
        await caller.leave()
        await soon(lambda: town.handoffs()[0].state == "done", lambda: "the end")
        await soon(lambda: asha.state == "ended", lambda: "the agent's leg is over")
        reading.cancel()

    asyncio.run(scene())


async def _read(phone: Phone) -> None:
    while await phone.next() is not None:
        pass


@pytest.mark.timeout(600)
def test_a_process_that_is_to_end_waits_for_the_talk_that_only_it_has(tmp_path: Path, town: Town) -> None:
    shutil.copytree(town.var / "speech", tmp_path / "speech")  # spoken already
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    alone = Child(tmp_path, "serve", "--no-download", PORT=str(port), EXCHANGE_TOKEN=TOKEN, **OPEN)
    alone.up(f"{url}/healthz")
    store = Store(f"sqlite:///{tmp_path / 'mitan.db'}")

    async def scene() -> None:
        token = access_token(Key(EXCHANGE_ACCOUNT, "SK" + "0" * 32, TOKEN), "asha")
        asha = await Phone.register(f"ws://127.0.0.1:{port}", "client:asha", token)
        with store.begin() as session:
            presence.come(session, datetime.now(UTC), "asha", Post(("hi", "en")))
            presence.ready(session, datetime.now(UTC), "asha")
        caller = await Telephone.call(url)
        await soon(lambda: caller.spoken, lambda: "the first word", 120)
        await caller.type("0")
        while asha.state != "incoming":
            await asha.next()
        await asha.answer()
        reading = asyncio.create_task(_read(asha))
        await soon(lambda: asha.state == "answered", lambda: "the talk")
        alone.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(4)
        assert alone.process.poll() is None
        assert not caller.ended
        await caller.leave()
        reading.cancel()
        await asha.close()

    try:
        asyncio.run(scene())
        assert alone.process.wait(60) == 0, alone.log.read_text()
    finally:
        alone.end()
