"""Turn-taking of keys and words typed ahead, of voice notes and of the end; and of any sequence of events."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from tests.ivr.callers import BYE, DIGITS, MENU, NOTE, RULES, Caller

ANSWERS = (Answered, KeysDone, SilenceOver, NoteDone)


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
