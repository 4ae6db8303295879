"""What is made of an answer while it is still being spoken."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.gist import NOTHING, Gist, gist
from dialogs.state import State
from dialogs.understand import Hearing
from dialogs.understand.grammar import grammar
from tests.dialogs.parts import flow

NOW = datetime.fromisoformat("2026-11-23T10:00:00+05:30")
OFFERS = ("2026-11-24T10:00", "2026-11-24T11:00", "2026-11-25T15:00")


def heard(node: str, text: str, language: str = "hi", **state: object) -> Gist:
    asked = flow().graph.nodes[node]
    times = [datetime.fromisoformat(o) for o in OFFERS] if asked.expect == "slot" else []
    phrases = {language: grammar(asked.expect, language, flow().lexicon, offers=times, length=asked.length)}
    at = State(**({"node": node, "language": language, "offers": OFFERS} | state))
    return gist(flow(), at, [Hearing(text, 0.5, language)], NOW, phrases)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ("resume", "हाँ"),
        ("resume", "जी नहीं"),
        ("confirm", "हाँ सही है"),
        ("city", "रायपुर"),
        ("service", "आय प्रमाण पत्र"),
        ("slot", "दूसरा वाला"),
        ("slot", "सुबह दस बजे"),
        ("day", "कल"),
        ("day", "पच्चीस तारीख"),
        ("pin", "चार नौ दो शून्य शून्य एक"),
        ("pin", "एजेंट से बात करनी है"),
        ("city", "फिर से बोलिए"),
        ("anything", "नहीं"),
        ("language", "हिंदी"),
    ],
)
def test_a_whole_answer_is_complete(node: str, text: str) -> None:
    assert heard(node, text).complete


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ("service", "विवाह प्रमाण पत्र"),  # "... में सुधार" is another service
        ("service", "राशन कार्ड"),  # which of several?
        ("day", "पच्चीस"),
        ("pin", "चार नौ दो"),
        ("pin", "चार नौ दोबारा"),  # a digit half heard
        ("confirm", "नहीं"),  # "No, the day ..."
        ("anything", "हाँ"),  # "Yes, a complaint ..."
        ("help", "मुझे शिकायत करनी है"),  # whoever tells his story may go on
        ("day_keys", "पाँच"),
        ("city", "अच्छा"),
        ("city", ""),
    ],
)
def test_what_may_go_on_is_not_complete(node: str, text: str) -> None:
    assert not heard(node, text).complete


def test_two_languages_that_heard_different_answers_are_not_complete() -> None:
    at = State(node="resume", language="hi")
    both = [Hearing("हाँ", 0.5, "hi"), Hearing("no", 0.5, "en")]
    assert not gist(flow(), at, both, NOW, {}).complete
    assert gist(flow(), at, [Hearing("हाँ", 0.5, "hi"), Hearing("yes", 0.5, "en")], NOW, {}).complete


def test_a_language_that_made_nothing_of_it_does_not_count() -> None:
    at = State(node="resume", language="hi")
    assert gist(flow(), at, [Hearing("नहीं", 0.5, "hi"), Hearing("raipur", 0.5, "en")], NOW, {}).complete


def test_did_you_say_is_answered_by_yes_at_once() -> None:
    doubted = heard("anything", "हाँ", doubt={"yesno": "yes"})
    assert doubted.complete


def test_a_number_that_may_be_read_in_two_ways_is_not_complete_before_its_last_digit() -> None:
    assert not heard("mobile_other", "nine eighty two six four zero one seven one", "en").complete
    assert heard("mobile_other", "nine eighty two six four zero one seven one five", "en").complete


def test_a_number_with_a_digit_missing_is_nearly_there() -> None:
    assert heard("pin", "चार नौ दो शून्य एक").nearly
    assert not heard("pin", "चार नौ दो").nearly
    assert not heard("city", "चार नौ दो शून्य एक").nearly


@pytest.mark.parametrize("text", "हाँ|जी|अच्छा|okay|ठीक है|जी हाँ|हम्म|अच्छा जी|yes|right|ok|जी बताइए".split("|"))
def test_the_sounds_of_a_listener_are_backchannels(text: str) -> None:
    assert heard("city", text).backchannel
    assert not heard("city", text).understood


@pytest.mark.parametrize("text", "नहीं|रायपुर|हाँ रायपुर|फिर से|एजेंट|no|हाँ नहीं|ठीक नहीं है|अच्छा एक मिनट".split("|"))
def test_an_answer_is_no_backchannel(text: str) -> None:
    assert not heard("city", text).backchannel


def test_yes_is_an_answer_where_yes_or_no_is_asked() -> None:
    assert heard("resume", "हाँ") == Gist(words=True, backchannel=True, understood=True, complete=True)
    assert not heard("resume", "अच्छा").understood


@given(st.text(max_size=80), st.sampled_from(sorted(n.id for n in flow().graph.nodes.values())))
def test_nothing_that_is_said_anywhere_raises(text: str, node: str) -> None:
    found = heard(node, text) if flow().graph.nodes[node].kind == "ask" else _elsewhere(node, text)
    assert found.understood or not found.complete


def _elsewhere(node: str, text: str) -> Gist:
    return gist(flow(), State(node=node), [Hearing(text, 0.5)], NOW, {})


def test_before_the_first_and_after_the_last_question_there_is_no_gist() -> None:
    assert gist(flow(), State(), [Hearing("हाँ")], NOW, {}) == NOTHING


def test_it_is_quick() -> None:
    grammars = {"hi": grammar("service", "hi", flow().lexicon)}
    at, said = State(node="service", language="hi"), [Hearing("आय प्रमाण पत्र", 0.5, "hi")]
    gist(flow(), at, said, NOW, grammars)
    took = []
    for _ in range(50):
        begun = time.perf_counter()
        gist(flow(), at, said, NOW, grammars)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.003  # seconds; 0.0006 here
