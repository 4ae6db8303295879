"""A supervisor listens in on a real call from the page: rung in the browser, answered by itself, heard by whom it
says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.accounts.roles import SUPERVISOR
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from ivr.clock import Clock
from ivr.speech import wav
from tests.console.accounts.house import account
from tests.console.chromium import hearing, watched
from tests.console.desk.house import enter
from tests.console.desk.test_handoff_in_browsers import pulses
from tests.ivr.carriers.exchange.talkers import C
from tests.ivr.desk.office import MORNING, Office
from tests.ivr.whole import Telephone, settings, until

WAIT_MS = 60_000


class Telephones:
    """A caller and an agent at telephones of the exchange, on an event loop beside the browser's."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(120)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    with Running(build(settings(monkeypatch, tmp_path / "var"), Clock(MORNING)), mount) as running:
        yield Office(running)


@pytest.fixture
def telephones(office: Office) -> Iterator[Telephones]:
    made = Telephones()
    yield made
    made.do(office.close())
    made.close()


@pytest.fixture
def boss(office: Office, launch: Callable[..., Browser], tmp_path: Path) -> Iterator[Page]:
    """The supervisor's page, in a browser with a microphone."""
    expect.set_options(timeout=WAIT_MS)
    account(office.store, "boss", SUPERVISOR, name="सुनीता मिश्रा")
    voice = tmp_path / "voice.wav"
    wav.write_wav(voice, pulses(C, 60))
    page = launch(*hearing(voice)).new_page(viewport={"width": 1280, "height": 800})
    enter(page, office.running.url, "boss", "/desk/supervisor")
    yield from watched(page)


def parts(office: Office, caller: Telephone) -> list[tuple[bool, bool]]:
    """Of each one in the room: not heard, and whispering to another."""
    return sorted((one.muted, one.whispers) for one in office.members(caller))


def test_a_supervisor_listens_whispers_joins_and_leaves(office: Office, telephones: Telephones, boss: Page) -> None:
    ravi = account(office.store, "ravi", name="रवि साहू")
    agent = telephones.do(office.agent(ravi))
    caller = telephones.do(office.asks())
    telephones.do(office.talk(caller, agent))
    conversation = office.handoff(caller).conversation_id
    boss.locator(f"#call-{conversation}").click()
    expect(boss.locator("#listen .seated")).to_contain_text("रवि साहू")
    boss.get_by_role("button", name="Only listen").click()
    expect(boss.get_by_role("button", name="Only listen")).to_have_attribute("aria-pressed", "true")
    until(lambda: parts(office, caller) == [(False, False), (False, False), (True, False)], "listens")
    expect(boss.locator("#listen .seated")).to_contain_text("सुनीता मिश्रा · listening")
    boss.get_by_role("button", name="Talk to the agent").click()
    until(lambda: (False, True) in parts(office, caller), "whispers")
    expect(boss.locator("#listen")).to_contain_text("Only the agent hears you.")
    boss.get_by_role("button", name="Join the call").click()
    until(lambda: parts(office, caller) == [(False, False)] * 3, "joined")
    boss.get_by_role("button", name="Leave the call").click()
    until(lambda: len(office.members(caller)) == 2, "left")
    expect(boss.get_by_role("button", name="Leave the call")).to_have_count(0)
    telephones.do(caller.phone.hang_up())
    expect(boss.locator("#listen")).to_contain_text("You can listen in once an agent talks")
