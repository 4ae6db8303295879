"""A live call around the turn-taking core: what goes out on the line, what the conversation is told, what remains."""

from __future__ import annotations

import asyncio
import threading

import pytest

from dialogs.understand.meaning import Hearing
from ivr.actions import End, RecordNote
from tests.ivr.live import QUIET, VOICE, Call, FakeTalk, ask, live, say, settle, until


@live
async def test_a_call_asks_hears_and_says_goodbye() -> None:
    call = Call(FakeTalk([say("Which city?"), ask()], [say("Goodbye."), End()]))
    await call.begin()
    await call.played()
    await call.says("रायपुर")
    await call.was_told("heard", "रायपुर")
    await call.prompted(2)
    assert call.line.deeds == ["play", "play"]
    await call.played()
    assert call.line.deeds == ["play", "play", "close"]
    await call.gone()
    assert call.talk.told == [("begin",), ("heard", "रायपुर"), ("hung_up",)]


@live
async def test_the_first_sentence_goes_out_while_the_next_is_prepared_and_each_has_its_mark() -> None:
    call = Call(FakeTalk([say("One.", "Two."), say("Three."), ask()]))
    call.voice.slow["Two."] = asyncio.Event()
    await call.begin()
    assert len(call.line.marks) == 1
    assert call.voice.asked == ["One.", "Two."]
    call.voice.slow["Two."].set()
    await call.prompted(3)
    assert [s[1][:1] for s in call.line.sent] == [b"O", b"T", b"T"]
    assert len(set(call.line.marks)) == 3
    await call.gone()


@live
async def test_the_silence_timer_runs_on_the_calls_clock_from_the_last_mark() -> None:
    call = Call(FakeTalk([say("One.", "Two."), ask()], [say("Again?"), ask()]))
    await call.begin()
    await call.prompted(2)
    await call.clock.go(2)
    await call.played()
    await call.clock.go(5.9)
    assert call.talk.told == [("begin",)]
    await call.clock.go(0.2)
    await call.was_told("silent")
    await call.gone()


@live
async def test_a_mark_that_never_returns_only_delays_the_silence_timer() -> None:
    call = Call(FakeTalk([say("One."), ask()], [say("Again?"), ask()]))
    await call.begin()
    await call.clock.go(1 + 2 + 6.1)
    await call.was_told("silent")
    await call.gone()


@live
async def test_a_key_clears_the_prompt_before_the_next_one_goes_out() -> None:
    call = Call(FakeTalk([say("A long list."), ask()], [say("Chosen."), ask("day")]))
    await call.begin()
    await call.key("2")
    await call.was_told("keyed", "2")
    await call.prompted(2)
    assert call.line.deeds == ["play", "clear", "play"]
    await call.gone()


@live
async def test_a_prompt_that_is_stopped_while_its_voice_is_busy_says_no_more() -> None:
    call = Call(FakeTalk([say("One.", "Two."), ask()], [say("Chosen."), ask("day")]))
    call.voice.slow["Two."] = asyncio.Event()
    await call.begin()
    await call.key("2")
    await call.prompted(2)
    call.voice.slow["Two."].set()
    await settle()
    assert [s[1][:1] for s in call.line.sent if s[0] == "play"] == [b"O", b"C"]
    await call.gone()


@live
async def test_talking_over_the_prompt_clears_it_and_the_ear_gets_the_beginning() -> None:
    call = Call(FakeTalk([say("A long list."), ask()], [say("Chosen."), ask("day")]))
    await call.begin()
    await call.quiet(1)
    await call.says("रायपुर", seconds=0.8)
    await call.was_told("heard", "रायपुर")
    assert call.line.deeds[:2] == ["play", "clear"]
    ear = call.ears.opened[0]
    assert ear.fed == QUIET * 15 + VOICE * 40 + QUIET * 15
    await call.gone()


@live
async def test_audio_in_pieces_of_any_length_is_heard_as_20_ms_frames() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Chosen."), ask("day")]))
    await call.begin()
    await call.played()
    sound = QUIET * 20 + VOICE * 40 + QUIET * 40
    for at in range(0, len(sound), 777):
        await call.audio(sound[at : at + 777])
        await call.audio(b"")
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.was_told("heard", "रायपुर")
    assert call.ears.opened[0].fed == QUIET * 15 + VOICE * 40 + QUIET * 15
    await call.gone()


@live
async def test_a_key_wins_over_a_pending_hearing_whose_late_result_is_thrown_away() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Which day?"), ask("day")]))
    await call.begin()
    await call.played()
    await call.speak(0.6)
    await call.quiet(0.7)
    await call.key("3")
    await call.was_told("keyed", "3")
    await call.prompted(2)
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.clock.go(1)
    assert call.talk.told == [("begin",), ("keyed", "3")]
    await call.gone()


@live
async def test_a_late_result_is_not_taken_for_the_answer_of_the_next_turn() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")], [say("Done."), End()]))
    await call.begin()
    await call.played()
    await call.speak(0.6)
    await call.quiet(0.7)
    await call.key("3")
    await call.prompted(2)
    await call.played()
    await call.speak(0.6)
    await call.quiet(0.7)
    call.ears.opened[0].result.set_result((Hearing("late"),))
    await settle()
    call.ears.opened[1].result.set_result((Hearing("कल"),))
    await call.was_told("heard", "कल")
    assert ("heard", "late") not in call.talk.told
    await call.gone()


@live
async def test_the_conversation_is_told_one_thing_at_a_time_and_in_order() -> None:
    talk = FakeTalk(
        [say("Menu?"), ask()], [say("Pin?"), ask("pin", keypad="digits", length=6)], [say("Ok?"), ask("ok")]
    )
    call = Call(talk)
    await call.begin()
    talk.hold = threading.Event()
    for key in "2492001":
        await call.key(key)
    await call.was_told("keyed", "2")
    assert len(talk.told) == 2
    talk.hold.set()
    await call.was_told("keyed", "492001")
    await call.gone()
    assert talk.told == [("begin",), ("keyed", "2"), ("keyed", "492001"), ("hung_up",)]
    assert talk.together == 0


@live
async def test_a_prompt_answered_ahead_is_not_spoken() -> None:
    talk = FakeTalk(
        [say("Menu?"), ask()], [say("Pin?"), ask("pin", keypad="digits", length=6)], [say("Ok?"), ask("ok")]
    )
    call = Call(talk)
    await call.begin()
    for key in "2492001":
        await call.key(key)
    await call.was_told("keyed", "492001")
    await call.prompted(2)
    assert [s[1][:1] for s in call.line.sent if s[0] == "play"] == [b"M", b"O"]
    await call.gone()


@live
async def test_a_note_is_recorded_after_the_beep_and_trimmed() -> None:
    call = Call(FakeTalk([say("Your address?"), RecordNote("address", 30)], [say("Thanks."), End()]))
    await call.begin()
    await call.speak(1)
    await call.played()
    await call.prompted(2)
    tone = call.line.sent[1][1]
    assert len(tone) == 1600
    await call.played()
    await call.quiet(1)
    await call.speak(2)
    await call.quiet(2.5)
    await call.was_told("recorded", QUIET * 15 + VOICE * 100 + QUIET * 15, 2.0)
    assert call.ears.opened == []
    await call.gone()


@live
async def test_typed_words_answer_like_spoken_ones() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    await call.begin()
    await call.typed("रायपुर")
    await call.was_told("heard", "रायपुर")
    await call.prompted(2)
    assert [lap.how for lap in call.laps] == ["begin", "typed"]
    await call.gone()


@live
async def test_without_working_ears_or_a_grammar_keys_still_answer() -> None:
    for without in ("ready", "grammar", "broken"):
        listen = ask(grammar=()) if without == "grammar" else ask()
        call = Call(FakeTalk([say("City?"), listen], [say("Day?"), ask("day")]))
        call.ears.ready = without != "ready"
        call.ears.broken = without == "broken"
        await call.begin()
        await call.played()
        await call.speak(0.4)
        assert call.ears.opened == []
        await call.key("1")
        await call.was_told("keyed", "1")
        await call.gone()


@live
async def test_speech_without_a_free_recogniser_is_not_understood() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Again?"), ask()]))
    call.ears.broken = True
    await call.begin()
    await call.played()
    await call.speak(1)
    await call.quiet(0.7)
    await call.was_told("heard")
    await call.gone()


@live
async def test_an_ear_that_fails_counts_as_not_understood() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Again?"), ask()]))
    await call.begin()
    await call.played()
    await call.speak(1)
    await call.quiet(0.7)
    call.ears.opened[0].result.set_exception(RuntimeError("decoder"))
    await call.was_told("heard")
    await call.gone()


@live
async def test_an_ear_that_hangs_counts_as_not_understood_and_is_given_back() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Again?"), ask()]))
    await call.begin()
    await call.played()
    await call.speak(1)
    await call.quiet(0.7)
    await call.clock.go(6.1)
    await call.was_told("heard")
    await call.gone()
    assert call.ears.opened[0].discarded == 1


def test_a_sentence_without_voice_is_logged_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    @live
    async def run() -> None:
        call = Call(FakeTalk([say("One.", "Two.", "Three."), ask()]))
        call.voice.mute = {"Two."}
        await call.begin()
        await call.prompted(2)
        assert [s[1][:1] for s in call.line.sent] == [b"O", b"T"]
        await call.gone()

    run()
    assert "c-test" in caplog.text
    assert "no voice" in caplog.text


@live
async def test_a_call_whose_voice_fails_altogether_still_ends_its_questions() -> None:
    call = Call(FakeTalk([say("One."), ask()], [say("One."), End()]))
    call.voice.mute = {"One."}
    await call.start()
    await until(lambda: call.clock.sleepers)
    await until(lambda: call.voice.asked)
    await settle()
    await call.clock.go(6.1)
    await call.was_told("silent")
    await until(lambda: call.line.deeds == ["close"])
    await call.gone()
