from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from pathlib import Path

import pytest

from dialogs.understand.meaning import Hearing
from ivr.speech import codec
from ivr.speech.models import Models
from ivr.speech.recognise import NICE, RecogniserEar, Recognisers
from tests.ivr.speech.clips import (
    SPEECH,
    Clip,
    all_clips,
    all_phrases,
    clip,
    frames,
    listening,
    noise,
)
from tests.pace import at_best

pytestmark = pytest.mark.realtime


async def _hear(ear: RecogniserEar, audio: bytes) -> tuple[Hearing, ...]:
    for frame in frames(audio):
        ear.feed(frame)
    return await ear.finish()


def _heard(ear: RecogniserEar, audio: bytes) -> tuple[Hearing, ...]:
    return asyncio.run(_hear(ear, audio))


def test_a_sentence_is_heard_freely_and_with_a_grammar(recognisers: Recognisers) -> None:
    spoken = clip("hi-03-intent")
    for listen in (listening(("hi",), free=True), listening(("hi",)), listening(("hi",), all_phrases())):
        (said,) = _heard(recognisers.ear(listen), spoken.audio)
        assert (said.text, said.language) == (spoken.transcript, "hi")
        assert said.confidence > SPEECH.doubtful


def test_nine_of_ten_clips_are_heard_right_with_both_languages_listening(recognisers: Recognisers) -> None:
    listen = listening(("hi", "en"), all_phrases())

    async def eight_at_a_time() -> list[tuple[Clip, tuple[Hearing, ...]]]:
        clips, heard = all_clips(), []
        for at in range(0, len(clips), 8):
            some = clips[at : at + 8]
            heard += await asyncio.gather(*(_hear(recognisers.ear(listen), c.audio) for c in some))
        return list(zip(clips, heard, strict=True))

    results = asyncio.run(eight_at_a_time())
    right = [c for c, said in results if said and said[0].text == c.transcript]
    language = [c for c, said in results if said and said[0].language == c.language]
    assert len(right) >= 58  # of 64
    assert len(language) >= 60
    for _, said in results:
        assert list(said) == sorted(said, key=lambda h: -h.confidence)


def test_what_sounds_the_same_in_both_languages_goes_to_the_one_named_first(recognisers: Recognisers) -> None:
    audio = clip("hi-09-service").audio  # राशन कार्ड, ration card
    for first, second in (("hi", "en"), ("en", "hi")):
        phrases = {"hi": ["राशन कार्ड"], "en": ["ration card"]}
        said = _heard(recognisers.ear(listening((first, second), phrases)), audio)
        assert [h.language for h in said] == [first, second]


def test_speech_that_is_no_answer_is_not_taken_for_one(recognisers: Recognisers) -> None:
    answers = {"hi": ["हाँ", "नहीं", "जी हाँ", "जी नहीं"]}
    sure = []
    for spoken in all_clips():
        if spoken.language == "hi" and spoken.kind in ("service", "intent", "city", "mobile"):
            said = _heard(recognisers.ear(listening(("hi",), answers)), spoken.audio)
            sure += [(spoken.file, h) for h in said if h.confidence >= SPEECH.doubtful]
    assert not sure


def test_silence_and_line_noise_are_no_words(recognisers: Recognisers) -> None:
    for listen in (listening(), listening(("hi", "en"), all_phrases())):
        assert _heard(recognisers.ear(listen), codec.silence(3000)) == ()
        assert _heard(recognisers.ear(listen), noise("line")[: 8000 * 5]) == ()


def test_an_ear_that_was_never_fed_hears_nothing_and_uses_no_recogniser(recognisers: Recognisers) -> None:
    assert asyncio.run(recognisers.ear(listening()).finish()) == ()


def test_partial_hypotheses_come_while_the_caller_speaks(recognisers: Recognisers) -> None:
    ear = recognisers.ear(listening(("hi",), all_phrases()))
    assert ear.partial() == ()
    for frame in frames(clip("hi-03-intent").audio[: 8000 * 2]):
        ear.feed(frame)
    deadline = time.monotonic() + 40
    while not ear.partial() and time.monotonic() < deadline:
        time.sleep(0.01)
    (said,) = ear.partial()
    assert said.text.startswith("मुझे")
    ear.discard()


def test_eight_callers_at_once_each_get_their_own_words_in_order(recognisers: Recognisers) -> None:
    spoken = [c for c in all_clips() if c.language == "hi" and c.kind in ("service", "intent")][:8]

    async def call(one: Clip) -> tuple[Hearing, ...]:
        ear = recognisers.ear(listening(("hi",), all_phrases()))
        for frame in frames(one.audio):
            ear.feed(frame)
            await asyncio.sleep(0.0005)  # the frames of all calls come in between each other
        return await ear.finish()

    async def all_calls() -> list[tuple[Hearing, ...]]:
        return await asyncio.gather(*(call(one) for one in spoken))

    assert [said[0].text for said in asyncio.run(all_calls())] == [c.transcript for c in spoken]


def test_the_event_loop_goes_on_while_speech_is_decoded(recognisers: Recognisers) -> None:
    longest = 0.0  # seconds that the loop stood still

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before)

    async def both() -> float:
        nonlocal longest
        longest = 0.0
        ticking = asyncio.create_task(tick())
        await asyncio.gather(
            *(_hear(recognisers.ear(listening(("hi",), free=True)), clip("hi-32-mobile").audio) for _ in range(4))
        )
        ticking.cancel()
        return longest

    assert at_best(lambda: asyncio.run(both()), lambda seconds: seconds < 0.25) < 0.25


def test_more_free_listeners_than_recognisers_fall_back_to_the_grammar_or_wait(models: Models) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"free_recognisers": 1}), models)
    audio, listen = clip("hi-09-service").audio, listening(("hi",), all_phrases(), free=True)

    async def calls(listens: int, phrases: dict[str, list[str]] | None) -> list[tuple[str, bool]]:
        ears = [shared.ear(listening(("hi",), phrases, free=True)) for _ in range(listens)]
        for ear in ears:
            for frame in frames(audio):
                ear.feed(frame)
        heard = [one for ear in ears for one in await ear.heard()]
        return [(one.hearing.text if one.hearing else "", one.free) for one in heard]

    heard = asyncio.run(calls(3, all_phrases()))  # which of them comes first to the recogniser is the threads' affair
    assert [text for text, _ in heard] == ["राशन कार्ड"] * 3
    assert any(free for _, free in heard)
    assert asyncio.run(calls(5, None)) == [("राशन कार्ड", True)] * 5
    assert _heard(shared.ear(listen), audio)
    shared.close()


def test_a_discarded_ear_gives_its_recogniser_to_who_waits(models: Models) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"free_recognisers": 1}), models)
    for _ in range(3):
        held = shared.ear(listening(("hi",), free=True))
        held.feed(clip("hi-09-service").audio)
        gone = shared.ear(listening(("hi",), free=True))
        gone.feed(clip("hi-09-service").audio)
        waits = shared.ear(listening(("hi",), free=True))
        waits.feed(clip("hi-12-service").audio)
        gone.discard()
        held.discard()
        assert [h.text for h in asyncio.run(waits.finish())] == ["पैन कार्ड"]
    shared.close()


def test_a_reused_recogniser_hears_as_a_new_one_does(models: Models) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"free_recognisers": 1}), models)
    spoken = [c for c in all_clips() if c.language == "hi"][:6]
    first = [_heard(shared.ear(listening(("hi",), free=True)), c.audio) for c in spoken]
    held = shared.ear(listening(("hi",), free=True))
    held.feed(noise("babble"))
    held.discard()
    assert [_heard(shared.ear(listening(("hi",), free=True)), c.audio) for c in spoken] == first
    shared.close()


def test_phrases_with_words_the_model_lacks_are_left_out_and_named_once(
    models: Models, caplog: pytest.LogCaptureFixture
) -> None:
    shared = Recognisers(SPEECH, models)
    phrases = {"hi": ["राशन कार्ड", "राशन ज़ुब्बाकार्ड"]}
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert [h.text for h in _heard(shared.ear(listening(("hi",), phrases)), clip("hi-09-service").audio)] == [
                "राशन कार्ड"
            ]
    assert sum("ज़ुब्बाकार्ड" in record.getMessage() for record in caplog.records) == 1
    shared.close()


def test_a_grammar_none_of_which_is_known_is_heard_freely(recognisers: Recognisers) -> None:
    ear = recognisers.ear(listening(("hi",), {"hi": ["ज़ुब्बाकार्ड"]}))
    assert [h.text for h in _heard(ear, clip("hi-09-service").audio)] == ["राशन कार्ड"]


def test_a_language_without_a_model_does_not_listen(models: Models) -> None:
    shared = Recognisers(SPEECH, Models({"hi": models.loaded["hi"]}))
    assert not shared.ready
    assert [h.language for h in _heard(shared.ear(listening()), clip("hi-09-service").audio)] == ["hi"]
    assert _heard(shared.ear(listening(("en",))), clip("en-15-yesno").audio) == ()
    shared.close()


def test_a_recogniser_that_fails_costs_its_language_only(
    models: Models, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shared = Recognisers(SPEECH, models)
    monkeypatch.setattr(shared._pools["en"], "borrow", lambda: 1 / 0)
    assert [h.language for h in _heard(shared.ear(listening()), clip("hi-09-service").audio)] == ["hi"]
    assert any("en failed" in record.getMessage() for record in caplog.records)
    shared.close()


def test_an_answer_that_takes_too_long_is_given_up_with_a_log_line(
    models: Models, caplog: pytest.LogCaptureFixture
) -> None:
    shared = Recognisers(SPEECH.model_copy(update={"threads": 1}), models)
    held = threading.Event()
    shared._threads.submit(held.wait, 60)
    ear = RecogniserEar([shared._track("hi", {}, listening(("hi",), free=True))], timeout_s=0.1)
    assert _heard(ear, clip("hi-09-service").audio) == ()
    held.set()
    assert any("took more than" in record.getMessage() for record in caplog.records)
    assert _heard(shared.ear(listening(("hi",))), clip("hi-09-service").audio)[0].text == "राशन कार्ड"
    shared.close()


def test_audio_after_the_end_and_a_second_end_are_survived(recognisers: Recognisers) -> None:
    ear = recognisers.ear(listening(("hi",)))
    first = _heard(ear, clip("hi-09-service").audio)
    ear.feed(clip("hi-12-service").audio)
    assert asyncio.run(ear.finish()) == first
    ear.discard()


@pytest.mark.parametrize("piece", [1, 7, 160, 8000, 10**6])
def test_the_size_of_the_pieces_makes_no_difference(recognisers: Recognisers, piece: int) -> None:
    audio = clip("hi-26-yesno").audio
    ear = recognisers.ear(listening(("hi",), {"hi": ["हाँ", "नहीं"]}))
    for at in range(0, len(audio), piece):
        ear.feed(audio[at : at + piece])
    assert [h.text for h in asyncio.run(ear.finish())] == ["हाँ"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads have no weight of their own here")
def test_recogniser_threads_weigh_less_than_the_event_loop(recognisers: Recognisers) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    weight = recognisers._threads.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    assert (weight, os.getpriority(os.PRIO_PROCESS, 0)) == (min(own + NICE, 19), own)


def test_nothing_counts_as_waiting_once_turns_are_over(models: Models) -> None:
    shared = Recognisers(SPEECH, models)
    audio = clip("hi-09-service").audio

    async def turns() -> None:
        for number in range(12):
            ear = shared.ear(listening(("hi", "en"), free=number % 2 == 0))
            for frame in frames(audio):
                ear.feed(frame)
            if number % 3:
                await ear.finish()
            else:
                ear.discard()

    asyncio.run(turns())
    shared.close()
    assert not shared.lag._since
