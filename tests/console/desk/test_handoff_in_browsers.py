"""A citizen talks to the bot, then to people: pages of a citizen and of two agents, each with a microphone of its own,
through the real recogniser, the queue, the exchange and the desk."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect
from sqlalchemy import select

from booking.accounts.roles import AGENT
from booking.bookings import latest
from booking.export import plain
from console.pages import mount
from ivr.application import Running, serve_in_background
from ivr.clock import Clock
from ivr.settings import Settings
from ivr.speech import wav
from ivr.speech.models import load_models
from models.queue import HandoffEvent
from tests.console.accounts.house import account
from tests.console.axe import no_violations
from tests.console.chromium import hearing, watched
from tests.console.desk.house import enter, standing
from tests.console.test_phone_books import RATE, SUNDAY
from tests.ivr.carriers.exchange.talkers import A, B, C, power
from tests.ivr.speech.clips import AUDIO, SPEECH
from tests.ivr.whole import until

SHOTS = os.environ.get("SHOTS_OF_TESTS", "")  # a folder for pictures of the pages, for whoever wants to look
WAIT_MS = 60_000
# Seconds after the microphone was opened. The last: an agent, please; said again, as a busy machine may ask late.
SPOKEN = {8: "hi-03-intent", 18: "hi-14-city", 27: "hi-18-date", 38: "hi-36-command", 50: "hi-36-command"}
TONE_FROM_S, LONG_S = 56, 300


def pulses(hz: float, seconds: float) -> bytes:
    """A tone that comes and goes, as no steady noise does, for a microphone that hears nothing but this."""
    t = np.arange(int(seconds * RATE)) / RATE
    return bytes((0.4 * 32767 * np.sin(2 * np.pi * hz * t) * (np.sin(2 * np.pi * 4 * t) > 0)).astype("<i2").tobytes())


def citizens_voice(path: Path) -> Path:
    """What the citizen says to the bot, and after that a tone for the people."""
    sound = bytearray(2 * RATE * TONE_FROM_S)
    for at, name in SPOKEN.items():
        clip = wav.read_wav(AUDIO / f"{name}.wav")
        sound[2 * RATE * at : 2 * RATE * at + len(clip)] = clip
    wav.write_wav(path, bytes(sound) + pulses(A, LONG_S))
    return path


def agents_voice(path: Path, hz: float) -> Path:
    wav.write_wav(path, pulses(hz, LONG_S))
    return path


class Ears:
    """What a page has been sent for its person to hear."""

    def __init__(self, page: Page) -> None:
        self.page, self.audio = page, bytearray()
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.audio.extend(data if isinstance(data, bytes) else b""))

    def share(self, hz: float) -> float:
        """The share of a tone in what is heard in the next second."""
        self.audio.clear()
        self.page.wait_for_timeout(1000)
        return power(self.audio, hz)

    def hear(self, hz: float) -> None:
        """Wait until this tone is heard."""
        shares = []
        for _ in range(40):
            shares.append(self.share(hz))
            if shares[-1] > 0.3:
                return
        pytest.fail(f"{hz} Hz was not heard: {shares}")

    def hear_no(self, hz: float) -> None:
        """Wait until this tone is not heard any more."""
        shares = []
        for _ in range(40):
            shares.append(self.share(hz))
            if shares[-1] < 0.02:
                return
        pytest.fail(f"{hz} Hz is still heard: {shares}")


@dataclass
class Person:
    """Somebody before a page."""

    page: Page
    ears: Ears
    account: str = ""


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole application on a Sunday at ten, with the small test models."""
    settings = Settings()
    changed = settings.model_copy(
        update={
            "server": settings.server.model_copy(update={"port": 0, "var_dir": tmp_path_factory.mktemp("var")}),
            "dialog": settings.dialog.model_copy(update={"silence_s": 60.0}),
            "speech": SPEECH,
        }
    )
    models = load_models(SPEECH, download=False)
    with serve_in_background(changed, Clock(SUNDAY), mount, models) as running:
        yield running


@pytest.fixture
def people(launch: Callable[..., Browser], town: Running, tmp_path: Path) -> Iterator[Callable[..., Person]]:
    """Open a page in a browser whose microphone hears a WAV; an error in any script fails the test."""
    watching = []

    def come(voice: Path) -> Person:
        page = launch(*hearing(voice)).new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(WAIT_MS)
        watching.append(watched(page))
        next(watching[-1])
        return Person(page, Ears(page))

    yield come
    for one in watching:
        next(one, None)


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=WAIT_MS)


def agent(people: Callable[..., Person], town: Running, who: str, voice: Path, language: str = "en") -> Person:
    """An agent at the desk, ready for calls."""
    id = account(town.application.helpline.store, who, AGENT, name=who.title(), language=language)
    person = people(voice)
    person.account = id
    enter(person.page, town.url, who, "/desk", language)
    expect(person.page.locator("body")).to_have_attribute("data-phone", "ready")
    expect(person.page.locator("#status button[data-shortcut=r]")).to_be_visible()
    person.page.keyboard.press("Alt+r")
    expect(person.page.locator("#status")).to_have_attribute("data-state", "ready")
    return person


def shot(page: Page, name: str) -> None:
    """A picture at both widths, and axe-core's opinion at both."""
    for width, height in ((390, 844), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)  # until it is drawn: only the picture needs it
        no_violations(page, f"{name} at {width}")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def bookings(town: Running) -> list[dict[str, Any]]:
    with town.application.helpline.store.read() as session:
        return [plain(b) for b in latest(session, 10)]


def happened(town: Running) -> list[str]:
    with town.application.helpline.store.read() as session:
        return list(session.scalars(select(HandoffEvent.what).order_by(HandoffEvent.id)))


def asked(page: Page, words: str) -> None:
    """Wait until the helpline says what has these words."""
    expect(page.locator(".turn.bot", has_text=words).last).to_be_attached()


@pytest.mark.alone  # three browsers with sound, and the recogniser
@pytest.mark.timeout(300)
def test_a_citizen_is_handed_over_served_passed_on_and_given_back(
    people: Callable[..., Person], town: Running, tmp_path: Path
) -> None:
    asha = agent(people, town, "asha", agents_voice(tmp_path / "asha.wav", B), "hi")
    citizen = people(citizens_voice(tmp_path / "citizen.wav"))
    shot(asha.page, "ready-hi")

    # The citizen tells the bot what is wanted, then asks for a person.
    citizen.page.goto(f"{town.url}/phone")
    citizen.page.get_by_role("button", name="कॉल करें").click()
    asked(citizen.page, "हिंदी के लिए एक दबाइए")
    citizen.page.keyboard.type("1")
    for question in ("किस शहर में", "किस दिन", "ये समय खाली हैं"):
        asked(citizen.page, question)
    until(lambda: "offered" in happened(town), "an offer", 60)
    began = time.monotonic()
    expect(asha.page.locator("#offer-title")).to_be_visible()
    standing(asha.page, "कॉल आ रही है…")
    assert time.monotonic() - began < 5  # a second on a machine that has nothing else to do
    shot(asha.page, "offer-hi")

    # Who answers sees what was said, and what is known and missing.
    asha.page.keyboard.press("Alt+a")
    card = asha.page.locator("#call")
    expect(card).to_contain_text("+91 98264 01715")
    expect(card.locator("#said")).to_contain_text("मुझे जन्म प्रमाण पत्र बनवाना है")
    expect(card.locator("#facts")).to_contain_text("रायपुर")
    asha.ears.hear(A)
    citizen.ears.hear(B)
    assert asha.ears.share(B) < 0.02  # nobody hears himself
    shot(asha.page, "call-hi")

    # Music for the citizen while Asha looks something up.
    asha.page.keyboard.press("Alt+h")
    expect(card.locator("#controls")).to_contain_text("होल्ड पर")
    citizen.ears.hear_no(B)
    asha.ears.hear_no(A)
    asha.page.keyboard.press("Alt+h")
    citizen.ears.hear(B)
    asha.ears.hear(A)

    # The booking: what the bot knew stands in the form already.
    forms = asha.page.locator("#forms")
    expect(forms.locator("#new-service")).to_have_value("birth_certificate")
    expect(forms.locator("#new-city")).to_have_value("raipur")
    expect(forms.locator("#new-day")).to_have_value("2026-11-23")
    expect(forms.locator("#new-mobile")).to_have_value(re.compile("98264 ?01715"))
    forms.locator("#times input[name=slot]").first.check()
    forms.locator("#new-name").fill("सीता वर्मा")
    forms.locator("#new-address").fill("12 स्टेशन रोड, शंकर नगर")
    forms.locator("#new-pin").fill("492001")
    shot(asha.page, "form-hi")
    forms.get_by_role("button", name="बुक करें").click()
    expect(citizen.page.locator(".turn.sms .said")).to_be_attached()
    booking = bookings(town)[0]
    assert (booking["service"], booking["city"], booking["pin"]) == ("birth_certificate", "raipur", "492001")
    expect(citizen.page.locator(".turn.sms .said").last).to_contain_text(booking["number"])
    shot(asha.page, "booked-hi")

    # Passed on to Geeta, with a line for her; the citizen never has to say anything again.
    geeta = agent(people, town, "geeta", agents_voice(tmp_path / "geeta.wav", C))
    asha.page.keyboard.press("Alt+t")
    asha.page.get_by_role("radio", name="Geeta").check()
    asha.page.locator("#transfer-why").fill("बुकिंग हो गई, राशन कार्ड भी पूछ रही हैं")
    shot(asha.page, "transfer-hi")
    asha.page.locator("#panel form button[type=submit]").click()
    expect(geeta.page.locator("#offer-title")).to_be_visible()
    shot(geeta.page, "offer-en")
    geeta.page.locator(".offer").get_by_role("button", name="Answer").click()
    expect(geeta.page.locator("#facts")).to_contain_text("राशन कार्ड")
    geeta.ears.hear(A)
    citizen.ears.hear(C)
    shot(geeta.page, "call-en")

    # Asha writes down what came of it, and is ready for the next.
    expect(asha.page.locator("#status")).to_have_attribute("data-state", "wrap_up")
    shot(asha.page, "after-hi")
    finish(asha.page, "बुकिंग हुई", "लिखें और आगे बढ़ें")

    # Geeta gives the citizen back to the bot at the city, and it goes on from there.
    citizen.page.locator("#mute").click()  # the tone is for people
    geeta.page.keyboard.press("Alt+k")
    geeta.page.locator("#back-node").select_option(label="the city")
    shot(geeta.page, "back-en")
    geeta.page.locator("#panel form button[type=submit]").click()
    expect(citizen.page.locator(".turn.bot", has_text="किस शहर में")).to_have_count(2)
    citizen.page.locator("#words-typed").fill("भिलाई")
    citizen.page.locator("#words-typed").press("Enter")
    expect(citizen.page.locator(".turn.bot", has_text="ये समय खाली हैं")).to_have_count(2)
    citizen.ears.hear_no(C)
    standing(geeta.page, "Telephone connected")
    finish(geeta.page, "Answered", "Write and go on")
    citizen.page.keyboard.press("Escape")
    assert [one for one in happened(town) if one in PATH] == list(PATH)


PATH = ("entered", "offered", "accepted", "held", "resumed", "transferred", "accepted", "returned")


def finish(page: Page, came: str, go_on: str) -> None:
    """Write down what came of the call, after which the agent is ready for the next."""
    page.locator("label.chip", has_text=came).click()
    page.get_by_role("button", name=go_on).click()
    expect(page.locator("#status")).to_have_attribute("data-state", "ready")
