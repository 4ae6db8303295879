"""One look at the store for all who listen in this process, several times a second, and only while somebody does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from booking.desk.versions import number, talks, versions
from models.store import Store, StoreError

PERIOD_S = 0.3  # with the page's own delay an event is shown within a second
Numbers = Mapping[str, int]
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Listener:
    """Somebody who is told what changed; `talks` are the conversations followed. `wake` is set when there is news, or
    when it is over."""

    talks: frozenset[str]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False
    _told: dict[str, int] = field(default_factory=dict)
    _news: dict[str, int] = field(default_factory=dict)

    def see(self, desk: Numbers, said: Numbers) -> None:
        """How things stand; what this listener has not been told yet is news."""
        now = {**desk, "talk": number(said.get(one) for one in sorted(self.talks))} if self.talks else desk
        self._news.update({topic: n for topic, n in now.items() if self._told.get(topic) != n})
        self._told.update(now)
        if self._news:
            self.wake.set()

    def news(self) -> dict[str, int]:
        """What has changed since the last time."""
        self.wake.clear()
        found, self._news = self._news, {}
        return found

    def close(self) -> None:
        """It is over."""
        self.closed = True
        self.wake.set()


class Watcher:
    """Looks for all listeners of one event loop."""

    def __init__(self, store: Store, now: Callable[[], datetime], period_s: float = PERIOD_S) -> None:
        self._store, self._now, self._period_s = store, now, period_s
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self.last: Numbers | None = None  # how the desk stood at the last look; None while nobody looks
        self._thread = ThreadPoolExecutor(1, "watcher")  # its own: the loop's threads may all be busy

    def __len__(self) -> int:
        return len(self._listeners)

    def add(self, listener: Listener) -> None:
        """Tell this one, too; the first one begins the watch."""
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())

    def drop(self, listener: Listener) -> None:
        """This one has gone; the watch ends with the last one."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """Let all of them go."""
        for listener in list(self._listeners):
            listener.close()

    async def _watch(self) -> None:
        away = False
        while self._listeners:
            wanted = frozenset[str]().union(*(listener.talks for listener in self._listeners))
            try:
                desk, said = await asyncio.get_running_loop().run_in_executor(self._thread, self._look, wanted)
                away, self.last = False, desk
            except StoreError as error:
                if not away:
                    log.warning("nobody is told what changes: %s", error)
                away, self.last = True, None
            else:
                for listener in self._listeners:
                    listener.see(desk, said)
            await asyncio.sleep(self._period_s)
        self.last = None

    def _look(self, wanted: frozenset[str]) -> tuple[Numbers, Numbers]:
        with self._store.read() as session:
            return versions(session), talks(session, self._now(), wanted)
