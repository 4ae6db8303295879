"""A subscriber's line: the websocket `/exchange/line` of the browser phone, test calls and tests. One call at a time.

From the subscriber, text: {"type":"dial","from":"+91…","to":"14545","agent":"no-answer|busy|completed"} (with "trial",
a proof, it is a call that tries a draft), {"type":"key","digit":"5"}, {"type":"text","text":"…"}, {"type":"clip_end"},
{"type":"hangup"}; binary: 8 kHz mu-law.
A telephone that is to be called says {"type":"register","from":"client:asha","token":"…"} (as for Twilio's Voice SDK)
or, under a number, {"type":"register","from":"+91…","token":"…"}, is told {"type":"registered"}, rings at {"type":
"incoming","call","caller","called"} and says {"type":"answer"} or {"type":"refuse"}. Who has dialled can be called,
too, unless somebody else waits under that number.
To the subscriber, binary: mu-law as it is played, in 100 ms pieces; text: {"type":"state","state":
"ringing|answered|agent|ended","call","conversation","reason","detail"}, {"type":"clear"}, {"type":"sms","text"} (also
after the call), {"type":"caption","text"} (of a <Say>), and for programs {"type":"speaking"}, {"type":"quiet"},
{"type":"said"}. A call ends with the reason "hung up" (the caller), "finished", "busy", "wrong-number" or "failed"; one
that rang also with "no-answer".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal

import msgspec

from ivr.bridge import waiting_as
from ivr.carriers.exchange.exchange import AllLinesBusyError, Exchange
from ivr.carriers.exchange.handset import Handset, Key, Sign, Text
from ivr.carriers.exchange.names import identity_of
from ivr.carriers.exchange.subscribers import Subscriber

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_WAITING = 2_000  # pieces and signs that a subscriber has not taken; then the line is cut
IDLE_S = 300.0  # of real time that a telephone may be connected without a call
DIALLED = re.compile(r"\+?\d{3,15}", re.ASCII)
CALLER = re.compile(r"(\+[1-9]\d{7,14})?", re.ASCII)  # empty: withheld
KEY = re.compile(r"[0-9*#]", re.ASCII)


class _Word(msgspec.Struct, rename={"caller": "from"}):
    type: str
    caller: str = ""
    to: str = ""
    agent: Literal["no-answer", "busy", "completed"] = "no-answer"
    digit: str = ""
    text: str = ""
    token: str = ""
    trial: str = ""


class BadLineError(Exception):
    """What the subscriber sent cannot be carried out: the line is closed with this reason."""


class Line:
    """One subscriber's connection, already accepted."""

    def __init__(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        self._exchange = exchange
        self._receive = receive
        self._send = send
        self._out: asyncio.Queue[bytes | Sign | None] = asyncio.Queue(MAX_WAITING)
        self._handset = Handset(self._tell)
        self._subscriber = Subscriber(self._handset)
        self._dialled = self._registered = False

    async def serve(self) -> None:
        """Until the subscriber leaves (text messages may come after the call), or breaks the rules."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._write())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await self._close(1000, "")
        except BadLineError as error:
            await self._close(1008, str(error))
        except OSError:
            pass  # the subscriber went away while we wrote
        finally:
            self._subscriber.leave()
            self._exchange.subscribers.disconnect(self._subscriber)
            self._exchange.unplug(self._handset)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _tell(self, what: bytes | Sign) -> None:
        if self._out.full():
            return self._cut()
        self._out.put_nowait(what)
        return None

    def _cut(self) -> None:
        """The subscriber takes nothing any more."""
        while not self._out.empty():
            self._out.get_nowait()
        self._end()

    def _end(self) -> None:
        if not self._out.full():
            self._out.put_nowait(None)

    async def _write(self) -> None:
        while (what := await self._out.get()) is not None:
            if isinstance(what, bytes):
                await self._send({"type": "websocket.send", "bytes": what})
            else:
                await self._send({"type": "websocket.send", "text": msgspec.json.encode(what).decode()})

    async def _listen(self) -> None:
        while True:
            timeout = None if self._in_use else IDLE_S
            try:
                message = await asyncio.wait_for(self._receive(), timeout)
            except TimeoutError:
                if not self._in_use:
                    raise BadLineError("nothing is dialled") from None
                continue
            if message["type"] == "websocket.disconnect":
                raise OSError("the subscriber is gone")
            if message.get("bytes"):
                self._handset.speak(message["bytes"])
            elif message.get("text"):
                self._obey(message["text"])

    @property
    def _in_use(self) -> bool:
        return self._registered or self._subscriber.call is not None

    def _obey(self, text: str) -> None:
        try:
            word = msgspec.json.decode(text, type=_Word)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise BadLineError("not a message of this line") from None
        if word.type == "dial":
            self._dial(word)
        elif word.type == "key" and KEY.fullmatch(word.digit):
            self._handset.give(Key(word.digit))
        elif word.type == "text":
            self._handset.give(Text(word.text[:500]))
        elif word.type == "clip_end":
            self._handset.clip_end()
        elif word.type == "hangup" and self._subscriber.call:
            self._subscriber.call.hang_up()
        else:
            self._obey_as_called(word)

    def _obey_as_called(self, word: _Word) -> None:
        if word.type == "register":
            self._register(word)
        elif word.type == "answer":
            self._subscriber.answer("answered")
        elif word.type == "refuse":
            self._subscriber.answer("busy")

    def _register(self, word: _Word) -> None:
        """Be called under a name or a number, both proved: an agent's calls are nobody else's, and a number is that of
        the browser that waits there."""
        name = identity_of(word.token, self._exchange.shared.trunk) if word.token else ""
        number, browser = waiting_as(name)
        if not name or word.caller != (number or f"client:{name}"):
            raise BadLineError("a telephone registers with its name (client:…) or number (+91…), and the token for it")
        self._subscriber.holder = browser
        if not self._exchange.subscribers.connect(word.caller, self._subscriber):
            self._subscriber.holder = ""
            raise BadLineError("somebody else waits under this number")
        self._registered = True
        self._handset.sign(type="registered")

    def _dial(self, word: _Word) -> None:
        if self._dialled or self._subscriber.call:
            raise BadLineError("a call is up already: one call a line")
        if not DIALLED.fullmatch(word.to) or not CALLER.fullmatch(word.caller):
            raise BadLineError("a number to dial has 3 to 15 digits, the caller's is +91…")
        self._dialled = True
        try:
            numbers = (word.caller or "anonymous", word.to)
            given = {"Trial": word.trial} if word.trial else None
            call = self._exchange.dial(numbers, self._handset, word.agent, given)
            self._subscriber.take(call)
            if word.caller:
                self._exchange.subscribers.connect(word.caller, self._subscriber)
        except AllLinesBusyError as error:
            self._handset.sign(type="state", state="ended", call="", conversation="", reason="busy", detail=str(error))

    async def _close(self, code: int, reason: str) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code, "reason": reason[:120]})
        except (OSError, RuntimeError):
            return  # closed already
