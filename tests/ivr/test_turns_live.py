"""Turn-taking with the real parts in real time: clips, voice activity, the test models, understanding."""

from __future__ import annotations

import asyncio
import audioop  # from audioop-lts where Python has it no more
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain, repeat

import numpy as np
import pytest

from dialogs.gist import Gist, gist
from dialogs.state import State
from dialogs.understand import Hearing
from dialogs.understand.grammar import grammar
from ivr.actions import Action, Listen, Speak
from ivr.call import LiveCall
from ivr.clock import Clock
from ivr.mouth import FILLER
from ivr.settings import Settings
from ivr.speech.codec import silence, to_pcm, to_ulaw
from ivr.speech.models import load_models
from ivr.speech.recognise import Recognisers
from prompts.sentence import Sentence
from tests.dialogs.parts import flow
from tests.ivr.live import FakeLine, FakeTalk, FakeVoice, until
from tests.ivr.speech.clips import SPEECH, clip, frames
from tests.ivr.speech.test_echo import microphone, prompt
from tests.pace import at_best

pytestmark = pytest.mark.realtime
NOW = datetime.fromisoformat("2026-11-23T10:00:00+05:30")
OFFERS = ("2026-11-24T10:00", "2026-11-24T11:00", "2026-11-25T15:00")
LOUD = 200  # RMS of 16-bit samples: louder frames of these clean clips are speech


@pytest.fixture(scope="module")
def recognisers() -> Iterator[Recognisers]:
    shared = Recognisers(SPEECH, load_models(SPEECH, download=False))
    yield shared
    shared.close()


class AtNode(FakeTalk):
    """A conversation that asks one question of the real flow, and understands what it hears as far as its gist."""

    def __init__(self, node: str, language: str, *prompt: str) -> None:
        super().__init__()
        self.state = State(node=node, language=language, offers=OFFERS)
        asked = flow().graph.nodes[node]
        times = [datetime.fromisoformat(o) for o in OFFERS] if asked.expect == "slot" else []
        self.grammar = {language: grammar(asked.expect, language, flow().lexicon, offers=times, length=asked.length)}
        keypad = "digits" if asked.expect == "digits" else "menu"
        self.replies = [
            [
                Speak("p", tuple(Sentence(t, language) for t in prompt)),
                Listen(node, asked.expect, (language,), tuple(self.grammar.items()), False, keypad, asked.length),
            ]
        ]
        self.answered_at = 0.0

    def gist(self, hearings: Sequence[Hearing]) -> Gist:
        return gist(flow(), self.state, hearings, NOW, self.grammar)

    def heard(self, hearings: Sequence[Hearing]) -> list[Action]:
        self.answered_at = time.monotonic()
        return super().heard(hearings)


class Rung:
    """A live call on which a caller's sound is heard in real time."""

    def __init__(self, talk: AtNode, recognisers: Recognisers) -> None:
        self.talk, self.line, self.voice = talk, FakeLine(), FakeVoice()
        self.call = LiveCall(self.line, talk, self.voice, recognisers, Clock(), Settings(speech=SPEECH))

    async def asked(self) -> None:
        """The prompt has gone out and been played."""
        await self.call.start()
        while not self.line.marks:
            await asyncio.sleep(0.005)
        await self.call.marked(self.line.marks[-1])

    async def hear(self, audio: bytes, until: float = 4.0) -> float:
        """Hear `audio` and then silence until it was answered; returns when its last sample had come."""
        due, ended = time.monotonic(), 0.0
        for number, frame in enumerate(chain(frames(audio), repeat(frames(silence(20))[0], int(until * 50)))):
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self.call.audio(frame)
            if (number + 1) * 160 <= len(audio):
                ended = time.monotonic()
            if self.talk.answered_at:
                break
        return ended


def speech(audio: bytes) -> bytes:
    """A clip up to its last sound."""
    loud = [n for n, f in enumerate(frames(audio)) if audioop.rms(to_pcm(f), 2) > LOUD]
    return audio[: (loud[-1] + 1) * 160]


def burst(seconds: float, level_dbfs: float = -20.0, below_khz: int = 2) -> bytes:
    """A cough: noise that dies away, most of it below 2 kHz."""
    count, width = int(8000 * seconds), 8 // below_khz
    noise = np.convolve(np.random.default_rng(5).standard_normal(count), np.ones(width) / width, "same")
    shaped = noise * np.exp(-3 * np.arange(count) / count)
    scaled = shaped / np.sqrt(np.mean(shaped**2)) * 10 ** (level_dbfs / 20) * 32767
    return to_ulaw(np.clip(scaled, -32767, 32767).astype("<i2").tobytes())


async def wait_after(recognisers: Recognisers, node: str, name: str) -> tuple[float, str]:
    """Seconds from the last sample of a clip's speech to the answer, and what was heard."""
    said = clip(name)
    rung = Rung(AtNode(node, said.language, "?"), recognisers)
    await rung.asked()
    ended = await rung.hear(speech(said.audio))
    await rung.call.gone()
    heard = [t[1] for t in rung.talk.told if t[0] == "heard" and len(t) > 1]
    return rung.talk.answered_at - ended, heard[0] if heard else ""


def waits(recognisers: Recognisers, *asked: tuple[str, str]) -> list[float]:
    async def together() -> list[float]:
        found = await asyncio.gather(*(wait_after(recognisers, node, name) for node, name in asked))
        assert all(clip(name).transcript == text for (_, name), (_, text) in zip(asked, found, strict=True))
        return [seconds for seconds, _ in found]

    return asyncio.run(together())


def test_whole_answers_to_closed_questions_are_taken_within_half_a_second(recognisers: Recognisers) -> None:
    asked = [("resume", "hi-26-yesno"), ("city", "hi-14-city"), ("slot", "hi-23-slot"), ("pin", "hi-34-pin")]
    took = at_best(lambda: waits(recognisers, *asked), lambda took: sorted(took)[1] <= 0.4 and max(took) <= 0.6)
    assert sorted(took)[1] <= 0.4  # seconds; 0.27 here
    assert max(took) <= 0.6


def test_whoever_may_go_on_is_waited_for_a_little_longer(recognisers: Recognisers) -> None:
    asked = [("help", "hi-03-intent"), ("service", "hi-13-service")]
    took = at_best(lambda: waits(recognisers, *asked), lambda took: took[0] <= 1.0 and took[1] <= 0.8)
    assert 0.65 <= took[0] <= 1.0
    assert 0.45 <= took[1] <= 0.8  # "... में सुधार" may follow


async def over_a_prompt(recognisers: Recognisers, node: str, sound: bytes, after_s: float = 2.5) -> Rung:
    """A sound over a prompt of two long sentences, the first of which has been heard."""
    rung = Rung(AtNode(node, "hi", "a", "b", "c"), recognisers)
    rung.voice.seconds = 5.0
    await rung.call.start()
    while len(rung.line.marks) < 3:
        await asyncio.sleep(0.005)
    await rung.call.marked(rung.line.marks[0])
    await rung.hear(silence(200) + sound, until=after_s)
    return rung


def heard_over(
    recognisers: Recognisers,
    node: str,
    sound: bytes,
    after_s: float = 2.5,
    done: Callable[[Rung], object] = lambda _: True,
) -> Rung:
    """What came of a sound over a prompt once it is `done`: a recogniser may be late, also after the last sound."""

    async def one() -> Rung:
        rung = await over_a_prompt(recognisers, node, sound, after_s)
        await until(lambda: done(rung))
        await rung.call.gone()
        return rung

    return asyncio.run(one())


@pytest.mark.parametrize("seconds", [0.06, 0.15, 0.25])
def test_a_cough_does_not_stop_the_prompt(recognisers: Recognisers, seconds: float) -> None:
    rung = heard_over(recognisers, "city", burst(seconds) + silence(400) + burst(seconds), after_s=1)
    assert rung.line.deeds == ["play"] * 3
    assert rung.talk.told == [("begin",), ("hung_up",)]


def test_a_long_noise_stops_it_at_most_for_a_moment(recognisers: Recognisers) -> None:
    # A hiss: of what is duller the test model makes a word or none, by how much of it is decoded at once.
    hiss = np.tile(np.frombuffer(burst(0.3, below_khz=8), "u1"), 3).tobytes()
    rung = heard_over(recognisers, "city", hiss, done=_speaks_or_was_answered)
    assert not any(t[0] == "heard" for t in rung.talk.told)
    if "clear" in rung.line.deeds:
        assert _since_stopped(rung)[:2] == [b"b", b"c"]  # from the sentence in which it was


def _since_stopped(rung: Rung) -> list[bytes]:
    """What was said after the prompt was stopped: the first byte of each sentence, without a "one moment"."""
    after = rung.line.sent[rung.line.deeds.index("clear") :]
    return [s[1][:1] for s in after if s[0] == "play" and s[2] != FILLER]


def _speaks_or_was_answered(rung: Rung) -> bool:
    """Whether the prompt goes on to its end, if it was stopped."""
    stopped = "clear" in rung.line.deeds
    return not stopped or len(_since_stopped(rung)) >= 2 or rung.talk.answered_at > 0


def test_a_listener_who_says_yes_does_not_stop_the_prompt(recognisers: Recognisers) -> None:
    for name in ("hi-26-yesno", "hi-27-yesno"):
        rung = heard_over(recognisers, "city", speech(clip(name).audio))
        assert rung.line.deeds == ["play"] * 3, name
        assert rung.talk.told == [("begin",), ("hung_up",)]


def test_an_answer_over_the_prompt_stops_it_and_is_taken(recognisers: Recognisers) -> None:
    for name, text in (("hi-17-city", "बिलासपुर"), ("hi-14-city", "रायपुर"), ("hi-38-command", "वापस")):
        _stops(heard_over(recognisers, "city", speech(clip(name).audio), done=lambda r: r.talk.answered_at), text)


def _stops(rung: Rung, text: str) -> None:
    assert rung.line.deeds[:4] == [*["play"] * 3, "clear"]
    assert ("heard", text) in rung.talk.told
    assert rung.talk.heard_of[0] == [0]


def on_a_speakerphone(recognisers: Recognisers, heard: bytes) -> Rung:
    """A long prompt whose own sound comes back while it is played."""

    async def one() -> Rung:
        rung = Rung(AtNode("city", "hi", "a"), recognisers)
        rung.voice.said["a"] = prompt()
        await rung.call.start()
        while not rung.line.marks:
            await asyncio.sleep(0.005)
        await rung.hear(heard[: 8000 * 4], until=1)
        await rung.call.gone()
        return rung

    return asyncio.run(one())


def test_a_prompt_does_not_stop_itself_on_a_speakerphone(recognisers: Recognisers) -> None:
    rung = on_a_speakerphone(recognisers, microphone(-12, 150))
    assert rung.line.deeds == ["play"]
    assert rung.talk.told == [("begin",), ("hung_up",)]


def test_a_caller_on_a_speakerphone_stops_the_prompt(recognisers: Recognisers) -> None:
    rung = on_a_speakerphone(recognisers, microphone(-12, 150, clip("hi-17-city").audio, 1500))
    assert "clear" in rung.line.deeds
