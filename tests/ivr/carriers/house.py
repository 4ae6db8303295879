"""A small application behind the Twilio side, with the exchange before it: a server on a free port of 127.0.0.1.

The conversation is a fake that answers every turn; everything between it and the caller's telephone is the real thing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask

from dialogs.understand.meaning import Hearing
from ivr.actions import Action, End, Listen, RecordNote, Speak, Transfer
from ivr.bridge import Desk
from ivr.carriers.exchange.asgi import PATHS, ExchangeApp
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.recordings import wav_of
from ivr.carriers.exchange.trunk import Trunk
from ivr.carriers.twilio.bridge import TwilioBridge
from ivr.carriers.twilio.browser_leg import Key
from ivr.carriers.twilio.client import TwilioClient
from ivr.carriers.twilio.deps import Deps, LiveCall, Outcome
from ivr.carriers.twilio.rest import Account
from ivr.carriers.twilio.routes import blueprint
from ivr.carriers.twilio.signature import Signatures
from ivr.carriers.twilio.socket import StreamEndpoint
from ivr.carriers.twilio.stream import Start
from ivr.clock import Clock
from ivr.line import Line
from ivr.settings import Settings
from ivr.underway import Admission
from prompts.sentence import Sentence

TOKEN = "a-token-of-this-test-of-32-bytes"
RINGS_S = 600  # of a clock that runs 20 times as fast: half a minute in which a busy machine may answer
PATIENCE_S = 40.0  # real seconds for anything to happen, on a busy machine
TONE = bytes(range(0, 120)) * 40  # 0.6 s of something that is not silence


def speak(text: str) -> Speak:
    return Speak("test", (Sentence(text, "en"),))


LISTEN = Listen("menu", "intent", ("en",))
DIGITS = Listen("pin", "digits", ("en",), keypad="digits", length=6)


@dataclass
class FakeTalk:
    """Answers by table: what was keyed or said decides what follows."""

    id: str
    said: list[str] = field(default_factory=list)

    def begin(self) -> list[Action]:
        self.said.append("begin")
        return [speak("welcome"), LISTEN]

    def heard(self, hearings: Sequence[Hearing]) -> list[Action]:
        self.said.append(f"heard {hearings[0].text}")
        return [speak("heard"), LISTEN]

    def keyed(self, keys: str) -> list[Action]:
        self.said.append(f"keyed {keys}")
        if keys == "boom":
            raise RuntimeError("a fault in the conversation")
        table: dict[str, list[Action]] = {
            "1": [speak("pin"), DIGITS],
            "2": [speak("note"), RecordNote("note", 5)],
            "3": [speak("bye"), End()],
            "0": [speak("agent"), Transfer("asked")],
        }
        return table.get(keys, [speak("again"), LISTEN])

    def silent(self) -> list[Action]:
        self.said.append("silent")
        return [speak("still there?"), LISTEN]

    def recorded(self, audio: bytes, seconds: float) -> list[Action]:
        self.said.append(f"recorded {len(audio) > 0} {seconds > 0.5}")
        return [speak("thanks"), LISTEN]

    def hung_up(self) -> None:
        self.said.append("hung up")


@dataclass
class EchoCall:
    """A live call for the socket: plays a tone at once and after every sound, notes what comes, and obeys keys."""

    line: Line
    start: Start
    house: House
    frames: int = 0
    loud: int = 0
    events: list[str] = field(default_factory=list)
    _talking: bool = False

    async def begin(self) -> None:
        await self.line.play(TONE, "m1")

    async def audio(self, frame: bytes) -> None:
        assert len(frame) == 160
        self.frames += 1
        loud = frame.strip(b"\xff") != b""
        self.loud += loud
        if self._talking and not loud:
            await self.line.play(TONE, "heard")
        self._talking = loud

    async def key(self, digit: str) -> None:
        self.events.append(f"key {digit}")
        await self.house.keyed(self, digit)

    async def marked(self, name: str) -> None:
        self.events.append(f"mark {name}")

    async def typed(self, text: str) -> None:
        self.events.append(f"typed {text}")
        await self.line.play(TONE, "typed")

    async def gone(self) -> None:
        self.events.append("gone")

    async def lost(self) -> None:
        self.events.append("lost")


class House:
    """The application: fakes of the seams, records of what came."""

    def __init__(
        self, *, speech: bool = True, speed: float = 20.0, max_calls: int = 50, desk: Desk | None = None
    ) -> None:
        self.desk = desk
        self.clock = Clock(speed=speed)
        self.settings = Settings()
        self.speech = speech
        self.talks: dict[str, FakeTalk] = {}
        self.outcomes: dict[str, Outcome | None] = {}
        self.opened: list[tuple[str, str | None, str]] = []
        self.closed: list[tuple[str, str, int]] = []
        self.dials: list[str] = []
        self.calls: list[EchoCall] = []
        self.fetched: set[str] = set()
        self.url = ""
        self.lag_s = 0.0
        self.admission = Admission(self.settings.limits, self.clock, lambda: self.lag_s, lambda: self.speech)
        self.signatures = Signatures(TOKEN, lambda: self.url)
        self.stream = StreamEndpoint(self.signatures, self._start_call, typing=True)
        trunk = Trunk(TOKEN, lambda: self.url, lambda: self.url)
        self.exchange = Exchange(trunk, self.clock, max_calls)
        self._exchange_app = ExchangeApp(self.exchange)
        self.flask = Flask("house")
        self.flask.register_blueprint(blueprint(self.deps()))
        self._wsgi: Any = WSGIMiddleware(self.flask)

    def client(self, callback: str = "") -> TwilioClient:
        account = Account(self.exchange.shared.trunk.account_sid, TOKEN, "+15005550006", self.url, callback)
        return TwilioClient(account)

    def bridge(self) -> TwilioBridge:
        account = Account(self.exchange.shared.trunk.account_sid, TOKEN, "+917710014545", self.url)
        key = Key(account.sid, "SK" + "0" * 32, TOKEN)
        return TwilioBridge(account, self.signatures, self.deps().audio_path, key)

    def deps(self) -> Deps:
        return Deps(
            settings=self.settings,
            clock=self.clock,
            signatures=self.signatures,
            call_opened=self._open,
            open_talk=lambda sid: self.talks[sid],
            outcome=lambda sid: self.outcomes.get(sid),
            dial_failed=lambda sid: self.dials.append(sid),
            call_closed=lambda sid, status, seconds: self.closed.append((sid, status, seconds)),
            speech_ready=lambda: self.speech,
            admission=self.admission,
            busy=lambda sid: [speak("busy"), End()],
            audio_path=lambda sentence: f"/audio/{sentence.text.encode().hex()}.wav",
            audio_of=self._audio,
            fetch_recording=lambda url: self.client().fetch_recording(url),
            desk=self.desk,
        )

    def _open(self, sid: str, caller: str | None, called: str, proof: str) -> str:
        if sid not in self.talks:
            self.opened.append((sid, caller, called))
            self.talks[sid] = FakeTalk(f"conversation-{len(self.talks) + 1}")
        return self.talks[sid].id

    def _audio(self, token: str) -> bytes | None:
        self.fetched.add(bytes.fromhex(token).decode())
        return wav_of(TONE)

    async def _start_call(self, line: Line, start: Start) -> LiveCall:
        call = EchoCall(line, start, self)
        self.calls.append(call)
        await call.begin()
        return call

    async def keyed(self, call: EchoCall, digit: str) -> None:
        sid = call.start.call_sid
        if digit == "3":
            self.outcomes[sid] = "ended"
            await call.line.close()
        elif digit == "0":
            self.outcomes[sid] = "handoff"
            await call.line.close()
        elif digit == "5":
            await call.line.close()  # as if the socket was lost
        elif digit == "9":
            raise RuntimeError("a fault in the call")
        elif digit == "7":
            await call.line.play(TONE * 10, "long")
        elif digit == "8":
            await call.line.clear()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.exchange.close()
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["path"].startswith(PATHS):
            await self._exchange_app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.stream(scope, receive, send)
        else:
            await self._wsgi(scope, receive, send)


class Running:
    """A house that serves, in a thread of its own, until `stop`."""

    def __init__(self, house: House) -> None:
        self.house = house
        config = uvicorn.Config(house, host="127.0.0.1", port=0, log_level="warning", ws="websockets-sansio")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> House:
        self._thread.start()
        until(lambda: self._server.started)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.house.url = f"http://127.0.0.1:{port}"
        return self.house

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive()


def until(happens: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    waited = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if happens():
            return
        waited.wait(0.01)
    raise AssertionError(f"did not happen within {seconds} s")


async def soon(happens: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something is so, on the event loop."""
    for _ in range(int(seconds / 0.01)):
        if happens():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"did not happen within {seconds} s")
