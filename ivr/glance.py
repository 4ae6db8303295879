"""Looking at what an ear makes of an answer while it is still being spoken, off the event loop, one look at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing

LOOKERS = ThreadPoolExecutor(2, "glance")  # never waits for the store, as the threads of conversations may

log = logging.getLogger(__name__)


class Glance:
    """Has `judge` say what the latest partial hypotheses amount to, whenever they have changed."""

    def __init__(self, judge: Callable[[Sequence[Hearing]], Gist], call: str) -> None:
        self._judge, self._call = judge, call
        self._seen: tuple[str, ...] = ()
        self._looking: asyncio.Task[None] | None = None

    def forget(self) -> None:
        """Another answer begins; what is being looked at belongs to the last one."""
        self._seen, looking, self._looking = (), self._looking, None
        if looking and looking is not asyncio.current_task():
            looking.cancel()

    def look(self, hearings: Sequence[Hearing], report: Callable[[Gist], None]) -> None:
        """`report` gets the gist of `hearings` soon, unless they are the last ones or the last look is not over."""
        texts = tuple(h.text for h in hearings)
        if texts == self._seen or not texts or self._looking:
            return
        self._seen = texts
        self._looking = asyncio.create_task(self._look(tuple(hearings), report))

    async def _look(self, hearings: tuple[Hearing, ...], report: Callable[[Gist], None]) -> None:
        gist = await self.at(hearings)
        if asyncio.current_task() is self._looking:
            self._looking = None
            report(gist)

    async def at(self, hearings: Sequence[Hearing]) -> Gist:
        """The gist of `hearings`; an error is logged and there is none."""
        try:
            return await asyncio.get_running_loop().run_in_executor(LOOKERS, self._judge, hearings)
        except Exception:
            log.exception("call %s: no gist of what was said", self._call)
            return Gist(words=bool(hearings))
