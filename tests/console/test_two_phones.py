"""A citizen's page and an agent's page really talk to each other, through the exchange and both browsers' sound."""

from __future__ import annotations

import os
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, WebSocket, WebSocketRoute, expect

from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from ivr.bridge import Ring, Seat, address
from ivr.clock import Clock
from tests.console.accounts.house import WORD, account
from tests.console.chromium import hearing
from tests.ivr.carriers.counter import Counter
from tests.ivr.carriers.exchange.talkers import A, B, power
from tests.ivr.whole import settings, until

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
SHOTS = os.environ.get("SHOTS_OF_TESTS", "")  # a folder for pictures of the pages, for whoever wants to look


@dataclass
class House:
    """A whole server with the simplest of queues, and an agent's account."""

    running: Running
    counter: Counter
    agent: str


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    application = build(settings(monkeypatch, tmp_path / "var"), Clock(MORNING))
    application.desk = counter = Counter()
    agent = account(application.helpline.store, "asha")
    with Running(application, mount) as running:
        yield House(running, counter, agent)


def spoken(folder: Path, hz: float) -> Path:
    """A minute of a tone that comes and goes, as no steady noise does, for a browser's microphone."""
    t = np.arange(60 * 16000) / 16000
    samples = 0.4 * np.sin(2 * np.pi * hz * t) * (np.sin(2 * np.pi * 4 * t) > 0)
    path = folder / f"{hz:.0f}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


class Ears:
    """What a page has been sent to let its person hear."""

    def __init__(self, page: Page) -> None:
        self.audio = bytearray()
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.audio.extend(data if isinstance(data, bytes) else b""))

    def only(self, page: Page, here: float, there: float) -> None:
        """Wait until the tone `here` is heard; `there`, which this page speaks itself, must not be."""
        for _ in range(60):
            self.audio.clear()
            page.wait_for_timeout(1000)
            if power(self.audio, here) > 0.3:
                assert power(self.audio, there) < 0.05
                return
        pytest.fail(f"{here} Hz was not heard: {power(self.audio, here):.2f}")


def signed_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in?lang=en")
    page.locator("input[name=login]").fill("asha")
    page.locator("input[name=password]").fill(WORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def shot(page: Page, name: str) -> None:
    if not SHOTS:
        return
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_without_a_sign_in_a_page_is_nobodys_telephone(house: House, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{house.running.url}/phone?agent&lang=en")
        expect(page.locator("main")).to_contain_text("This telephone is for agents. Sign in")
        assert page.locator("#agent").count() == 0


def test_an_agent_refuses_a_call_and_takes_the_next_and_the_next(house: House, browser: Browser) -> None:
    bridge, ring = house.running.application.bridge, Ring("t", address(house.agent), asks=False)
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        signed_in(page, house.running.url)
        for language in ("hi", "en"):
            page.goto(f"{house.running.url}/phone?agent&lang={language}")
            expect(page.locator("#state")).to_have_text(
                "Ready for calls" if language == "en" else "आने वाली कॉल के लिए तैयार"
            )
            page.wait_for_timeout(300)
            shot(page, f"standby-{language}")
        bridge.ring(ring)
        expect(page.locator("#state")).to_have_text("A call for you…")
        shot(page, "rings-en")
        page.get_by_role("button", name="Refuse").click()
        until(lambda: house.counter.ended("t") == "busy", "refused")
        for _ in range(2):
            house.counter.seats["t"] = Seat("r1")
            bridge.ring(ring)
            page.get_by_role("button", name="Answer").click()
            expect(page.get_by_role("timer")).to_be_visible()
            until(lambda: bridge.members("r1"), "in the room")
            shot(page, "talks-en")
            page.keyboard.press("Escape")
            until(lambda: not bridge.members("r1"), "hung up")
            expect(page.locator("#state")).to_have_text("Ready for calls")
        bridge.ring(ring)
        expect(page.locator("#state")).to_have_text("A call for you…")
        page.reload()
        until(lambda: len([e for e in house.counter.legs if e.why == "no-answer"]) == 1, "a page that was reloaded")
        expect(page.locator("#state")).to_have_text("Ready for calls")


def test_a_page_is_ready_only_when_the_exchange_knows_that_it_hung_up(house: House, browser: Browser) -> None:
    bridge, ring = house.running.application.bridge, Ring("t", address(house.agent), asks=False)
    house.counter.seats["t"] = Seat("r1")
    held: list[Callable[[], None]] = []

    def slow(line: WebSocketRoute) -> None:
        """A bad network: that the receiver was put down stays on its way."""
        server = line.connect_to_server()

        def pass_on(said: str | bytes) -> None:
            send = partial(server.send, said)
            held.append(send) if "hangup" in str(said) else send()

        line.on_message(pass_on)

    with browser.new_context() as context:
        page = context.new_page()
        page.route_web_socket("**/exchange/line", slow)
        signed_in(page, house.running.url)
        page.goto(f"{house.running.url}/phone?agent&lang=en")
        expect(page.locator("#state")).to_have_text("Ready for calls")
        bridge.ring(ring)
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_role("timer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#state")).to_have_text("Call ended")
        page.wait_for_timeout(500)
        expect(page.locator("#state")).to_have_text("Call ended")
        expect(page.get_by_role("button", name="Answer")).to_be_hidden()
        held.pop()()
        expect(page.locator("#state")).to_have_text("Ready for calls")
        bridge.ring(ring)
        expect(page.get_by_role("button", name="Answer")).to_be_visible()


def test_two_pages_talk_to_each_other_after_the_handoff(
    house: House, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    bridge, url = house.running.application.bridge, house.running.url
    citizen = launch(*hearing(spoken(tmp_path, A))).new_page()
    agent = launch(*hearing(spoken(tmp_path, B))).new_page()
    at_citizen, at_agent = Ears(citizen), Ears(agent)
    signed_in(agent, url)
    agent.goto(f"{url}/phone?agent&lang=en")
    expect(agent.locator("#state")).to_have_text("Ready for calls")
    citizen.goto(f"{url}/phone?lang=en")
    citizen.get_by_role("button", name="Call", exact=True).click()
    expect(citizen.get_by_role("timer")).to_be_visible()
    until(lambda: house.running.application.exchange.calls, "a call")  # type: ignore[union-attr]
    for _ in range(40):
        citizen.keyboard.press("0")
        citizen.wait_for_timeout(500)
        if house.counter.rounds:
            break
    house.counter.seats["t"] = Seat("r1")
    bridge.ring(Ring("t", address(house.agent)))
    agent.get_by_role("button", name="Answer").click()
    until(lambda: any(e.state == "answered" for e in house.counter.legs), "answered")
    agent.wait_for_timeout(1500)
    agent.keyboard.press("1")
    until(lambda: bridge.members("r1"), "the agent in the room")
    bridge.join(house.counter.rounds[-1], "r1")
    until(lambda: len(bridge.members("r1")) == 2, "both in the room")
    at_agent.only(agent, A, B)
    at_citizen.only(citizen, B, A)
    citizen.keyboard.press("Escape")
    expect(agent.locator("#state")).to_have_text("Ready for calls")
