"""What changes at the desk, told to open pages as server-sent events at `/live`; natively on the event loop, because
each page holds its connection for hours.

A page is told numbers, `{"queue": 17, "talk": 4}`, and fetches what it shows by itself: nothing personal goes this
way. After the first message only what has changed is sent. A `beat` comes every ten seconds.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from ivr.gateway import Receive, Scope, Send
from ivr.watching import Listener, Watcher

PATH = "/live"
BEAT_S = 10.0
MOST_TALKS = 50  # conversations that one page follows
MOST = 1000  # listeners of a process: beyond that something is wrong
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def ticket(key: str, sign_in: str) -> str:
    """What lets the page of a sign-in listen: its id, signed."""
    return f"{sign_in}.{hmac.digest(key.encode(), f'live:{sign_in}'.encode(), 'sha256').hex()}"


class Live:
    """The endpoint. `lasts` says of a sign-in whether it still does; it may block."""

    def __init__(self, key: str, watcher: Watcher, lasts: Callable[[str], bool], beat_s: float = BEAT_S) -> None:
        self._key, self._watcher, self._lasts, self._beat_s = key, watcher, lasts, beat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One page that listens."""
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        status = await self._status(scope["method"], asked.get("ticket", [""])[0])
        if status != 200:
            await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            return
        await self._tell(Listener(frozenset(asked.get("talk", [])[:MOST_TALKS])), receive, send)

    @property
    def numbers(self) -> Mapping[str, int] | None:
        """How the desk stood a moment ago, as the pages were told; None while no page listens here."""
        return self._watcher.last

    def close(self) -> None:
        """End all connections, because the server ends: it would wait for them. Call on the event loop."""
        self._watcher.close()

    async def _status(self, method: str, given: str) -> int:
        if method != "GET":
            return 405
        sign_in = given.partition(".")[0]
        if not hmac.compare_digest(ticket(self._key, sign_in).encode(), given.encode()):
            return 403
        if not await asyncio.to_thread(self._lasts, sign_in):
            return 403
        return 200 if len(self._watcher) < MOST else 503

    async def _tell(self, listener: Listener, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        self._watcher.add(listener)
        gone = asyncio.create_task(_gone(receive, listener))
        try:
            await _send(send, "retry: 1000\n\n")
            while not listener.closed:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(listener.wake.wait(), self._beat_s)
                news = listener.news()
                await _send(send, f"data: {json.dumps(news)}\n\n" if news else "event: beat\ndata:\n\n")
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._watcher.drop(listener)
            gone.cancel()


async def _gone(receive: Receive, listener: Listener) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            listener.close()
            return


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
