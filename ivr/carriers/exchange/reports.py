"""Status callbacks of one call or conference: posted one after the other, numbered, without holding anything up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from ivr.carriers.exchange.trunk import Trunk, TrunkError

log = logging.getLogger(__name__)


class Reports:
    """Posts to `url` (empty: nowhere) in the order in which they were told."""

    def __init__(self, trunk: Trunk, url: str = "") -> None:
        self.url = url
        self._trunk = trunk
        self._sequence = 0
        self._waiting: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def tell(self, form: Mapping[str, str]) -> None:
        """Post this as soon as all before it is through."""
        if not self.url:
            return
        self._waiting.put_nowait({**form, "SequenceNumber": str(self._sequence)})
        self._sequence += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._post())

    async def told(self) -> None:
        """Wait until everything has been posted."""
        if self._task:
            await self._task

    async def _post(self) -> None:
        while not self._waiting.empty():
            form = self._waiting.get_nowait()
            try:
                await self._trunk.post(self.url, form)
            except TrunkError as error:
                log.warning("a status callback was not taken: %s", error)
