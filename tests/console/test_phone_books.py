"""A booking through the browser phone and the whole application: a WAV is the microphone, real speech in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.bookings import latest
from booking.export import plain
from console.pages import mount
from ivr.application import Running, serve_in_background
from ivr.clock import ZONE, Clock
from ivr.settings import Settings
from ivr.speech import wav
from ivr.speech.models import load_models
from tests.console.chromium import hearing, watched
from tests.ivr.speech.clips import AUDIO, SPEECH

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)
WAIT_MS = 60_000
RATE = 8000  # samples a second, 16 bits each

# What the callers say, and when: seconds after the microphone was opened. Every question waits for a minute (below), so
# that an answer may come late; the time between leaves for prompts and recognition several times what they take.
HINDI = {
    7: "hi-03-intent",  # मुझे जन्म प्रमाण पत्र बनवाना है
    17: "hi-14-city",  # रायपुर
    26: "hi-18-date",  # कल सुबह
    37: "hi-22-slot",  # पहला वाला
    51: "hi-32-mobile",  # any words will do for name and address
}
ENGLISH = {30: "en-19-mobile"}


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
def _patience() -> None:
    expect.set_options(timeout=WAIT_MS)


def _microphone(path: Path, spoken: Mapping[int, str]) -> Path:
    """The answers at their times as one WAV."""
    sound = bytearray(2 * RATE * (max(spoken) + 30))
    for at, name in spoken.items():
        clip = wav.read_wav(AUDIO / f"{name}.wav")
        sound[2 * RATE * at : 2 * RATE * at + len(clip)] = clip
    wav.write_wav(path, bytes(sound))
    return path


@pytest.fixture
def phone(
    launch: Callable[..., Browser], town: Running, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The page at the size that is asked for, in a browser that hears the answers."""
    spoken, language, (width, height) = request.param
    browser = launch(*hearing(_microphone(tmp_path / "microphone.wav", spoken)))
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{town.url}/phone?lang={language}")
    yield from watched(page)


def _asked(page: Page, words: str) -> None:
    """Wait until the helpline asks what has these words."""
    expect(page.locator(".turn.bot", has_text=words).last).to_be_attached()


def _bookings(town: Running) -> list[dict[str, Any]]:
    with town.application.helpline.store.read() as session:
        return [plain(b) for b in latest(session, 10)]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("phone", [(HINDI, "hi", (1280, 800))], indirect=True, ids=["desk"])
def test_a_spoken_hindi_call_through_the_page_ends_in_a_booking(phone: Page, town: Running) -> None:
    phone.get_by_role("button", name="कॉल करें").click()
    _asked(phone, "किस शहर में")
    _asked(phone, "किस दिन")
    _asked(phone, "ये समय खाली हैं")
    _asked(phone, "अपना नाम और पूरा पता बोलिए")
    _asked(phone, "क्या इसे रखें")
    phone.keyboard.type("1")
    _asked(phone, "पिन कोड क्या है")
    phone.keyboard.type("492001")
    _asked(phone, "क्या इसी नंबर पर")
    phone.keyboard.type("1")
    _asked(phone, "क्या सब सही है")
    phone.keyboard.type("1")
    _asked(phone, "बुकिंग नंबर है")
    said = phone.locator(".turn.caller .said")
    for words in ("जन्म प्रमाण पत्र", "रायपुर", "कल सुबह", "पहला वाला"):
        expect(said.filter(has_text=words)).to_have_count(1)

    booking = _bookings(town)[0]
    assert (booking["service"], booking["city"]) == ("birth_certificate", "raipur")
    assert booking["starts_at"] == "2026-11-23T08:00:00+05:30"
    assert (booking["mobile"], booking["pin"], booking["language"]) == ("9826401715", "492001", "hi")
    assert booking["voice_note"]["seconds"] > 1
    number = booking["number"]
    expect(phone.locator('[data-item="number"] dd')).to_have_text(f"{number[:4]} {number[4:]}")
    expect(phone.locator('[data-item="time"] dd')).to_contain_text("8:00")
    expect(phone.locator(".turn.sms .said")).to_contain_text(number)

    phone.keyboard.type("2")
    expect(phone.get_by_role("status")).to_have_text("कॉल समाप्त")
    expect(phone.locator(".turn.bot").last).to_contain_text("नमस्ते")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("phone", [(ENGLISH, "en", (390, 844))], indirect=True, ids=["telephone"])
def test_an_english_call_with_typed_words_and_touched_keys_ends_in_a_booking(phone: Page, town: Running) -> None:
    def touch(keys: str) -> None:
        for key in keys:
            phone.locator(f'[data-key="{key}"]').click()

    phone.get_by_role("button", name="Call").click()
    _asked(phone, "For English, press two")
    touch("2")
    _asked(phone, "how can I help you")
    phone.get_by_label("Type instead of speaking").fill("I need an income certificate in Bilaspur tomorrow morning")
    phone.get_by_role("button", name="Send").click()
    _asked(phone, "these times are free")
    touch("2")
    _asked(phone, "your name and your full address")
    _asked(phone, "Shall I keep")
    touch("1")
    _asked(phone, "PIN code")
    touch("495001")
    _asked(phone, "this number")
    touch("1")
    _asked(phone, "Is everything right")
    touch("1")
    expect(phone.locator(".turn.sms")).to_be_attached()

    booking = _bookings(town)[0]
    assert (booking["service"], booking["city"]) == ("income_certificate", "bilaspur")
    assert booking["starts_at"].startswith("2026-11-23T")
    assert (booking["mobile"], booking["pin"], booking["language"]) == ("9826401715", "495001", "en")
    assert booking["voice_note"]["seconds"] > 1
    expect(phone.locator(".turn.sms .said")).to_contain_text(booking["number"])
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("status")).to_have_text("Call ended")
