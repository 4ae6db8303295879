"""`/twilio/stream`: the Media Streams socket as a raw ASGI application, native on the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from ivr.carriers.twilio import stream
from ivr.carriers.twilio.deps import LiveCall, StartCall
from ivr.carriers.twilio.reorder import Reorder
from ivr.carriers.twilio.signature import HEADER, Signatures, refuse
from ivr.carriers.twilio.writer import Send, SocketLine
from ivr.observe.context import about

START_TIMEOUT_S = 10.0  # an accepted socket that does not begin a stream is closed
SILENT_S = 20.0  # a carrier sends 50 messages a second: after so long without one the connection is lost
LOGGED_MALFORMED = 3  # malformed messages of one socket that get a line each; the rest are only counted

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
log = logging.getLogger(__name__)


class StreamEndpoint:
    """The ASGI application. `typing` True lets typed turns in: only where the carrier is our own exchange.

    A socket that brings nothing for `silent_s` (real seconds) is taken for lost. `counts` has, over all sockets:
    streams, malformed, ignored, late and lost chunks, broken connections, errors.
    """

    def __init__(
        self, signatures: Signatures, start_call: StartCall, *, typing: bool = False, silent_s: float = SILENT_S
    ) -> None:
        self._signatures = signatures
        self._start_call = start_call
        self._typing = typing
        self.silent_s = silent_s
        self.counts: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse the unsigned; serve one stream."""
        await receive()  # websocket.connect
        if not self._signed(scope):
            refuse((scope.get("client") or ("?",))[0], scope["path"])
            await send({"type": "websocket.close", "code": 1008})  # before accept: the server answers 403
            return
        await send({"type": "websocket.accept"})
        try:
            await _Stream(self, receive, send).serve()
        except Exception:
            # One call's fault must not be lost, nor reach the server as more than a closed socket: the carrier then
            # asks /twilio/voice/after and the conversation goes on.
            self.counts["errors"] += 1
            log.exception("stream of %s failed", (scope.get("client") or ("?",))[0])
            await SocketLine(send, "").close()

    def _signed(self, scope: Message) -> bool:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        url = self._signatures.socket_url(scope["path"], scope.get("query_string", b"").decode("latin-1"))
        return self._signatures.valid(url, {}, headers.get(HEADER.lower(), ""))

    async def begin(self, line: SocketLine, start: stream.Start) -> LiveCall:
        """The live call of a stream that has started."""
        self.counts["streams"] += 1
        return await self._start_call(line, start)

    async def tell(self, call: LiveCall, event: stream.Event) -> None:
        """Hand an event of a running stream to its call."""
        if isinstance(event, stream.Dtmf):
            await call.key(event.digit)
        elif isinstance(event, stream.Mark):
            await call.marked(event.name)
        elif isinstance(event, stream.Typed) and self._typing:
            await call.typed(event.text)


class _Stream:
    """One socket from accept to close."""

    def __init__(self, endpoint: StreamEndpoint, receive: Receive, send: Send) -> None:
        self._endpoint = endpoint
        self._receive = receive
        self._send = send
        self._malformed = 0
        self._messages = 0

    async def serve(self) -> None:
        """Wait for the start, then serve the call to its end."""
        try:
            start = await asyncio.wait_for(self._start(), START_TIMEOUT_S)
        except TimeoutError:
            log.warning("a socket began no stream within %s s", START_TIMEOUT_S)
            start = None
        if start is None:
            await SocketLine(self._send, "").close()
            return
        line = SocketLine(self._send, start.stream_sid)
        with about(start.call_sid, start.parameters.get("conversation", "")):
            call = await self._endpoint.begin(line, start)
            stopped = False
            try:
                stopped = await self._until_silent(self._run(call, start)) or line.closed
            finally:
                self._endpoint.counts["broken"] += not stopped
                await (call.gone() if stopped else call.lost())
        await line.close()

    async def _until_silent(self, run: Coroutine[Any, Any, bool]) -> bool:
        """Whether the stream was stopped properly; a peer that fell silent without closing is not waited for."""
        running = asyncio.ensure_future(run)
        try:
            while True:
                before = self._messages
                done, _ = await asyncio.wait((running,), timeout=self._endpoint.silent_s)
                if done:
                    return running.result()
                if self._messages == before:
                    log.warning("a stream brought nothing for %s s: its connection is lost", self._endpoint.silent_s)
                    return False
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _start(self) -> stream.Start | None:
        while (event := await self._next()) is not None:
            if isinstance(event, stream.Start):
                return event
        return None

    async def _run(self, call: LiveCall, start: stream.Start) -> bool:
        """Serve the stream; True when it was stopped, False when the connection broke."""
        order, stopped = Reorder(), False
        while (event := await self._next()) is not None:
            if isinstance(event, stream.Stop):
                stopped = True
                break
            if isinstance(event, stream.Media):
                for frame in order.feed(event):
                    await call.audio(frame)
            else:
                await self._endpoint.tell(call, event)
        self._endpoint.counts.update(late=order.late, lost=order.lost)
        if order.late or order.lost or self._malformed:
            log.info(
                "call %s: %s chunks late, %s lost, %s malformed messages",
                start.call_sid,
                order.late,
                order.lost,
                self._malformed,
            )
        return stopped

    async def _next(self) -> stream.Event | None:
        """The next event that means something; None when the socket is closed."""
        while True:
            message = await self._receive()
            self._messages += 1
            if message["type"] == "websocket.disconnect":
                return None
            event = stream.parse(message.get("text") or message.get("bytes") or "")
            if isinstance(event, stream.Malformed):
                self._count_malformed(event)
            elif isinstance(event, stream.Ignored):
                self._endpoint.counts["ignored"] += 1
            else:
                return event

    def _count_malformed(self, event: stream.Malformed) -> None:
        self._malformed += 1
        self._endpoint.counts["malformed"] += 1
        if self._malformed <= LOGGED_MALFORMED:
            log.warning("malformed stream message: %s", event.reason)
