"""Microphone and loudspeaker of the page in a headless Chromium, and what it does without them."""

from __future__ import annotations

import audioop
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.calling import answered, until
from tests.console.chromium import hearing, watched
from tests.console.fake_exchange import Exchange

TONE_HZ = 1000


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Six seconds of a tone that comes and goes four times a second, as no steady noise does."""
    t = np.arange(6 * 48000) / 48000
    samples = 0.4 * np.sin(2 * np.pi * TONE_HZ * t) * (np.sin(2 * np.pi * 4 * t) > 0)
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def speaking(launch: Callable[..., Browser], exchange: Exchange, tone: Path) -> Iterator[Page]:
    """The page in a browser that hears the tone in its microphone."""
    page = launch(*hearing(tone)).new_page()
    page.goto(f"{exchange.url}/phone?lang=en")
    yield from watched(page)


@pytest.mark.parametrize(
    ("device", "sentence"), [(True, "The microphone was not allowed"), (False, "No microphone was found")]
)
def test_without_a_microphone_the_phone_says_so_and_still_works(
    launch: Callable[..., Browser], exchange: Exchange, device: bool, sentence: str
) -> None:
    args = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"] if device else []
    phone = launch(*args).new_page()
    phone.goto(f"{exchange.url}/phone?lang=en")
    phone.get_by_role("button", name="Call").click()
    expect(phone.get_by_role("alert")).to_contain_text(sentence)
    answered(phone, exchange)
    phone.keyboard.type("2")
    until(phone, lambda: exchange.keys() == "2")
    assert exchange.frames == []


def test_where_pages_get_no_sound_the_phone_says_so_and_still_works(page: Page, exchange: Exchange) -> None:
    page.add_init_script("delete window.AudioWorkletNode; delete navigator.__proto__.mediaDevices;")
    page.goto(f"{exchange.url}/phone?lang=en")
    page.get_by_role("button", name="Call").click()
    expect(page.get_by_role("alert")).to_contain_text("Sound could not start")
    answered(page, exchange)
    exchange.tell({"type": "speaking"}, b"\x80" * 800)
    expect(page.get_by_role("status")).to_have_text("Mitan is speaking")
    exchange.tell({"type": "quiet"})
    expect(page.get_by_role("status")).to_have_text("Waiting for your answer")


def test_the_microphone_arrives_as_fifty_frames_a_second_with_its_tone(speaking: Page, exchange: Exchange) -> None:
    speaking.get_by_role("button", name="Call").click()
    answered(speaking, exchange)
    until(speaking, lambda: len(exchange.frames) > 200)
    frames = list(exchange.frames)
    assert {len(data) for _, data in frames} == {160}
    rates = [50 / (later[0] - earlier[0]) for earlier, later in zip(frames, frames[50:], strict=False)]
    assert 45 < median(rates) < 55  # frames a second; of many, since a busy machine gets some of them late
    sound = np.frombuffer(audioop.ulaw2lin(exchange.audio(), 2), "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / 8000)
    near = (frequencies > TONE_HZ - 60) & (frequencies < TONE_HZ + 60)
    assert spectrum[near].sum() > 0.8 * spectrum.sum()
    assert np.abs(sound).max() > 1000


def test_a_muted_microphone_sends_silence(speaking: Page, exchange: Exchange) -> None:
    speaking.get_by_role("button", name="Call").click()
    answered(speaking, exchange)
    speaking.get_by_role("button", name="Mute microphone").click()
    expect(speaking.get_by_role("button", name="Unmute microphone")).to_be_visible()
    speaking.wait_for_timeout(300)
    begin = len(exchange.frames)
    until(speaking, lambda: len(exchange.frames) > begin + 25)
    quiet = audioop.ulaw2lin(b"".join(data for _, data in exchange.frames[begin:]), 2)
    assert audioop.max(quiet, 2) < 40


def test_hanging_up_lets_the_microphone_go(speaking: Page, exchange: Exchange) -> None:
    speaking.get_by_role("button", name="Call").click()
    answered(speaking, exchange)
    until(speaking, lambda: len(exchange.frames) > 5)
    speaking.get_by_role("button", name="Hang up").click()
    until(speaking, lambda: "hangup" in exchange.types())
    after = exchange.received[-1]["frames"]
    speaking.wait_for_timeout(700)
    assert len(exchange.frames) == after
