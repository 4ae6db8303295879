"""The Media Stream leg of a call: the socket to the application, fed and emptied in 20 ms steps of the clock."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ivr.carriers.exchange.handset import Handset, Key
from ivr.carriers.exchange.messages import Messages, Outbound, parse
from ivr.carriers.exchange.pace import Pace
from ivr.carriers.exchange.playout import Playout
from ivr.clock import Clock

log = logging.getLogger(__name__)


class StreamLeg:
    """One `<Stream>` from its opening to its end."""

    def __init__(self, socket: ClientConnection, messages: Messages, handset: Handset, clock: Clock) -> None:
        self._socket = socket
        self._messages = messages
        self._handset = handset
        self._clock = clock
        self._playout = Playout()

    async def run(self, parameters: dict[str, str]) -> None:
        """Carry sound, keys and marks until the application closes the socket; when cancelled, say stop and close."""
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._socket.send(self._messages.connected())
            await self._socket.send(self._messages.start(parameters))
            tasks = [asyncio.create_task(part()) for part in (self._read, self._pump, self._pass_on)]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except ConnectionClosed:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop()

    async def _stop(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._socket.send(self._messages.stop())
        await self._socket.close()
        if not self._playout.empty:
            self._handset.clear()
        self._handset.hear(b"")

    async def _read(self) -> None:
        async for text in self._socket:
            message = parse(text)
            if message is None:
                log.warning("call %s: the application sent no message", self._messages.call_sid)
            else:
                await self._obey(message)

    async def _obey(self, message: Outbound) -> None:
        if message.event == "media" and message.media:
            self._playout.push(message.media.payload)
        elif message.event == "mark" and message.mark:
            self._playout.mark(message.mark.name)
        elif message.event == "clear":
            marks = self._playout.clear()
            self._handset.clear()
            await self._return(marks)

    async def _pump(self) -> None:
        pace = Pace(self._clock)
        while True:
            await self._socket.send(self._messages.media(self._handset.frame()))
            marks, frame = self._playout.tick()
            self._handset.hear(frame)
            await self._return(marks)
            await pace.step()

    async def _return(self, marks: list[str]) -> None:
        for name in marks:
            await self._socket.send(self._messages.mark(name))

    async def _pass_on(self) -> None:
        while True:
            given = await self._handset.inputs.get()
            message = self._messages.dtmf(given.digit) if isinstance(given, Key) else self._messages.text(given.text)
            await self._socket.send(message)
