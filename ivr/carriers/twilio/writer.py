"""Our side of an open Media Stream socket: audio, marks and clears out, with bounded waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ivr.carriers.twilio import stream

PIECE_BYTES = 8_000  # one second of mu-law a message: the carrier buffers, so a prompt goes out in few long messages
SEND_TIMEOUT_S = 10.0  # a carrier that takes nothing for so long is gone
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)


class SocketLine:
    """`ivr.line.Line` over an accepted ASGI websocket. After the socket is lost every method does nothing: the reader
    learns of the loss and tells the call."""

    def __init__(self, send: Send, stream_sid: str) -> None:
        self._send = send
        self._sid = stream_sid
        self._playing = asyncio.Lock()  # two prompts must not mix their pieces
        self._sending = asyncio.Lock()  # ... but a clear may come between two pieces
        self._cleared = 0
        self.open = True
        self.closed = False  # by us, and not by a loss

    async def play(self, audio: bytes, mark: str) -> None:
        """Queue `audio` (8 kHz mu-law) at the carrier, followed by `mark`. A clear meanwhile leaves out the rest."""
        cleared = self._cleared
        async with self._playing:
            for start in range(0, len(audio), PIECE_BYTES):
                if cleared != self._cleared:
                    break
                await self._text(stream.media(self._sid, audio[start : start + PIECE_BYTES]))
            await self._text(stream.mark(self._sid, mark))

    async def clear(self) -> None:
        """Throw away what is queued; its marks come back at once."""
        self._cleared += 1
        await self._text(stream.clear(self._sid))

    async def close(self) -> None:
        """Close the socket; the carrier then asks what follows."""
        self.closed = True
        await self._message({"type": "websocket.close", "code": 1000})
        self.open = False

    async def _text(self, text: str) -> None:
        await self._message({"type": "websocket.send", "text": text})

    async def _message(self, message: MutableMapping[str, Any]) -> None:
        async with self._sending:
            if not self.open:
                return
            try:
                await asyncio.wait_for(self._send(message), SEND_TIMEOUT_S)
            except (OSError, RuntimeError, TimeoutError) as error:  # what ASGI servers raise once the peer is gone
                self.open = False
                log.info("stream %s: writing ended: %r", self._sid, error)
