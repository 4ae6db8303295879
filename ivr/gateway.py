"""The one ASGI application of a process: sockets natively on the event loop, all HTTP to Flask behind a2wsgi."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Endpoint = Callable[[Scope, Receive, Send], Awaitable[None]]

HTTP_THREADS = 16


class Gateway:
    """Routes by path: what begins like a key of `native` goes there, other HTTP to Flask, other sockets are refused.

    `begin` and `end` run on the event loop when the server starts and stops.
    """

    def __init__(
        self,
        flask: Flask,
        native: Mapping[str, Endpoint],
        begin: Callable[[], None],
        end: Callable[[], Awaitable[None]],
    ) -> None:
        wsgi: Any = flask  # its own types are narrower than what a WSGI application is
        self._flask: Any = WSGIMiddleware(wsgi, workers=HTTP_THREADS)
        self._native = native
        self._begin, self._end = begin, end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        native = next((app for path, app in self._native.items() if scope["path"].startswith(path)), None)
        if native is not None:
            await native(scope, receive, send)
        elif scope["type"] == "http":
            await self._flask(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before accept: the server answers 403

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._begin()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._end()
                await send({"type": "lifespan.shutdown.complete"})
                return
