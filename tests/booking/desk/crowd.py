"""Fifty agents and two hundred callers who do whatever people do, in threads over several processes' stores."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.actors import CALLER, Actor
from booking.desk.answers import accept, join, part, to_agent, to_queue
from booking.desk.callback import call_back, slots
from booking.desk.endings import finish, hung_up, return_to_bot
from booking.desk.invitations import decline, invite
from booking.desk.line import Entry, dropped, enter
from booking.desk.presence import Post, come, leave, pause, ready, seen
from booking.desk.refusals import no_answer, refuse
from booking.desk.retrying import in_turn
from booking.desk.rules import DeskRules
from booking.desk.tending import tend
from booking.errors import BookingError, NotAllowed, SlotTaken
from booking.hours import AgentHours
from models.presence import Presence
from models.queue import Handoff
from models.store import Store
from tests.booking.desk.people import NOON

RULES = DeskRules(offer_s=40, gone_s=40, again_s=5, drop_min=1, callbacks=20)
HOURS = AgentHours(8, 20)
FASTER = 20  # the clock of the desk runs so many times faster


@dataclass
class Crowd:
    """What goes on at the desk; `stores` are those of several processes."""

    stores: list[Store]
    seed: int = 14545
    home: threading.Event = field(default_factory=threading.Event)  # nobody calls any more
    over: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The desk's time."""
        return NOON + timedelta(seconds=(time.monotonic() - self.began) * FASTER)

    def run(self, callers: int, agents: int, limit_s: float) -> None:
        """All of them at once, until nobody waits or talks."""
        first = self.stores[0]
        for n in range(callers):
            in_turn(first, lambda s, n=n: enter(s, self.now(), RULES, _entry(n, f"c{n}")))
        desk = [partial(self._agent, n) for n in range(agents)] + [partial(self._tending, s) for s in self.stores]
        calling = self._begun([partial(self._callers, range(n, callers, 10)) for n in range(10)])
        working, end = self._begun(desk), time.monotonic() + limit_s
        # Twice: whose line had broken may have been about to call again when nobody waited any more.
        for threads, enough in ((calling, self.home), (working, self.over)):
            while time.monotonic() < end and not self.wrong and self._open(first):
                time.sleep(0.1)
            enough.set()
            for thread in threads:
                thread.join(30)

    def _begun(self, acts: Sequence[Callable[[], None]]) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._watched, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        return threads

    def _watched(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            self.wrong.append(repr(error))

    @staticmethod
    def _open(store: Store) -> int:
        with store.read() as session:
            going = select(func.count(Handoff.id)).where(Handoff.state.in_(("waiting", "offered", "talking")))
            return session.scalar(going) or 0

    def _tending(self, store: Store) -> None:
        while not self.over.is_set():
            tend(store, self.now(), RULES)
            time.sleep(0.02)

    def _do(self, store: Store, deed: Callable[..., Any], *args: Any) -> bool:
        """Whether it came about; somebody else may have been faster."""
        try:
            in_turn(store, lambda session: deed(session, self.now(), *args))
        except (NotAllowed, SlotTaken):
            return False
        return True

    def _agent(self, n: int) -> None:
        chance, me, store = random.Random(self.seed + n), f"a{n}", self.stores[n % len(self.stores)]
        self._do(store, come, me, Post())
        while not self.over.is_set():
            time.sleep(chance.uniform(0.01, 0.04))
            with store.read() as session:
                mine = session.get_one(Presence, me)
            if chance.random() < 0.05:
                self._do(store, come, me, Post())  # the page is loaded again
            self._do(store, seen, me)
            self._acts(store, chance, mine)

    def _acts(self, store: Store, chance: random.Random, mine: Presence) -> None:
        me, call = mine.agent, mine.handoff_id
        if mine.state == "offered" and call:
            takes: list[Callable[..., Any]] = [accept] * 7 + [refuse, no_answer]
            deed = chance.choice(takes)
            if chance.random() < 0.02:
                self._do(store, leave, me)
            elif not self._do(store, deed, call, me):  # it was an invitation, or is over
                self._do(store, *chance.choice([(join, call, me), (decline, call, me)]))
        elif mine.state == "talking" and call:
            self._talks(store, chance, me, call)
        elif mine.state == "wrap_up" and call and chance.random() < 0.8:
            self._do(store, finish, call, me, "answered") or self._do(store, ready, me)
        elif chance.random() < 0.03:
            self._do(store, pause, me, "tea")
        elif mine.state != "ready":
            self._do(store, ready, me)

    def _talks(self, store: Store, chance: random.Random, me: str, call: int) -> None:
        other = f"a{chance.randrange(50)}"
        deeds: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
            (hung_up, (call,)),
            (return_to_bot, (call, Actor("agent", me), "city")),
            (to_queue, (call, me, "complaints")),
            (to_agent, (call, me, other)),
            (join, (call, other, me)),
            (invite, (call, me, other)),
            (part, (call, me)),
            *[(finish, (call, me, "booked"))] * 6,
        ]
        deed, args = chance.choice(deeds)
        try:
            self._do(store, deed, *args)
        except BookingError:  # the other agent has never come
            if deed not in (to_agent, join, invite):
                raise

    def _callers(self, mine: range) -> None:
        chance, again = random.Random(self.seed - mine.start), count()
        store = self.stores[mine.start % len(self.stores)]
        while not self.home.is_set():
            time.sleep(chance.uniform(0.02, 0.1))
            n = chance.choice(mine)
            row = self._line_of(store, n)
            if row is None:
                continue
            if row.dropped_at is not None and chance.random() < 0.5:
                self._do(store, enter, RULES, _entry(n, f"c{n}-{mine.start}-{next(again)}"))
            elif chance.random() < 0.15:
                self._do(store, dropped, row.id)
            elif chance.random() < 0.05:
                self._do(store, self._later, row)
            elif chance.random() < 0.03:
                self._do(store, return_to_bot, row.id, CALLER)

    @staticmethod
    def _line_of(store: Store, n: int) -> Handoff | None:
        mine = select(Handoff).where(Handoff.caller == _number(n), Handoff.state.in_(("waiting", "offered")))
        with store.read() as session:
            return session.scalars(mine).first()

    @staticmethod
    def _later(session: Session, now: datetime, row: Handoff) -> None:
        at = slots(session, now, RULES, HOURS, most=1)[0]
        call_back(session, now, RULES, HOURS, row.id, (row.caller or "", at))


def _number(n: int) -> str:
    return f"+91981234{n:04d}"


def _entry(n: int, conversation: str) -> Entry:
    return Entry(conversation, f"CA-{conversation}", _number(n), "hi")
