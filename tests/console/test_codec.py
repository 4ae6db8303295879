"""The codec and the resampler of the page, run in a browser."""

from __future__ import annotations

import audioop

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.console.fake_exchange import Exchange

RATES = (44100, 48000, 16000)


@pytest.fixture
def modules(page: Page, exchange: Exchange) -> Page:
    page.goto(f"{exchange.url}/phone")
    return page


def test_every_sample_is_encoded_as_audioop_does_it(modules: Page) -> None:
    got = modules.evaluate("""async () => {
        const { encode } = await import("/phone/static/mulaw.js");
        return Array.from({ length: 65536 }, (_, i) => encode(i - 32768)); }""")
    samples = np.arange(-32768, 32768).astype("<i2").tobytes()
    assert bytes(got) == audioop.lin2ulaw(samples, 2)


def test_every_byte_is_decoded_as_audioop_does_it(modules: Page) -> None:
    got = modules.evaluate("""async () => {
        const { decode } = await import("/phone/static/mulaw.js");
        return Array.from({ length: 256 }, (_, i) => decode(i)); }""")
    assert got == np.frombuffer(audioop.ulaw2lin(bytes(range(256)), 2), "<i2").tolist()


def test_a_float_beyond_full_scale_is_clipped_and_not_wrapped(modules: Page) -> None:
    got = modules.evaluate("""async () => {
        const { encodeFloat } = await import("/phone/static/mulaw.js");
        return [1, 1.7, -1, -9].map(encodeFloat); }""")
    assert bytes(got) == audioop.lin2ulaw(np.array([32767, 32767, -32768, -32768], "<i2").tobytes(), 2)


def _through(page: Page, from_hz: int, to_hz: int, tone_hz: float) -> np.ndarray:
    """One second of a tone at level 0.5, resampled in the pieces an audio thread has (128 samples)."""
    out = page.evaluate(
        """async ([from, to, tone]) => {
        const { Resampler } = await import("/phone/static/resample.js");
        const resampler = new Resampler(from, to);
        const out = [];
        for (let at = 0; at < from; at += 128) {
          const sample = (_, i) => 0.5 * Math.sin(2 * Math.PI * tone * (at + i) / from);
          out.push(...resampler.push(Float32Array.from({ length: 128 }, sample)));
        }
        return out; }""",
        [from_hz, to_hz, tone_hz],
    )
    return np.array(out)


def _level_db(samples: np.ndarray, rate: int, band: tuple[float, float]) -> float:
    """Level of all inside `band` (Hz), dB relative to a tone of level 0.5."""
    middle = samples[rate // 8 : -rate // 8]
    window = np.kaiser(len(middle), 14)
    power = np.abs(np.fft.rfft(middle * window)) ** 2 * 4 / (len(middle) * np.sum(window**2))
    frequencies = np.fft.rfftfreq(len(middle), 1 / rate)
    inside = power[(frequencies >= band[0]) & (frequencies < band[1])].sum()
    return float(10 * np.log10(max(inside / 0.25, 1e-12)))


@pytest.mark.parametrize("rate", RATES)
def test_speech_passes_the_resampler_untouched(modules: Page, rate: int) -> None:
    for tone in (200, 1000, 3300):
        down = _through(modules, rate, 8000, tone)
        assert abs(len(down) - 8000) <= 64
        assert abs(_level_db(down, 8000, (tone - 20, tone + 20))) < 0.2
        up = _through(modules, 8000, rate, tone)
        assert abs(len(up) / rate - 1) < 0.01
        assert abs(_level_db(up, rate, (tone - 20, tone + 20))) < 0.2


@pytest.mark.parametrize("rate", RATES)
def test_nothing_above_telephone_speech_comes_down_as_an_alias(modules: Page, rate: int) -> None:
    for tone in (4100, 5000, 7000):
        assert _level_db(_through(modules, rate, 8000, tone), 8000, (0, 4001)) < -55


@pytest.mark.parametrize("rate", RATES)
def test_no_image_of_speech_comes_up_above_it(modules: Page, rate: int) -> None:
    for tone in (700, 3300):
        assert _level_db(_through(modules, 8000, rate, tone), rate, (4100, rate / 2)) < -55


LOOPBACK = """async ([audio, late]) => {
    const context = new AudioContext();
    for (const name of ["loudspeaker", "microphone"]) {
      await context.audioWorklet.addModule(`/phone/static/${name}.worklet.js`);
    }
    const speaker = new AudioWorkletNode(context, "loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
    const microphone = new AudioWorkletNode(context, "microphone");
    speaker.connect(microphone).connect(context.destination);
    const heard = [], turns = [];
    microphone.port.onmessage = ({ data }) => heard.push(...new Uint8Array(data.frame));
    speaker.port.onmessage = ({ data }) => turns.push(data);
    const bytes = Uint8Array.from(audio);
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const start = performance.now();
    for (let at = 0, n = 0; at < bytes.length; at += 800, n += 1) {
      await pause(start + n * 100 + late[n % late.length] - performance.now());
      speaker.port.postMessage(bytes.slice(at, at + 800).buffer);
    }
    await pause(800);
    await context.close();
    return { heard, turns }; }"""


def test_sound_from_the_line_is_played_without_gaps_though_its_pieces_come_unevenly(modules: Page) -> None:
    tone = (12000 * np.sin(2 * np.pi * 700 * np.arange(12000) / 8000)).astype("<i2").tobytes()
    for _ in range(5):
        got = modules.evaluate(LOOPBACK, [list(audioop.lin2ulaw(tone, 2)), [0, 20, 5, 30, 0]])
        if got["turns"] == [True, False]:  # else this machine itself was too late: pieces, or its sound's clock
            break
    assert got["turns"] == [True, False]
    heard = np.frombuffer(audioop.ulaw2lin(bytes(got["heard"]), 2), "<i2").astype(float)
    loud = np.flatnonzero(np.abs(heard) > 2000)
    played = heard[loud[0] : loud[-1]]
    assert abs(len(played) - 12000) < 80  # nothing lost, nothing added: 10 ms at most
    assert np.diff(loud).max() <= 6  # 6 samples: the tone's own way through zero
    assert abs(np.sqrt(2 * np.mean(played**2)) / 12000 - 1) < 0.05


def test_clearing_stops_what_is_being_played_at_once(modules: Page) -> None:
    script = LOOPBACK.replace(
        "await pause(800)", 'await pause(300); speaker.port.postMessage("clear"); await pause(500)'
    )
    tone = (12000 * np.sin(2 * np.pi * 700 * np.arange(80000) / 8000)).astype("<i2").tobytes()
    script = script.replace("at += 800", "at += bytes.length").replace("at + 800", "bytes.length")
    got = modules.evaluate(script, [list(audioop.lin2ulaw(tone, 2)), [0]])
    assert got["turns"] == [True, False]
    heard = np.frombuffer(audioop.ulaw2lin(bytes(got["heard"]), 2), "<i2")
    assert 0.1 < (np.abs(heard) > 2000).sum() / 8000 * 1.2 < 0.8  # of ten seconds
