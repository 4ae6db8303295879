"""Who speaks when: the turn-taking core on its own, frame by frame, with a clock that is only a number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import (
    Answered,
    Beep,
    Close,
    DropHearing,
    EndTurn,
    FeedEar,
    KeysDone,
    NoteDone,
    Question,
    Rules,
    SilenceOver,
    StartNote,
    StopPrompt,
)
from ivr.turns import Phase
from tests.ivr.callers import BYE, DIGITS, MENU, NOTE, RULES, Caller, fed, opened

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


# -- typing ahead -----------------------------------------------------------------------------------------------------


def test_a_burst_of_keys_answers_the_questions_one_after_the_other() -> None:
    caller = Caller().asked(MENU).keys("2492001#1")
    assert caller.take() == [KeysDone("2")]
    assert caller.ask(DIGITS).take() == [KeysDone("492001")]
    assert caller.ask(Question("answer", "confirm", "confirm", ear=True, barge_in=True)).take() == [KeysDone("1")]
    assert caller.ask(Question("answer", "more", "intent", ear=True)).take() == []


def test_a_number_begun_ahead_goes_on_at_its_question_without_the_prompt() -> None:
    caller = Caller().asked(MENU).keys("249").ask(DIGITS)
    assert caller.turns.phase is Phase.KEYING
    assert caller.keys("2001").decided[-1] == KeysDone("492001")


def test_the_hash_after_a_number_of_full_length_answers_nothing() -> None:
    caller = Caller().asked(DIGITS).keys("492001")
    caller.take()
    assert caller.keys("#").ask(MENU).take() == []
    late = Caller().asked(DIGITS).keys("492001").ask(MENU).keys("#")
    assert late.take() == [KeysDone("492001")]


def test_the_rest_of_a_burst_is_dropped_when_the_same_question_comes_again() -> None:
    caller = Caller().asked(MENU).keys("81")
    caller.take()
    assert caller.ask(MENU).take() == []


def test_keys_after_repeat_answer_the_repeated_question() -> None:
    caller = Caller().asked(MENU).keys("91")
    caller.take()
    assert caller.ask(MENU).take() == [KeysDone("1")]


@pytest.mark.parametrize("command", ["*", "0"])
def test_back_and_agent_drop_what_was_typed_ahead(command: str) -> None:
    for question in (MENU, NOTE, DIGITS):
        caller = Caller().asked(question)
        if question is DIGITS and command == "0":
            continue
        caller.keys(f"{command}12")
        caller.take()
        assert caller.ask(Question("answer", "next", "intent")).take() == []
        assert caller.turns.phase is Phase.PROMPT


def test_what_is_typed_ahead_of_a_voice_note_is_dropped() -> None:
    caller = Caller().asked(MENU).keys("123").ask(NOTE)
    assert caller.take() == [KeysDone("1")]
    assert caller.keys("*").ask(Question("answer", "next", "intent")).decided[-1] == KeysDone("*")
    assert caller.turns.phase is Phase.PROMPT


def test_words_typed_ahead_answer_the_next_question_as_words() -> None:
    caller = Caller().asked(MENU).keys("1")
    caller.take()
    caller.decided += caller.turns.typed("492001", caller.now)
    assert caller.take() == []
    assert caller.ask(DIGITS).take() == [Answered((Hearing("492001"),))]


def test_a_key_that_comes_just_too_late_answers_the_question_when_it_is_asked_again() -> None:
    caller = Caller().asked(MENU).wait(6.1).keys("2")
    assert caller.take() == [SilenceOver()]
    assert caller.ask(MENU).take() == [KeysDone("2")]


def test_a_key_after_a_spoken_answer_does_not_answer_the_next_question() -> None:
    caller = Caller().asked(MENU).speak(0.5).quiet(0.7).result("रायपुर").keys("2")
    caller.take()
    assert caller.ask(DIGITS).take() == []


def test_keys_before_the_first_question_answer_it() -> None:
    assert Caller().keys("1").ask(MENU).take() == [KeysDone("1")]


def test_what_is_typed_ahead_is_bounded() -> None:
    caller = Caller().keys("1" * 1000)
    count = 0
    while caller.ask(Question("answer", f"node{count}", "city")).take():
        count += 1
        assert count < 100
    assert count == 32


def test_typed_words_are_an_answer_and_stop_the_prompt() -> None:
    caller = Caller().ask(MENU)
    caller.decided += caller.turns.typed("रायपुर", caller.now)
    caller.decided += caller.turns.typed("  ", caller.now)
    assert caller.take() == [StopPrompt(), Answered((Hearing("रायपुर"),))]


def test_the_second_of_two_quick_spoken_answers_is_not_an_answer_to_the_next_question() -> None:
    caller = Caller().asked(MENU).speak(0.5).quiet(0.7).result("रायपुर")
    caller.speak(0.6).quiet(0.3)
    caller.take()
    assert caller.ask(MENU).quiet(0.5).mark().quiet(1).take() == []


# -- voice notes ------------------------------------------------------------------------------------------------------


def recording(rules: Rules = RULES) -> Caller:
    caller = Caller(rules).asked(NOTE)
    assert caller.take() == [Beep()]
    caller.send("beep", 0.2)
    caller.wait(0.2).mark("beep")
    assert caller.take() == [StartNote()]
    return caller


def test_a_note_begins_after_the_beep_and_ends_with_silence_after_speech() -> None:
    caller = recording().quiet(1).speak(3).quiet(2.48)
    assert caller.take() == []
    assert caller.quiet(0.02).take() == [NoteDone(50 - 15, 50 + 150 + 15, pytest.approx(3.0))]


def test_a_note_ends_with_hash_or_at_its_longest() -> None:
    assert recording().speak(1).keys("#").take() == [NoteDone(0, 50, pytest.approx(1.0))]
    caller = recording().speak(31)
    assert caller.take() == [NoteDone(0, 1500, pytest.approx(30.0))]


def test_a_note_without_speech_is_empty() -> None:
    assert recording().quiet(8.1).take() == [NoteDone(0, 0, 0.0)]
    assert recording().wait(8.1).take() == [NoteDone(0, 0, 0.0)]
    assert recording().keys("#").take() == [NoteDone(0, 0, 0.0)]
    assert recording().speak(0.2).keys("#").take() == [NoteDone(0, 0, 0.0)]


def test_a_note_ends_by_the_clock_when_the_carrier_sends_no_more_frames() -> None:
    assert recording().speak(2).wait(5.6).take() == [NoteDone(0, 100, pytest.approx(2.0))]


@pytest.mark.parametrize("command", ["*", "0"])
def test_back_and_agent_end_a_recording_and_other_keys_do_not(command: str) -> None:
    caller = recording().speak(1).keys("12395")
    assert caller.take() == []
    assert caller.keys(command).take() == [KeysDone(command)]


def test_the_prompt_before_a_note_is_not_stopped_by_talking_but_a_key_skips_to_the_beep() -> None:
    caller = Caller().ask(NOTE, 9).speak(2)
    assert caller.take() == []
    assert caller.keys("#").take() == [StopPrompt(), Beep()]


@pytest.mark.parametrize("command", ["*", "0", "9"])
def test_back_agent_and_repeat_work_before_the_beep(command: str) -> None:
    assert Caller().ask(NOTE, 9).keys(command).take() == [StopPrompt(), KeysDone(command)]


# -- the end ----------------------------------------------------------------------------------------------------------


def test_a_goodbye_is_heard_to_its_end_whatever_the_caller_does() -> None:
    caller = Caller().ask(BYE, 4).speak(2).keys("123")
    caller.decided += caller.turns.typed("hello", caller.now)
    assert caller.take() == []
    assert caller.mark().take() == [Close("heard")]


def test_a_goodbye_whose_mark_is_lost_ends_by_the_clock() -> None:
    assert Caller().ask(BYE, 4).wait(6).take() == [Close("heard")]


def test_nothing_is_decided_after_the_end() -> None:
    caller = Caller().ask(BYE, 1).mark()
    caller.take()
    caller.keys("1").speak(5).quiet(5).mark().result("x").wait(10_000).ask(MENU)
    assert caller.take() == []
    assert caller.turns.due is None


def test_a_stuck_conversation_and_an_endless_call_are_closed() -> None:
    assert Caller().wait(30).take() == [Close("think_limit")]
    caller = Caller()
    while caller.turns.phase is not Phase.OVER:
        caller.asked(MENU).wait(6.5)
        assert caller.now < 100 + 1800 + 10
    assert caller.take()[-1] == Close("call_limit")


# -- any sequence of events -------------------------------------------------------------------------------------------

QUESTIONS = st.builds(
    Question,
    kind=st.sampled_from(["answer", "answer", "answer", "note"]),
    node=st.sampled_from(["a", "b", "c"]),
    expect=st.sampled_from(["city", "digits"]),
    ear=st.booleans(),
    barge_in=st.booleans(),
    keypad=st.sampled_from(["menu", "digits"]),
    length=st.sampled_from([None, 1, 3]),
    limit_s=st.sampled_from([3.0, 6.0]),
)
DEEDS = st.one_of(
    st.tuples(st.just("keys"), st.text("0123456789*#AX", min_size=1, max_size=12)),
    st.tuples(st.just("speak"), st.floats(0.02, 2)),
    st.tuples(st.just("quiet"), st.floats(0.02, 3)),
    st.tuples(st.just("wait"), st.floats(0, 20)),
    st.tuples(st.just("mark"), st.sampled_from(["p", "beep", "x"])),
    st.tuples(st.just("result"), st.sampled_from(["", "रायपुर"])),
    st.tuples(st.just("typed"), st.sampled_from(["", "yes"])),
    st.tuples(st.just("ask"), QUESTIONS),
)


def play(caller: Caller, deed: str, what: object) -> None:
    if deed == "result":
        caller.result(*([what] if what else []))
    elif deed == "typed":
        caller.decided += caller.turns.typed(str(what), caller.now)
    else:
        getattr(caller, deed)(what)


def answers(decisions: list[object]) -> int:
    return sum(isinstance(d, ANSWERS) for d in decisions)


@settings(max_examples=300, deadline=None)
@given(st.lists(DEEDS, max_size=30))
def test_no_question_is_ever_answered_twice(deeds: list[tuple[str, object]]) -> None:
    caller, asked = Caller(), 0
    for deed, what in deeds:
        if deed == "ask" and caller.turns.phase is not Phase.THINKING:
            continue  # the next question comes only after the answer to the last
        asked += deed == "ask"
        play(caller, deed, what)
        if any(isinstance(d, Beep) for d in caller.decided[-2:]) and caller.turns.phase is Phase.PROMPT:
            caller.send("beep", 0.2)
        assert answers(caller.decided) <= asked


@settings(max_examples=300, deadline=None)
@given(QUESTIONS, st.lists(DEEDS.filter(lambda d: d[0] != "ask"), max_size=20))
def test_the_clock_alone_ends_every_question_within_a_bound(
    question: Question, deeds: list[tuple[str, object]]
) -> None:
    caller = Caller(Rules(think_limit_s=1e9)).ask(question)
    for deed, what in deeds:
        play(caller, deed, what)
    asked = answers(caller.decided)
    caller.wait(2 + 2 + 15 + RULES.max_turn_s + 6 + question.limit_s + RULES.note_start_s)
    assert answers(caller.decided) == 1
    assert asked <= 1


@settings(max_examples=200, deadline=None)
@given(QUESTIONS, st.lists(DEEDS.filter(lambda d: d[0] != "ask"), max_size=20))
def test_an_ear_is_fed_only_between_its_opening_and_its_end(
    question: Question, deeds: list[tuple[str, object]]
) -> None:
    caller = Caller().ask(question)
    for deed, what in deeds:
        play(caller, deed, what)
    hearing = False
    for decision in caller.decided:
        match decision:
            case FeedEar(frames, opens):
                assert frames > 0
                assert hearing != opens
                hearing = True
            case EndTurn():
                assert hearing
                hearing = False
            case DropHearing():
                hearing = False
            case Answered() | KeysDone() | SilenceOver():
                assert not hearing
