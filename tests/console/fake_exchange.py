"""A small server with the phone's page and an exchange that speaks the line's contract, for tests of the page alone."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask

from console.phone.routes import PhoneDeps, blueprint

CALL = "CA" + "0123456789abcdef" * 2


@dataclass
class Exchange:
    """What the page sent (each message with the number of audio frames before it), and what the test wants done.

    Everything sent by `tell` reaches the page in order.
    """

    received: list[dict[str, Any]] = field(default_factory=list)
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    snapshot: dict[str, Any] | None = None
    refuse: bool = False
    failing: bool = False
    port: int = 0
    lines: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _out: asyncio.Queue[object] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def types(self) -> list[str]:
        return [m["type"] for m in self.received]

    def keys(self) -> str:
        return "".join(m["digit"] for m in self.received if m["type"] == "key")

    def audio(self) -> bytes:
        return b"".join(data for _, data in self.frames)

    def tell(self, *messages: Mapping[str, Any] | bytes | None) -> None:
        """Send these to the page; bytes are audio, None cuts the socket."""
        assert self._loop is not None
        assert self._out is not None
        for message in messages:
            self._loop.call_soon_threadsafe(self._out.put_nowait, message)

    def answer(self) -> None:
        """Ring and answer, as for any good call."""
        for state in ("ringing", "answered"):
            self.tell({"type": "state", "state": state, "call": CALL, "conversation": "c1", "reason": ""})

    def turns(self, *turns: tuple[str, str], **more: object) -> None:
        """The conversation has come to these turns (who, text)."""
        listed = [
            {"seq": n, "who": w, "text": t, "at": "2026-11-22T10:00:00+05:30"} for n, (w, t) in enumerate(turns, 1)
        ]
        base = {
            "conversation": "c1",
            "node": "service",
            "language": "hi",
            "ended": False,
            "outcome": None,
            "filled": [],
        }
        self.snapshot = {**base, "turns": listed, **more}

    async def line(self, receive: Any, send: Any) -> None:
        """One WebSocket of the page."""
        await receive()
        if self.refuse:
            await send({"type": "websocket.close", "code": 1008, "reason": "all lines are taken"})
            return
        await send({"type": "websocket.accept"})
        self.lines += 1
        self._loop, self._out = asyncio.get_running_loop(), asyncio.Queue()
        out = asyncio.create_task(self._send_out(send, self._out))
        while (message := await receive())["type"] == "websocket.receive":
            if message.get("text"):
                self.received.append(json.loads(message["text"]) | {"frames": len(self.frames)})
            else:
                self.frames.append((time.monotonic(), message["bytes"]))
        self.received.append({"type": "gone"})
        out.cancel()

    async def _send_out(self, send: Any, out: asyncio.Queue[object]) -> None:
        while True:
            message = await out.get()
            if message is None:
                await send({"type": "websocket.close", "code": 1011})
            elif isinstance(message, bytes):
                await send({"type": "websocket.send", "bytes": message})
            else:
                await send({"type": "websocket.send", "text": json.dumps(message)})

    def look(self, call: str) -> dict[str, Any] | None:
        if self.failing:
            raise RuntimeError("the store is away")
        return self.snapshot if call == CALL else None


def page_app(exchange: Exchange) -> Flask:
    app = Flask("fake", static_folder=None)
    app.register_blueprint(blueprint(PhoneDeps(exchange.look, "14545", {"hi": "मितान", "en": "Mitan"})))
    return app


@contextmanager
def serving(exchange: Exchange) -> Iterator[Exchange]:
    pages: Any = WSGIMiddleware(page_app(exchange))  # type: ignore[arg-type]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await exchange.line(receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    exchange.port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield exchange
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()
