"""A telephone at the exchange for programs: dials over the subscriber's websocket, presses, talks and hears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

REGISTERS_S = 10.0  # real time for the exchange to say that it knows the telephone
DEFAULT_CALLER = "+919826401715"


@dataclass(frozen=True)
class Audio:
    """The bot's voice as played: 8 kHz mu-law."""

    data: bytes


@dataclass(frozen=True)
class State:
    """The call is `ringing`, `answered`, with the `agent` or `ended`; `reason` says why or how (see `line.py`)."""

    state: str
    call: str = ""
    conversation: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Cue:
    """A moment of the call: `speaking` (the bot begins), `quiet` (all it sent was played), `said` (our last clip is
    sent), `clear` (the bot threw away what it had queued)."""

    name: str


@dataclass(frozen=True)
class Sms:
    """A text message for the number that we called from."""

    text: str


@dataclass(frozen=True)
class Incoming:
    """A call rings: `answer` or `refuse` it."""

    call: str
    caller: str


PhoneEvent = Audio | State | Cue | Sms | Incoming


class CallRefusedError(Exception):
    """The exchange cut the line, because something sent over it was wrong; the message says what."""


@dataclass
class Phone:
    """One call from the caller's side. Make it with `dial`, end it with `close` (or use `async with`).

    `events()` yields what happens until the call has ended, `next()` goes on (messages may come). `call` and
    `conversation` are known once answered, `audio` has all that was heard so far (8 kHz mu-law).
    """

    socket: ClientConnection
    call: str = ""
    conversation: str = ""
    state: str = "ringing"
    reason: str = ""
    audio: bytearray = field(default_factory=bytearray)
    texts: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @classmethod
    async def dial(
        cls, url: str, to: str = "14545", caller: str = DEFAULT_CALLER, agent: str = "no-answer", trial: str = ""
    ) -> Phone:
        """Dial `to` at the server `url` (ws://host:port). `agent` is how the agents' desk behaves when the call is put
        through: "no-answer", "busy" or "completed"; `trial` is a proof for trying a draft. Raises OSError."""
        socket = await connect(f"{url.rstrip('/')}/exchange/line", max_size=2**20, compression=None, proxy=None)
        phone = cls(socket)
        await phone._send({"type": "dial", "from": caller, "to": to, "agent": agent, "trial": trial})
        return phone

    @classmethod
    async def register(cls, url: str, address: str, token: str) -> Phone:
        """A telephone that can be called: under a number (+91…) or a name (client:asha), with the access token for it.
        Raises OSError, CallRefusedError."""
        socket = await connect(f"{url.rstrip('/')}/exchange/line", max_size=2**20, compression=None, proxy=None)
        phone = cls(socket, state="idle")
        await phone._send({"type": "register", "from": address, "token": token})
        await phone.next(REGISTERS_S)
        return phone

    async def answer(self) -> None:
        """Take the call that rings."""
        await self._send({"type": "answer"})

    async def refuse(self) -> None:
        """Do not take the call that rings."""
        await self._send({"type": "refuse"})

    async def __aenter__(self) -> Phone:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def press(self, keys: str) -> None:
        """Press keys one after the other, without pause."""
        for digit in keys:
            await self._send({"type": "key", "digit": digit})

    async def say(self, audio: bytes) -> None:
        """Speak a clip of 8 kHz mu-law; `Cue("said")` comes when it has gone out at talking speed."""
        for start in range(0, len(audio), 64_000):
            await self.socket.send(audio[start : start + 64_000])
        await self._send({"type": "clip_end"})

    async def type(self, text: str) -> None:
        """Type a turn instead of speaking it."""
        await self._send({"type": "text", "text": text})

    async def hang_up(self) -> None:
        """Put the receiver down; `State("ended")` follows."""
        with suppress(ConnectionClosed):
            await self._send({"type": "hangup"})

    async def close(self) -> None:
        """Leave the line; a call still running is hung up."""
        await self.socket.close()

    async def next(self, timeout_s: float | None = None) -> PhoneEvent | None:
        """The next event; None when the line is closed. Raises TimeoutError after `timeout_s` real seconds."""
        try:
            message = await asyncio.wait_for(self.socket.recv(), timeout_s)
        except ConnectionClosed as closed:
            if closed.rcvd and closed.rcvd.code == 1008:
                raise CallRefusedError(closed.rcvd.reason) from None
            return None
        return self._event(message)

    async def events(self) -> AsyncIterator[PhoneEvent]:
        """Everything that happens until the call has ended."""
        while (event := await self.next()) is not None:
            yield event
            if self.state == "ended":
                return

    def _event(self, message: str | bytes) -> PhoneEvent:
        if isinstance(message, bytes):
            self.audio += message
            return Audio(message)
        data: dict[str, Any] = msgspec.json.decode(message)
        if data["type"] == "state":
            return self._changed(
                State(**{k: data[k] or "" for k in ("state", "call", "conversation", "reason", "detail")})
            )
        if data["type"] == "incoming":
            self.call, self.state = data["call"], "incoming"
            return Incoming(data["call"], data["caller"])
        if data["type"] == "sms":
            self.texts.append(data["text"])
            return Sms(data["text"])
        return Cue(data["type"])

    def _changed(self, state: State) -> State:
        self.state, self.reason = state.state, state.reason
        self.call = state.call or self.call
        self.conversation = state.conversation or self.conversation
        return state

    async def _send(self, message: dict[str, str]) -> None:
        await self.socket.send(msgspec.json.encode(message).decode())
