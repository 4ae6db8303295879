"""Who speaks when: the turn-taking core on its own, frame by frame, with a clock that is only a number."""

from __future__ import annotations

import pytest

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import (
    Answered,
    DropHearing,
    EndTurn,
    FeedEar,
    KeysDone,
    NoteDone,
    Question,
    SilenceOver,
    StopPrompt,
)
from ivr.turns import Phase
from tests.ivr.callers import DIGITS, MENU, Caller, fed, opened

ANSWERS = (Answered, KeysDone, SilenceOver, NoteDone)


# -- prompts and silence ----------------------------------------------------------------------------------------------


def test_the_silence_timer_starts_when_the_last_mark_has_come_back() -> None:
    caller = Caller().ask(MENU, prompt_s=4)
    caller.wait(4.5).mark().wait(5.9)
    assert caller.decided == []
    assert caller.wait(0.2).take() == [SilenceOver()]


def test_a_mark_that_never_returns_is_taken_as_returned_two_seconds_after_its_audio() -> None:
    caller = Caller().ask(MENU, prompt_s=4)
    caller.wait(6.0 + 5.9)
    assert caller.decided == []
    assert caller.wait(0.2).take() == [SilenceOver()]


def test_a_lost_mark_in_the_middle_of_a_prompt_does_not_hold_the_call_up() -> None:
    caller = Caller()
    caller.turns.ask(MENU, caller.now)
    caller.turns.sending("a", 2, caller.now)
    caller.send("b", 2)
    caller.wait(4).mark("b").wait(6.1)
    assert caller.take() == [SilenceOver()]


def test_marks_of_another_prompt_and_unknown_marks_are_ignored() -> None:
    caller = Caller().ask(MENU, prompt_s=9).mark("old").mark("").wait(8)
    assert caller.turns.phase is Phase.PROMPT
    assert caller.decided == []


def test_a_prompt_without_audio_counts_as_heard_at_once() -> None:
    caller = Caller()
    caller.turns.ask(MENU, caller.now)
    caller.turns.sent(caller.now)
    assert caller.wait(6.1).take() == [SilenceOver()]


def test_a_prompt_whose_voice_never_answers_is_given_up_and_the_question_still_ends() -> None:
    caller = Caller()
    caller.turns.ask(MENU, caller.now)
    caller.wait(15 + 6.1)
    assert caller.take() == [StopPrompt(), SilenceOver()]


# -- speech -----------------------------------------------------------------------------------------------------------


def test_an_answer_ends_after_the_silence_and_is_fed_with_what_came_before_it() -> None:
    caller = Caller().asked(MENU).quiet(1).speak(0.8).quiet(0.48)
    assert len(opened(caller.decided)) == 1
    assert not any(isinstance(d, EndTurn) for d in caller.decided)
    assert opened(caller.decided)[0].frames == 3 + 15
    caller.quiet(0.02)
    end = caller.take()[-1]
    assert end == EndTurn(pytest.approx(0.8), pytest.approx(0.5))
    assert caller.result("रायपुर").take() == [Answered((Hearing("रायपुर"),))]


def test_only_speech_and_its_hangover_are_decoded() -> None:
    caller = Caller().asked(MENU).quiet(3).speak(1).quiet(0.7)
    assert fed(caller.decided) == 50 + 15 + 15


def test_a_pause_between_groups_of_digits_is_not_decoded_but_the_next_group_has_its_beginning() -> None:
    caller = Caller().asked(DIGITS).speak(1).quiet(1.2).speak(1)
    assert not any(isinstance(d, EndTurn) for d in caller.decided)
    assert fed(caller.decided) == (15 + 50 + 15) + (15 + 49)  # its first frame may still be a click


def test_digits_wait_longer_for_the_next_group() -> None:
    caller = Caller().asked(DIGITS).speak(1).quiet(2.4)
    assert not any(isinstance(d, EndTurn) for d in caller.decided)
    assert isinstance(caller.quiet(0.1).decided[-1], EndTurn)


def test_an_answer_is_cut_at_the_longest_turn() -> None:
    caller = Caller().asked(MENU).speak(15.1)
    assert isinstance(caller.decided[-1], EndTurn)


def test_an_answer_ends_by_the_clock_when_the_carrier_sends_no_more_frames() -> None:
    caller = Caller().asked(MENU).speak(1).wait(3.7)
    assert isinstance(caller.decided[-1], EndTurn)


def test_a_short_noise_without_words_is_passed_over_silently() -> None:
    caller = Caller().asked(MENU).quiet(2).speak(0.2).quiet(0.5)
    caller.take()
    assert caller.result().take() == []
    assert caller.speak(0.6).quiet(0.5).words[-1] == EndTurn(pytest.approx(0.6), pytest.approx(0.5))
    assert caller.result("हाँ").decided[-1] == Answered((Hearing("हाँ"),))


def test_a_long_noise_without_words_is_not_understood() -> None:
    caller = Caller().asked(MENU).speak(1).quiet(0.7)
    caller.take()
    assert caller.result().take() == [Answered(())]


def test_a_short_word_that_was_recognised_is_an_answer() -> None:
    caller = Caller().asked(MENU).speak(0.16).quiet(0.7)
    caller.take()
    assert caller.result("हाँ").take() == [Answered((Hearing("हाँ"),))]


def test_noises_do_not_keep_a_question_open_for_ever() -> None:
    caller = Caller().asked(MENU)
    for _ in range(20):
        caller.speak(0.1).quiet(0.8).result()
        if any(isinstance(d, SilenceOver) for d in caller.decided):
            break
    assert any(isinstance(d, SilenceOver) for d in caller.decided)
    assert caller.now < 102 + 6 + 2


def test_a_recogniser_that_never_answers_counts_as_not_understood() -> None:
    caller = Caller().asked(MENU).speak(1).quiet(0.7)
    caller.take()
    assert caller.wait(6).take() == [DropHearing(), Answered(())]
    assert caller.result("late").take() == []


def test_speech_is_not_heard_where_keys_are_the_only_way() -> None:
    caller = Caller().asked(Question("answer", "city", "city", ear=False, barge_in=True)).speak(3)
    assert caller.take() == []
    assert caller.wait(3.1).take() == [SilenceOver()]


# -- talking over a prompt --------------------------------------------------------------------------------------------


def test_talking_over_the_prompt_stops_it_after_300_ms_of_voice() -> None:
    caller = Caller().ask(MENU, prompt_s=9).quiet(1).speak(0.2).so_far(Gist(words=True)).speak(0.08)
    assert StopPrompt() not in caller.decided
    assert opened(caller.decided) == [FeedEar(3 + 15, opens=True)]
    caller.speak(0.02)
    assert caller.words[-1] == StopPrompt()
    assert fed(caller.decided) == 15 + 15
    assert caller.turns.phase is Phase.HEARING


def test_a_cough_does_not_stop_the_prompt_and_coughs_do_not_add_up() -> None:
    caller = Caller().ask(MENU, prompt_s=9)
    for _ in range(5):
        caller.speak(0.2).quiet(0.4)
    assert StopPrompt() not in caller.decided
    assert caller.quiet(0.5).decided[-1] == DropHearing()
    assert caller.turns.phase is Phase.PROMPT


def test_a_prompt_that_must_be_heard_is_not_stopped_by_talking() -> None:
    caller = Caller().ask(Question("answer", "welcome", "language", ear=True, barge_in=False), 9).speak(3).quiet(1)
    assert caller.take() == []


def test_speech_begun_over_the_last_syllable_of_the_prompt_is_the_answer() -> None:
    caller = Caller().ask(MENU).wait(1.8).speak(0.2).mark()
    assert caller.turns.phase is Phase.HEARING
    assert fed(caller.take()) == 10 + 15
    assert isinstance(caller.quiet(0.7).decided[-1], EndTurn)


def test_a_word_said_just_before_the_prompt_ends_is_still_heard() -> None:
    caller = Caller().ask(MENU).wait(1.5).speak(0.2).quiet(0.3).mark()
    assert opened(caller.decided)
    assert isinstance(caller.quiet(0.42).decided[-1], EndTurn)


def test_marks_that_a_clear_sends_back_change_nothing() -> None:
    caller = Caller().ask(MENU, prompt_s=9).speak(0.6)
    caller.take()
    caller.mark()
    assert caller.turns.phase is Phase.HEARING
    assert caller.take() == []


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_at_a_menu_is_an_answer_at_once_and_stops_the_prompt() -> None:
    assert Caller().ask(MENU).keys("3").take() == [StopPrompt(), KeysDone("3")]
    assert Caller().asked(MENU).keys("#").take() == [KeysDone("#")]


def test_a_number_is_complete_by_its_length_by_hash_or_by_a_pause() -> None:
    assert Caller().asked(DIGITS).keys("492001").take() == [KeysDone("492001")]
    assert Caller().asked(DIGITS).keys("4920#").take() == [KeysDone("4920")]
    caller = Caller().asked(DIGITS).keys("49").wait(2.9).keys("2").wait(2.9)
    assert caller.take() == []
    assert caller.wait(0.2).take() == [KeysDone("492")]


def test_star_goes_back_where_digits_are_asked_with_and_without_digits_keyed() -> None:
    assert Caller().asked(DIGITS).keys("*").take() == [KeysDone("*")]
    assert Caller().asked(DIGITS).keys("49*").take() == [KeysDone("*")]


def test_a_hash_with_nothing_keyed_is_no_answer_and_does_not_stop_the_prompt() -> None:
    assert Caller().ask(DIGITS).keys("#").take() == []


def test_the_silence_timer_stops_while_keys_are_pressed() -> None:
    caller = Caller().asked(DIGITS).wait(5)
    for key in "4920":
        caller.keys(key).wait(2.5)
    assert caller.take() == []


def test_a_key_discards_a_running_hearing() -> None:
    caller = Caller().asked(MENU).speak(0.5)
    caller.take()
    assert caller.keys("2").take() == [DropHearing(), KeysDone("2")]


def test_a_key_wins_over_a_hearing_that_is_being_finished() -> None:
    caller = Caller().asked(MENU).speak(0.5).quiet(0.7)
    caller.take()
    assert caller.keys("2").take() == [DropHearing(), KeysDone("2")]
    assert caller.result("हाँ").take() == []


def test_talking_while_keying_is_not_heard() -> None:
    caller = Caller().asked(DIGITS).keys("49").speak(2)
    assert caller.take() == []
    assert caller.wait(1.1).take() == [KeysDone("49")]


def test_what_is_no_key_is_ignored() -> None:
    caller = Caller().ask(MENU).keys("A").keys("D")
    for odd in ("", "12", "१", "\n"):
        caller.decided += caller.turns.key(odd, caller.now)
    assert caller.take() == []
