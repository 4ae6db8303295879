"""Talking over a prompt: what stops it, what does not, and where it goes on after a false interruption."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dialogs.gist import NOTHING, Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import Answered, DropHearing, EndTurn, ResumePrompt, StopPrompt
from ivr.turns import Phase
from tests.ivr.callers import BACKCHANNEL, MENU, UNDERSTOOD, YES, YESNO, Caller

GISTS = st.builds(Gist, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans())


def stopped(caller: Caller) -> bool:
    return StopPrompt() in caller.decided


def test_a_word_that_answers_the_question_stops_the_prompt_before_300_ms() -> None:
    assert not stopped(Caller().reads(MENU, 3, 3).speak(0.12).so_far(UNDERSTOOD))  # words are made of clicks, too
    assert stopped(Caller().reads(MENU, 3, 3).speak(0.2).so_far(UNDERSTOOD))
    assert stopped(Caller().reads(MENU, 3, 3).speak(0.2).quiet(0.1).so_far(UNDERSTOOD))


def test_a_cough_or_a_click_does_not_stop_it() -> None:
    for seconds in (0.02, 0.1, 0.2, 0.28):
        caller = Caller().reads(MENU, 3, 3).speak(seconds).so_far(Gist()).quiet(1)
        assert not stopped(caller)
        assert caller.turns.phase is Phase.PROMPT


def test_speech_that_the_recogniser_has_no_word_of_stops_it_a_little_later() -> None:
    assert not stopped(Caller().reads(MENU, 3, 3).speak(0.54))
    assert stopped(Caller().reads(MENU, 3, 3).speak(0.56))
    assert stopped(Caller().reads(MENU, 3, 3).speak(0.3).so_far(Gist(words=True)))


def test_a_noise_over_the_end_of_the_prompt_is_not_misunderstood() -> None:
    caller = Caller().reads(MENU, 1, 1).wait(1.6).speak(0.4).mark("s1").quiet(0.5)
    caller.take()
    assert caller.result().take() == []
    assert caller.turns.phase is Phase.WAITING


def test_a_backchannel_does_not_stop_it_and_is_no_answer() -> None:
    caller = Caller().reads(MENU, 3, 3).quiet(1).speak(0.24).so_far(BACKCHANNEL).speak(0.3).quiet(0.9)
    assert not stopped(caller)
    assert caller.decided[-1] == DropHearing()


def test_who_says_listen_to_me_for_long_is_listened_to() -> None:
    assert stopped(Caller().reads(MENU, 3, 3).speak(0.24).so_far(BACKCHANNEL).speak(0.6))


def test_yes_is_an_answer_only_while_the_question_itself_is_asked() -> None:
    before = Caller().reads(YESNO, 3, 3).speak(0.24).so_far(YES).speak(0.3)
    assert not stopped(before)
    during = Caller().reads(YESNO, 3, 3).wait(3).mark("s0").speak(0.24).so_far(YES)
    assert stopped(during)


def test_a_backchannel_over_the_end_of_the_prompt_is_not_misunderstood() -> None:
    caller = Caller().reads(MENU, 1, 1).wait(1.6).speak(0.24).so_far(BACKCHANNEL).speak(0.1).mark("s1").quiet(0.5)
    assert isinstance(caller.decided[-1], EndTurn)
    caller.take()
    assert caller.result("हाँ", gist=BACKCHANNEL).take() == []
    assert caller.turns.phase is Phase.WAITING


def test_an_answer_over_the_end_of_the_prompt_is_taken() -> None:
    caller = Caller().reads(MENU, 1, 1).wait(1.7).speak(0.2).mark("s1").speak(0.4).quiet(0.5)
    caller.take()
    assert caller.result("रायपुर", gist=UNDERSTOOD).take() == [Answered((Hearing("रायपुर"),))]


def test_a_backchannel_after_the_prompt_is_told_to_the_conversation() -> None:
    caller = Caller().asked(MENU).quiet(1).speak(0.4).quiet(0.5)
    caller.take()
    assert caller.result("हाँ", gist=BACKCHANNEL).take() == [Answered((Hearing("हाँ"),))]


def interrupted(caller: Caller, *texts: str, gist: Gist = NOTHING) -> list[object]:
    caller.speak(0.6).quiet(0.5)
    caller.take()
    return caller.result(*texts, gist=gist).take()


def test_after_a_false_interruption_the_prompt_goes_on_from_the_sentence_where_it_was() -> None:
    caller = Caller().reads(MENU, 1, 3, 3).wait(2).mark("s0")
    assert interrupted(caller) == [ResumePrompt(1)]
    assert caller.turns.phase is Phase.PROMPT
    assert caller.turns.played == {0}


def test_a_long_backchannel_that_stopped_the_prompt_was_a_false_interruption() -> None:
    caller = Caller().reads(MENU, 1, 3, 3).wait(0.2)
    assert interrupted(caller, "अच्छा", gist=BACKCHANNEL) == [ResumePrompt(0)]


def test_words_that_are_not_understood_are_told_to_the_conversation() -> None:
    caller = Caller().reads(MENU, 1, 3, 3).wait(2).mark("s0")
    assert interrupted(caller, "मौसम", gist=Gist(words=True)) == [Answered((Hearing("मौसम"),))]


def test_a_prompt_does_not_go_on_for_ever_in_a_noise() -> None:
    caller = Caller().reads(MENU, 1, 3, 3)
    for _ in range(2):
        assert interrupted(caller) == [ResumePrompt(0)]
        caller.turns.sending("again", 3, caller.now, 0)
        caller.turns.sent(caller.now)
    assert interrupted(caller) == [Answered(())]


def test_the_resumed_prompt_ends_with_its_own_last_mark_and_the_cleared_ones_are_not_played() -> None:
    caller = Caller().reads(MENU, 1, 3, 3).wait(2).mark("s0").speak(0.6)
    caller.mark("s1").mark("s2")  # what a clear sends back
    caller.quiet(0.5).result()
    assert caller.turns.played == {0}
    caller.turns.sending("r1", 3, caller.now, 1)
    caller.turns.sending("r2", 3, caller.now, 2)
    caller.decided += caller.turns.sent(caller.now)
    assert caller.mark("r1").turns.played == {0, 1}
    assert caller.mark("r2").turns.phase is Phase.WAITING
    assert caller.turns.played == {0, 1, 2}


def test_only_what_was_played_counts_and_a_lost_mark_does_not_take_away_what_was() -> None:
    caller = Caller().reads(MENU, 1, 1, 1)
    assert caller.turns.played == set()
    caller.mark("s1")
    assert caller.turns.played == {0, 1}
    caller.keys("1")
    assert caller.turns.played == {0, 1}
    lost = Caller().reads(MENU, 1, 1, 1).wait(5.1)
    assert lost.turns.phase is Phase.WAITING
    assert lost.turns.played == {0, 1, 2}


def test_a_key_over_a_prompt_that_is_being_listened_over_drops_the_hearing() -> None:
    caller = Caller().reads(MENU, 3, 3).speak(0.2)
    caller.take()
    assert caller.keys("1").take()[:2] == [StopPrompt(), DropHearing()]


@given(st.lists(st.tuples(st.floats(0.02, 0.28), st.floats(0.3, 1.5)), max_size=12))
def test_no_row_of_short_noises_stops_a_prompt(noises: list[tuple[float, float]]) -> None:
    caller = Caller().reads(MENU, 60)
    for noise, silence in noises:
        caller.speak(noise).so_far(Gist()).quiet(silence)
    assert not stopped(caller)


@given(st.lists(st.tuples(st.floats(0.02, 2), st.floats(0.02, 2), GISTS), max_size=10))
def test_a_prompt_is_stopped_once_before_it_goes_on_or_is_answered(talk: list[tuple[float, float, Gist]]) -> None:
    caller = Caller().reads(MENU, 60)
    for speech, silence, gist in talk:
        caller.speak(speech).so_far(gist).quiet(silence)
        if caller.turns.phase is Phase.FINISHING:
            caller.result(*(["हाँ"] if gist.words else []), gist=gist)
        if caller.turns.phase is Phase.PROMPT and any(isinstance(d, ResumePrompt) for d in caller.words[-1:]):
            caller.turns.sending("again", 60, caller.now, 0)
            caller.turns.sent(caller.now)
    stops = [type(d) for d in caller.words if isinstance(d, StopPrompt | ResumePrompt)]
    assert all(a is not b for a, b in pairwise(stops))
    assert stops[:1] in ([], [StopPrompt])
