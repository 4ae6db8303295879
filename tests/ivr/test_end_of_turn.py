"""When an answer has ended: it depends on what was asked and on what was heard by then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.gist import NOTHING, Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import Answered, EndTurn, Question
from ivr.patience import pause_s
from ivr.turns import Phase
from tests.ivr.callers import COMPLETE, DIGITS, MENU, OPEN, RULES, UNDERSTOOD, YESNO, Caller

GISTS = st.builds(Gist, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans())


def ended(caller: Caller) -> bool:
    return any(isinstance(d, EndTurn) for d in caller.decided)


def pause(caller: Caller) -> float:
    """Seconds of silence after which the turn ends."""
    for frame in range(1, 300):
        if ended(caller.quiet(0.02)):
            return round(frame * 0.02, 2)
    raise AssertionError("the turn does not end")


@pytest.mark.parametrize(
    ("question", "gist", "seconds"),
    [
        (YESNO, COMPLETE, 0.2),
        (MENU, COMPLETE, 0.2),
        (MENU, UNDERSTOOD, 0.5),
        (MENU, NOTHING, 0.5),
        (OPEN, UNDERSTOOD, 0.7),
        (OPEN, NOTHING, 0.7),
        (DIGITS, NOTHING, 2.5),
        (DIGITS, Gist(words=True, nearly=True), 1.0),
        (DIGITS, COMPLETE, 0.1),
    ],
)
def test_the_silence_that_ends_a_turn(question: Question, gist: Gist, seconds: float) -> None:
    assert pause(Caller().asked(question).speak(0.6).so_far(gist)) == seconds


def test_an_answer_that_is_complete_by_the_time_of_a_longer_silence_ends_at_once() -> None:
    caller = Caller().asked(MENU).speak(0.6).quiet(0.3)
    assert not ended(caller)
    assert ended(caller.so_far(COMPLETE))


def test_a_caller_who_goes_on_after_a_complete_answer_is_waited_for_again() -> None:
    caller = Caller().asked(MENU).speak(0.6).so_far(COMPLETE).quiet(0.16).speak(0.4).so_far(UNDERSTOOD).quiet(0.4)
    assert not ended(caller)
    assert ended(caller.quiet(0.1))


def test_groups_of_digits_two_seconds_apart_are_one_number() -> None:
    caller = Caller().asked(DIGITS).speak(1).so_far(UNDERSTOOD).quiet(2.4).speak(1)
    assert not ended(caller)
    assert ended(caller.so_far(COMPLETE).quiet(0.1))


def test_what_is_told_of_an_ear_when_none_is_open_changes_nothing() -> None:
    caller = Caller()
    assert caller.so_far(COMPLETE).take() == []
    caller.asked(MENU).so_far(COMPLETE)
    assert caller.turns.phase is Phase.WAITING
    assert pause(caller.speak(0.6)) == 0.5  # the gist of before is none of this answer
    caller.result("रायपुर").take()
    assert caller.so_far(COMPLETE).take() == []


def test_a_late_result_does_not_answer_the_next_question() -> None:
    caller = Caller().asked(MENU).speak(0.6).quiet(0.5).keys("1")
    caller.asked(YESNO).take()
    assert caller.result("रायपुर").take() == []


def test_the_second_of_two_quick_answers_is_heard_with_the_first_or_not_at_all() -> None:
    together = Caller().asked(MENU).speak(0.5).quiet(0.3).speak(0.5).quiet(0.5)
    assert sum(isinstance(d, EndTurn) for d in together.decided) == 1
    apart = Caller().asked(MENU).speak(0.5).quiet(0.5).speak(0.5).result("रायपुर").speak(0.2).quiet(0.3)
    assert [d for d in apart.decided if isinstance(d, Answered)] == [Answered((Hearing("रायपुर"),))]
    assert apart.asked(YESNO).quiet(1).turns.phase is Phase.WAITING


@given(st.sampled_from([MENU, YESNO, OPEN, DIGITS]), GISTS)
def test_no_pause_is_longer_than_the_one_between_digits_or_shorter_than_the_one_after_a_number(
    question: Question, gist: Gist
) -> None:
    assert RULES.end_silence_number_s <= pause_s(RULES, question, gist) <= RULES.end_silence_digits_s
    if question is not DIGITS:
        assert RULES.end_silence_early_s <= pause_s(RULES, question, gist) <= RULES.end_silence_open_s


@given(
    st.lists(st.tuples(st.floats(0.02, 1), st.floats(0.02, 1), GISTS), min_size=1, max_size=6),
    st.sampled_from([MENU, YESNO, OPEN, DIGITS]),
)
def test_a_turn_ends_once_and_never_while_somebody_speaks(
    talk: list[tuple[float, float, Gist]], question: Question
) -> None:
    caller = Caller().asked(question)
    for speech, silence, gist in talk:
        before = ended(caller.speak(0.02))  # a single voiced frame may still be a click
        caller.speak(max(speech, 0.1))
        assert ended(caller) == before
        caller.so_far(gist).quiet(silence)
    caller.quiet(3)
    assert sum(isinstance(d, EndTurn) for d in caller.decided) == 1
