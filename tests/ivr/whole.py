"""The whole product for tests: a server with the test models, in this process or in one of its own, and telephones."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from booking import conversations
from dialogs.state import State
from ivr.application import Running, serve_in_background
from ivr.carriers.exchange.phone import Cue, Phone
from ivr.clock import Clock
from ivr.settings import ROOT, Settings, load
from models.calls import Call
from models.store import Store

MODELS = {
    "VOSK_MODEL_PATH": str(ROOT / "tests" / "vosk"),
    "MITAN_SPEECH__MODEL_HI": "vosk-model-test-hi-0.1",
    "MITAN_SPEECH__MODEL_EN": "vosk-model-test-en-0.1",
}
PATIENCE_S = 40.0  # real seconds for anything to happen, on a busy machine
STARTS_S = 120.0  # real seconds for a process to answer: it loads models and makes every prompt's sound


def settings(monkeypatch: Any, var: Path, **more: str) -> Settings:
    """Settings with the test models, any free port and all files in `var`; `more` as environment variables."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    here = {"MITAN_SERVER__VAR_DIR": str(var), "MITAN_SERVER__PORT": "0"}
    for name, value in {**MODELS, **here, **more}.items():
        monkeypatch.setenv(name, value)
    return load()


@contextmanager
def serving(settings: Settings, clock: Clock | None = None) -> Iterator[Running]:
    """A server in a thread of this process."""
    with serve_in_background(settings, clock) as running:
        yield running


def free_port() -> int:
    """A TCP port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def figure(text: str, name: str) -> float:
    """The value of one line of Prometheus' text, by its name with labels; 0 where there is no such line."""
    found = [line.rpartition(" ")[2] for line in text.splitlines() if line.rpartition(" ")[0] == name]
    return float(found[0]) if found else 0.0


def until(true: Callable[[], Any], what: str = "", seconds: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"did not happen: {what}"
        time.sleep(0.05)


class Child:
    """`python app.py …` in a process of its own; its messages go to a file."""

    def __init__(self, var: Path, *arguments: str, **env: str) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.log = var / f"{arguments[0]}-{time.monotonic_ns()}.log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TWILIO_", "DATABASE_URL", "PORT", "MITAN_"))}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "app.py", *arguments],
                env=kept | MODELS | {"MITAN_SERVER__VAR_DIR": str(var)} | env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def up(self, url: str) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            try:
                return bool(get(url)[0])
            except OSError:
                return False

        until(answers, url, STARTS_S)

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """End it in any case."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Telephone:
    """One caller, who types what a person would say: what is recognised is not what these tests are about."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._quiet_since: float | None = None
        self.spoken = 0  # times that the bot has begun to speak
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def call(cls, url: str, caller: str = "+919826401715") -> Telephone:
        """Dial the helpline at the exchange `url` (http://…)."""
        return cls(await Phone.dial("ws" + url.removeprefix("http"), caller=caller))

    async def _read(self) -> None:
        while (event := await self.phone.next()) is not None:
            self.spoken += event == Cue("speaking")
            if event in (Cue("speaking"), Cue("quiet")):
                self._quiet_since = time.monotonic() if event == Cue("quiet") else None

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.phone.state == "ended"

    async def asked(self, store: Store, node: str) -> None:
        """Wait until the conversation stands at the question `node`."""
        await soon(lambda: at(store, self.phone.call).node == node, lambda: f"{node}, {at(store, self.phone.call)}")

    async def settled(self, seconds: float = 0.3) -> None:
        """Wait until the bot has said everything and has been quiet for a moment (real seconds)."""
        now = time.monotonic
        await soon(lambda: self._quiet_since and now() - self._quiet_since > seconds, lambda: "the bot's silence")

    async def say(self, audio: bytes) -> None:
        """Speak 8 kHz mu-law audio."""
        await self.phone.say(audio)

    async def type(self, text: str) -> None:
        """Type an answer; a single digit is pressed."""
        await (self.phone.press(text) if len(text) == 1 else self.phone.type(text))

    async def answer(self, store: Store, node: str, text: str) -> None:
        """Wait until `node` is asked and the bot speaks, type an answer, and wait until the bot speaks again."""
        await self.asked(store, node)
        await soon(lambda: self.spoken, lambda: "the first word")
        before = self.spoken
        await self.type(text)
        await soon(lambda: self.spoken > before, lambda: f"a reply at {node}")

    async def leave(self) -> None:
        """Hang up and leave the line."""
        await self.phone.hang_up()
        await soon(lambda: self.ended, lambda: "the end of the call")
        await self.close()

    async def close(self) -> None:
        """Leave the line."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self.phone.close()


async def soon(true: Callable[[], Any], what: Callable[[], str], seconds: float = PATIENCE_S) -> None:
    """Wait until something is so, on the event loop."""
    end = time.monotonic() + seconds
    while not await asyncio.to_thread(true):
        assert time.monotonic() < end, f"did not happen: {what()}"
        await asyncio.sleep(0.03)


def conversation(store: Store, call: str) -> str:
    """The conversation of a call; "" before there is one."""
    with store.read() as session:
        row = session.get(Call, call)
        return (row.conversation_id if row else None) or ""


def at(store: Store, call: str) -> State:
    """The stored state of a call's conversation."""
    id = conversation(store, call)
    if not id:
        return State()
    with store.read() as session:
        return State.from_json(conversations.load(session, id).state)


def rows(store: Store, table: Any) -> list[Any]:
    """All rows of a table."""
    with store.read() as session:
        return list(session.scalars(select(table)))
