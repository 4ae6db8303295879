"""Telephones that speak a tone each, and what can be measured on what they heard."""

from __future__ import annotations

import asyncio

import numpy as np

from ivr.bridge import waiting_name
from ivr.carriers.exchange.phone import Audio, Cue, Incoming, Phone
from ivr.carriers.twilio.browser_leg import Key, access_token
from ivr.line import FRAME_BYTES
from ivr.speech import codec
from tests.ivr.carriers.house import TOKEN, House, soon

A, B, C, MUSIC = 440.0, 700.0, 1100.0, 1800.0  # Hz: none is a multiple of another
PRESENT, ABSENT = 0.25, 0.02  # share of the sound's power at a tone that is heard, that is not heard


def tone(hz: float, seconds: float, level: float = 0.2) -> bytes:
    """A tone as mu-law."""
    t = np.arange(int(seconds * codec.RATE)) / codec.RATE
    return codec.to_ulaw((np.sin(2 * np.pi * hz * t) * level * 32767).astype("<i2").tobytes())


def power(audio: bytes | bytearray, hz: float) -> float:
    """The share of the power of all sound that a tone has (0..1), silence left out."""
    frames = [bytes(audio[i : i + FRAME_BYTES]) for i in range(0, len(audio), FRAME_BYTES)]
    loud = b"".join(frame for frame in frames if frame.strip(codec.ULAW_SILENCE))
    samples = np.frombuffer(codec.to_pcm(loud), dtype="<i2").astype(float)
    if len(samples) < codec.RATE // 20:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    at = np.fft.rfftfreq(len(samples), 1 / codec.RATE)
    return float(spectrum[np.abs(at - hz) < 25].sum() / spectrum.sum())


def hears(audio: bytes | bytearray, *tones: float) -> bool:
    """Whether exactly these of the four tones are in the sound."""
    found = {hz for hz in (A, B, C, MUSIC) if power(audio, hz) > PRESENT / 2}
    gone = {hz for hz in (A, B, C, MUSIC) if power(audio, hz) < ABSENT}
    return found == set(tones) and found | gone == {A, B, C, MUSIC}


def token_of(house: House, name: str) -> str:
    """The access token for a name."""
    return access_token(Key(house.exchange.shared.trunk.account_sid, "SK" + "0" * 32, TOKEN), name)


class Talker:
    """A telephone that is read all the time. With a `hz` it speaks its tone for as long as it is told to."""

    def __init__(self, phone: Phone, hz: float) -> None:
        self.phone, self.hz = phone, hz
        self.rang: list[str] = []
        self.heard = bytearray()
        self.said = 0  # clips that have gone out
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def named(cls, house: House, name: str, hz: float) -> Talker:
        """The browser telephone of an agent, waiting to be called."""
        return cls(await Phone.register(f"ws{house.url[4:]}", f"client:{name}", token_of(house, name)), hz)

    @classmethod
    async def numbered(cls, house: House, number: str, hz: float, browser: str = "a" * 32) -> Talker:
        """A telephone with a number, waiting to be called."""
        token = token_of(house, waiting_name(number, browser))
        return cls(await Phone.register(f"ws{house.url[4:]}", number, token), hz)

    @classmethod
    async def caller(cls, house: House, hz: float, number: str = "+919826401715") -> Talker:
        """A citizen who dials the helpline."""
        return cls(await Phone.dial(f"ws{house.url[4:]}", caller=number), hz)

    async def _read(self) -> None:
        while (event := await self.phone.next()) is not None:
            if isinstance(event, Audio):
                self.heard += event.data
            elif isinstance(event, Incoming):
                self.rang.append(event.caller)
            elif event == Cue("said"):
                self.said += 1

    async def rings(self, times: int = 1) -> None:
        """Wait until it has rung so many times."""
        await soon(lambda: len(self.rang) >= times)

    async def answers(self) -> None:
        """Wait until it rings, and take the call."""
        await soon(lambda: self.phone.state == "incoming")
        await self.phone.answer()
        await soon(lambda: self.phone.state == "answered")

    async def ended(self) -> str:
        """Wait for the end of the call; its reason."""
        await soon(lambda: self.phone.state == "ended")
        return self.phone.reason

    async def speaks(self, seconds: float = 1.0) -> None:
        """Speak the tone."""
        await self.phone.say(tone(self.hz, seconds))

    async def close(self) -> None:
        """Leave the line."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self.phone.close()


async def all_speak(house: House, *talkers: Talker, seconds: float = 1.0) -> None:
    """Everybody speaks at the same time; what each hears of it is in `heard` afterwards."""
    await house.clock.sleep(0.5)  # what is still on its way
    for talker in talkers:
        talker.heard.clear()
    through = {talker: talker.said + 1 for talker in talkers}
    await asyncio.gather(*(talker.speaks(seconds) for talker in talkers))
    await soon(lambda: all(talker.said >= clips for talker, clips in through.items()))
    await house.clock.sleep(1.0)
