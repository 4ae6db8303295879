"""Calls hear the recording that their edition plays: not before it was published, and not after it was gone back."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from ivr.speech import codec
from ivr.speech.prepare import prepare
from ivr.speech.speak import Speaker
from ivr.studio import studio_of
from models.editions import Edition
from models.store import Store, StoreError
from prompts import folder
from prompts.carrying import carry_out, plan
from prompts.contents import Spot
from prompts.editions import Beside, Publication, body_of, publish
from prompts.recorded import of_json
from prompts.recordings import Audio, keep
from prompts.render import Prompts
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures
from tests.ivr.speech.clips import SPEECH
from tests.ivr.test_editions import PROMPTS, begun, english
from tests.ivr.whole import Telephone, serving, settings

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")
HELP = Spot("recording", "en", "help.ask")
WHAT = Publication("asha", "recorded")


def tone(hz: float = 500.0, seconds: float = 0.5) -> Audio:
    wave = 0.2 * np.sin(2 * np.pi * hz * np.arange(int(8000 * seconds)) / 8000)
    return Audio(codec.to_ulaw((wave * 32767).astype("<i2").tobytes()), -30.0, -20.0, 0.0)


def recorded(store: Store, now: datetime, spot: Spot = HELP) -> Audio:
    """A published edition in which a prompt is a tone."""
    with store.begin() as session:
        digest = keep(session, now, "asha", tone(), "tone.wav")
        publish(session, now, WHAT, folder.texts(PROMPTS), Beside({spot: (digest, "how can I help you?")}))
    return tone()


def test_a_recording_is_played_for_the_whole_prompt_whose_text_is_noted_as_before(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    audio = recorded(helpline.store, NOW)
    assert "how can I help you?" in english(begun(helpline))
    (one,) = helpline.at(1).prompts.render("en", "help.ask", {}, helpline.names, NOW)
    assert one.recorded == audio.digest
    assert one in helpline.at(1).prompts.fixed_sentences()  # made ready before a caller needs it
    assert helpline.prompts.render("en", "help.ask", {}, helpline.names, NOW)[0].recorded is None


def test_a_prompt_with_values_is_spoken_whatever_an_edition_says() -> None:
    texts = {"en": {"a": ("Hello.", "It is {n:number}."), "b": ("One.", "Two.")}}
    prompts = Prompts(texts, studio={("en", "a"): "x", ("en", "b"): "y", ("en", "gone"): "z"})
    assert [s.recorded for s in prompts.fixed_sentences()] == [None, "y"]
    assert prompts.fixed_sentences()[1].text == "One. Two."


def test_the_voice_takes_a_recording_from_the_store_once_and_speaks_the_text_when_it_cannot(
    town: Town,  # noqa: F811
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    helpline, _ = town(NOW)
    audio = recorded(helpline.store, NOW)
    (one,) = helpline.at(1).prompts.render("en", "help.ask", {}, helpline.names, NOW)
    asked: list[str] = []
    look = studio_of(helpline.store)
    speaker = Speaker(SPEECH, tmp_path, studio=lambda digest: asked.append(digest) or look(digest))  # type: ignore[func-returns-value]
    lost = Speaker(SPEECH, tmp_path / "other", studio=look)
    try:
        assert not speaker.kept(one)
        assert prepare([one], speaker, progress=False).made == 1
        assert speaker.kept(one)
        assert (speaker.audio_now(one), asked) == (audio.ulaw, [audio.digest])

        def away() -> None:
            raise StoreError("the store is away")

        with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
            broken.setattr(helpline.store, "read", away)
            assert len(lost.audio_now(one)) > len(audio.ulaw)
        assert "the store is away" in caplog.text
        assert lost.audio_now(one) == audio.ulaw  # nothing else was kept in its place
        assert look("0" * 64) is None
    finally:
        speaker.stop()
        lost.stop()


def gone_back(store: Store, now: datetime, edition: int) -> Edition:
    """An edition counts again."""
    first = folder.texts(PROMPTS)
    with store.begin() as session:
        planned = plan(session, now, None, body_of(session, edition, first), first)
        return carry_out(session, now, WHAT, planned, edition)


def test_an_edition_keeps_its_recordings_and_going_back_brings_those_of_then(store: Store) -> None:
    recorded(store, NOW)
    assert of_json(gone_back(store, NOW, 0).recordings) == {}
    assert of_json(gone_back(store, NOW, 1).recordings) == {HELP: (tone().digest, "how can I help you?")}


def test_a_call_hears_the_recording_after_it_was_published_and_not_after_going_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(settings(monkeypatch, tmp_path / "var")) as running:
        helpline = running.application.helpline

        async def heard(caller: str) -> bool:
            """Whether a call hears the tone at the first question."""
            phone = await Telephone.call(running.url, caller)
            await phone.answer(helpline.store, "language", "2")
            await phone.asked(helpline.store, "help")
            await phone.settled()
            audio = bytes(phone.phone.audio)
            await phone.leave()
            return tone().ulaw in audio

        async def calls() -> list[bool]:
            now = helpline.clock.now
            before = await heard("+919826401715")
            recorded(helpline.store, now())
            during = await heard("+919826401716")
            gone_back(helpline.store, now(), 0)
            return [before, during, await heard("+919826401717")]

        assert asyncio.run(calls()) == [False, True, False]
