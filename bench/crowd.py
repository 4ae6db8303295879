"""Callers and agents at one desk, over the exchange, doing whatever people do; all telephones are real ones of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from statistics import mean
from typing import Any

from sqlalchemy import select

from bench.ideal import Day
from booking.desk import presence
from booking.desk.presence import Post
from booking.desk.retrying import in_turn
from booking.errors import BookingError
from ivr.application import Running
from ivr.bridge import BridgeFailed, address
from ivr.carriers.exchange.phone import Incoming, Phone, State
from models.presence import Presence
from models.queue import Handoff

OVER = ("done", "returned", "callback", "abandoned")
NOT_READY = ("off", "break", "wrap_up")
LOOK_S, KEY_S = 0.2, 1.0  # between two looks at the line, between two keys
OVERLAP = timedelta(seconds=5)  # a change that is stored later than another may have been begun before it


@dataclass(frozen=True)
class Ways:
    """How people behave, as parts of one: agents who `refuse`, let it `ring`, load the page again while it rings
    (`reload`) or while they talk (`crash`), give the caller to a queue (`pass_on`), to another agent (`give`) or `back`
    to the bot; callers whose line `drops` while they wait, who `leave`, take a `callback` or go back to the bot
    (`return_`), or hang up while they talk (`ring_off`). An agent lets it ring up to `picks_up_s` seconds before
    answering."""

    refuse: float = 0.08
    ring: float = 0.04
    reload: float = 0.04
    crash: float = 0.04
    pass_on: float = 0.06
    give: float = 0.04
    back: float = 0.05
    drops: float = 0.10
    leave: float = 0.06
    callback: float = 0.06
    return_: float = 0.04
    ring_off: float = 0.15
    picks_up_s: float = 0.6


CALM = Ways(*[0.0] * 13)


@dataclass
class Crowd:
    """What goes on: callers come as on `day`, and the n-th talk lasts as long as its n-th one; where there are more
    talks, from its beginning again. `wrong` are sentences about what must not happen."""

    running: Running
    day: Day
    ways: Ways = Ways()
    seed: int = 14545
    wrong: list[str] = field(default_factory=list)
    line: dict[str, list[Handoff]] = field(default_factory=dict)
    over: bool = False

    def __post_init__(self) -> None:
        self._talks_s: Iterator[float] = cycle(self.day.keeps)
        self._rows: dict[int, Handoff] = {}
        self._states: dict[str, str] = {}

    async def run(self, agents: int, limit_s: float) -> None:
        """All of them, until every caller is served, has gone or is promised a call back; at most `limit_s`."""
        people = [f"agent{n:02}" for n in range(agents)]
        looking = asyncio.create_task(self._look())
        await asyncio.gather(*(self._at_desk(name) for name in people))
        working = [asyncio.create_task(self._agent(n, name)) for n, name in enumerate(people)]
        calling = [asyncio.create_task(self._caller(n, came)) for n, came in enumerate(self.day.comes)]
        try:
            done, late = await asyncio.wait(calling, timeout=limit_s)
            self.wrong += [f"a caller: {task.exception()!r}" for task in done if task.exception()]
            self.wrong += [f"{len(late)} callers were not through after {limit_s:.0f} s"] if late else []
            await self._until(lambda: all(r.state in OVER for mine in self.line.values() for r in mine), 30)
        finally:
            self.over = True
            for task in (*calling, *working, looking):
                task.cancel()
            for result in await asyncio.gather(*working, looking, return_exceptions=True):
                if isinstance(result, Exception):
                    self.wrong.append(f"an agent: {result!r}")

    # -- callers ------------------------------------------------------------------------------------------------------

    async def _caller(self, n: int, came_s: float) -> None:
        chance, number = random.Random(self.seed * 1000 + n), f"+9198{n:08}"
        await asyncio.sleep(came_s)
        phone = await self._dial(number)
        try:
            await self._until(lambda: self.line.get(number), keep=lambda: phone.press("0"))
            phone = await self._waits(chance, phone, number)
            ends = self._talks(number) and chance.random() < self.ways.ring_off
            if ends:
                await asyncio.sleep(chance.uniform(0.5, max(0.5, mean(self.day.keeps))))
            elif not await self._until(lambda: self._settled(number) or phone.state == "ended", 300):
                self.wrong.append(f"caller {n} was neither served nor sent on: {self._state(number)}")
        finally:
            await _leave(phone)

    async def _waits(self, chance: random.Random, phone: Phone, number: str) -> Phone:
        """What a caller does while waiting; the telephone of the call that goes on."""
        await asyncio.sleep(chance.uniform(0.5, 4))
        deed = _drawn(chance, drops=self.ways.drops, leave=self.ways.leave, callback=self.ways.callback,
                      return_=self.ways.return_)  # fmt: skip
        if self._state(number) != "waiting":
            deed = ""
        if deed == "leave":
            await phone.hang_up()
        elif deed == "drops":
            phone = await self._calls_again(phone, number)
        elif deed == "callback":
            await self._until(lambda: self._state(number) != "waiting", keep=lambda: phone.press("1"))
        elif deed == "return_":
            await self._until(lambda: self._state(number) != "waiting", keep=lambda: phone.press("2"))
        await self._until(lambda: self._state(number) not in ("waiting", "offered"), 300)
        return phone

    async def _calls_again(self, phone: Phone, number: str) -> Phone:
        before = self.line[number][-1]
        await _leave(phone)
        await asyncio.sleep(1.0)
        phone = await self._dial(number)
        if not await self._until(lambda: self.line[number][-1].call_sid == phone.call, 60):
            self.wrong.append(f"{number} has not got back to the line: {self._state(number)}")
        after = self.line[number][-1]
        talked = before.state not in ("waiting", "offered") or after.id != before.id
        if not talked and after.waiting_since != before.waiting_since:
            self.wrong.append(f"{number} has lost the place")
        return phone

    async def _dial(self, number: str) -> Phone:
        phone = await Phone.dial(f"ws{self.running.url[4:]}", caller=number)
        task = asyncio.create_task(_read(phone))
        phone.reading = task  # type: ignore[attr-defined]  # kept alive as long as the telephone
        return phone

    # -- agents -------------------------------------------------------------------------------------------------------

    async def _at_desk(self, name: str) -> None:
        await self._do(lambda s: presence.come(s, self._now(), name, Post(languages=("hi", "en"))))

    async def _agent(self, n: int, name: str) -> None:
        chance = random.Random(self.seed + n)
        while not self.over:
            phone = await self._registered(name)
            try:
                await self._works(chance, name, phone)
            finally:
                await phone.close()

    async def _works(self, chance: random.Random, name: str, phone: Phone) -> None:
        """Take calls until the page is loaded again."""
        while True:
            await self._ready(name)
            with suppress(TimeoutError):
                event = await phone.next(1.0)
                if isinstance(event, Incoming) and await self._rings(chance, phone):
                    return
                answered = isinstance(event, State) and event.state == "answered"
                if event is None or (answered and await self._talk(chance, name, phone)):
                    return

    async def _rings(self, chance: random.Random, phone: Phone) -> bool:
        """Whether the page is loaded again instead."""
        deed = _drawn(chance, refuse=self.ways.refuse, ring=self.ways.ring, reload=self.ways.reload)
        if deed == "refuse":
            await phone.refuse()
        elif not deed:
            await asyncio.sleep(chance.uniform(0, self.ways.picks_up_s))
            await phone.answer()
        return deed == "reload"

    async def _talk(self, chance: random.Random, name: str, phone: Phone) -> bool:
        """Talk, and what ends it; whether that was a page loaded again."""
        await self._talked(next(self._talks_s), phone)
        deed = _drawn(chance, crash=self.ways.crash, pass_on=self.ways.pass_on, give=self.ways.give,
                      back=self.ways.back)  # fmt: skip
        if deed == "crash":
            return True
        call, controls = await asyncio.to_thread(self._in_hand, name), self.running.application.controls
        other = f"agent{chance.randrange(50):02}"
        deeds: dict[str, Callable[[int], Any]] = {
            "pass_on": lambda call: controls.to_queue(name, call, "complaints", "wants to complain"),
            "give": lambda call: controls.to_agent(name, call, other, "knows more"),
            "back": lambda call: controls.back(name, call, ""),
            "": lambda call: controls.hang_up(name, call),
        }
        if call:
            await self._tried(lambda: deeds[deed](call))
            await self._tried(lambda: controls.finish(name, call, "answered", ""))
        return False

    async def _talked(self, seconds: float, phone: Phone) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while phone.state == "answered" and (left := end - asyncio.get_running_loop().time()) > 0:
            with suppress(TimeoutError):
                if await phone.next(left) is None:
                    return

    def _in_hand(self, name: str) -> int | None:
        with self.running.application.helpline.store.read() as session:
            row = session.get_one(Presence, name)
            return row.handoff_id if row.state == "talking" else None

    async def _ready(self, name: str) -> None:
        """Ready again, where that does not come by itself; an agent who waits must not keep the store busy."""
        if self._states.get(name, "off") not in NOT_READY:
            return

        def deed(session: Any) -> bool:
            row = session.get_one(Presence, name)
            if row.state in NOT_READY:
                presence.ready(session, self._now(), name)
                return True
            return False

        if await self._do(deed):
            self.running.application.controls.kick()

    async def _registered(self, name: str) -> Phone:
        token = self.running.application.bridge.token(name)
        return await Phone.register(f"ws{self.running.url[4:]}", address(name), token)

    # -- what these have in common ------------------------------------------------------------------------------------

    async def _look(self) -> None:
        since = self._now()
        while True:
            now = self._now()
            await asyncio.to_thread(self._looked, since - OVERLAP)
            since = now
            await asyncio.sleep(LOOK_S)

    def _looked(self, since: datetime) -> None:
        """See what has changed since then."""
        with self.running.application.helpline.store.read() as session:
            changed = select(Handoff).where(Handoff.updated_at > since).order_by(Handoff.id)
            self._rows |= {row.id: row for row in session.scalars(changed)}
            self._states = {row.agent: row.state for row in session.scalars(select(Presence))}
        line: dict[str, list[Handoff]] = {}
        for row in self._rows.values():
            line.setdefault(row.caller or "", []).append(row)
        self.line = line

    def _state(self, number: str) -> str:
        mine = self.line.get(number)
        return mine[-1].state if mine else ""

    def _talks(self, number: str) -> bool:
        return self._state(number) == "talking"

    def _settled(self, number: str) -> bool:
        return self._state(number) in OVER

    async def _do(self, deed: Callable[[Any], Any]) -> Any:
        return await self._tried(lambda: in_turn(self.running.application.helpline.store, deed))

    async def _tried(self, deed: Callable[[], Any]) -> Any:
        """Somebody else may have been faster: that is no fault."""
        with suppress(BookingError, BridgeFailed):
            return await asyncio.to_thread(deed)
        return None

    async def _until(
        self, so: Callable[[], Any], limit_s: float = 120, keep: Callable[[], Awaitable[None]] | None = None
    ) -> bool:
        """Wait until something is so, doing `keep` again and again meanwhile."""
        for n in range(int(limit_s / LOOK_S)):
            if so():
                return True
            if keep and n % int(KEY_S / LOOK_S) == 0:
                await keep()
            await asyncio.sleep(LOOK_S)
        return False

    def _now(self) -> Any:
        return self.running.application.clock.now()


def _drawn(chance: random.Random, **parts: float) -> str:
    """One of the names, each with its probability; else ""."""
    left = chance.random()
    for name, part in parts.items():
        left -= part
        if left < 0:
            return name
    return ""


async def _read(phone: Phone) -> None:
    while await phone.next() is not None:
        pass


async def _leave(phone: Phone) -> None:
    await phone.hang_up()
    await phone.close()
