"""A booking through the browser phone and the whole application: a WAV is the microphone, real speech in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from booking.bookings import latest
from booking.export import plain
from console.pages import mount
from ivr.application import Running, serve_in_background
from ivr.clock import ZONE, Clock
from ivr.settings import Settings
from ivr.speech import wav
from ivr.speech.models import load_models
from models.conversations import Conversation, Turn
from tests.console.chromium import hearing, watched
from tests.ivr.speech.clips import AUDIO, SPEECH

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)
WAIT_MS = 60_000
RATE = 8000  # samples a second, 16 bits each

# What the caller says, and when: seconds after the microphone was opened. Every question waits for a minute (below), so
# that an answer may come late; the time between leaves for prompts and recognition several times what they take.
SPOKEN = {
    8: "hi-03-intent",  # मुझे जन्म प्रमाण पत्र बनवाना है
    18: "hi-14-city",  # रायपुर
    27: "hi-18-date",  # कल सुबह
    38: "hi-22-slot",  # पहला वाला
    52: "hi-32-mobile",  # any words will do for name and address
}


@pytest.fixture(scope="module")
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


@pytest.fixture(autouse=True)
def _first_call(town: Running) -> None:
    """Nobody has called before: a call that broke off, of a test that is repeated, would be gone on with."""
    with town.application.helpline.store.begin() as session:
        session.execute(delete(Turn))
        session.execute(delete(Conversation))


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=WAIT_MS)


def _microphone(path: Path) -> Path:
    """The answers at their times as one WAV."""
    sound = bytearray(2 * RATE * (max(SPOKEN) + 30))
    for at, name in SPOKEN.items():
        clip = wav.read_wav(AUDIO / f"{name}.wav")
        sound[2 * RATE * at : 2 * RATE * at + len(clip)] = clip
    wav.write_wav(path, bytes(sound))
    return path


@pytest.fixture
def speaking(launch: Callable[..., Browser], tmp_path: Path) -> Iterator[Page]:
    """A page in a browser whose microphone hears the answers."""
    browser = launch(*hearing(_microphone(tmp_path / "microphone.wav")))
    yield from watched(browser.new_page(viewport={"width": 1280, "height": 800}))


def _asked(page: Page, words: str) -> None:
    """Wait until the helpline asks what has these words."""
    expect(page.locator(".turn.bot", has_text=words).last).to_be_attached()


def _bookings(town: Running) -> list[dict[str, Any]]:
    with town.application.helpline.store.read() as session:
        return [plain(b) for b in latest(session, 10)]


def _check(town: Running, page: Page, wanted: dict[str, Any]) -> dict[str, Any]:
    """The last booking in the store is the wanted one, the page shows its number, and the SMS has come."""
    booking = _bookings(town)[0]
    assert {key: booking[key] for key in wanted} == wanted
    number = booking["number"]
    expect(page.locator('[data-item="number"] dd')).to_have_text(f"{number[:4]} {number[4:]}")
    expect(page.locator(".turn.sms .said")).to_contain_text(number)
    return booking


@pytest.mark.timeout(240)
def test_a_spoken_hindi_call_through_the_page_ends_in_a_booking(speaking: Page, town: Running) -> None:
    page = speaking
    page.goto(f"{town.url}/phone")
    page.get_by_role("button", name="कॉल करें").click()
    _asked(page, "हिंदी के लिए एक दबाइए")
    page.keyboard.type("1")
    for question in ("किस शहर में", "किस दिन", "ये समय खाली हैं", "अपना नाम और पूरा पता बोलिए", "क्या इसे रखें"):
        _asked(page, question)
    for keys, question in (
        ("1", "पिन कोड क्या है"),
        ("492001", "क्या इसी नंबर पर"),
        ("1", "क्या सब सही है"),
        ("1", "बुकिंग नंबर है"),
    ):
        page.keyboard.type(keys)
        _asked(page, question)
    for words in ("मुझे जन्म प्रमाण पत्र बनवाना है", "रायपुर", "कल सुबह", "पहला वाला"):
        expect(page.locator(".turn.caller .said", has_text=words)).to_have_count(1)

    wanted = {"service": "birth_certificate", "city": "raipur", "starts_at": "2026-11-23T08:00:00+05:30"}
    booking = _check(town, page, wanted | {"mobile": "9826401715", "pin": "492001", "language": "hi"})
    assert booking["voice_note"]["seconds"] > 1
    expect(page.locator('[data-item="service"] dd')).to_have_text("जन्म प्रमाण पत्र")
    expect(page.locator('[data-item="time"] dd')).to_have_text("सुबह 8:00 बजे")

    page.keyboard.type("2")
    expect(page.get_by_role("status")).to_have_text("कॉल समाप्त")
    expect(page.locator(".turn.bot").last).to_contain_text("नमस्ते")


@pytest.mark.timeout(240)
def test_an_english_call_on_a_telephone_without_a_microphone_ends_in_a_booking(page: Page, town: Running) -> None:
    def touch(keys: str) -> None:
        for key in keys:
            page.locator(f'[data-key="{key}"]').click()

    def write(words: str) -> None:
        page.get_by_label("Type instead of speaking").fill(words)
        page.get_by_role("button", name="Send").click()

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{town.url}/phone?lang=en")
    page.get_by_label("Your mobile number").fill("+91 70245 56198")
    page.get_by_role("button", name="Call", exact=True).click()
    _asked(page, "For English, press two")
    touch("2")
    _asked(page, "how can I help you")
    write("I need an income certificate in Bilaspur tomorrow morning")
    _asked(page, "these times are free")
    touch("2")
    _asked(page, "your name and your full address")
    write("Asha Verma, 12 Station Road")
    _asked(page, "Shall I keep")
    touch("1")
    _asked(page, "PIN code")
    touch("495001")
    _asked(page, "this number")
    touch("1")
    _asked(page, "Is everything right")
    touch("1")
    _asked(page, "booking number is")

    wanted = {"service": "income_certificate", "city": "bilaspur", "mobile": "7024556198", "pin": "495001"}
    booking = _check(town, page, wanted | {"language": "en"})
    assert booking["starts_at"].startswith("2026-11-23T")
    assert "Asha Verma, 12 Station Road" in str(booking["voice_note"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("Call ended")
