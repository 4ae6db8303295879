"""What is said around an agent: whispers that tell the matter in one sentence, and no prompt that nobody says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from booking.desk.waits import Place
from booking.desk.whisper import Whisper
from dialogs.check import DESK_PROMPTS
from ivr.desk.announcing import Announcing
from ivr.desk.sentences import WHY_LETTERS, goodbye, said, whisper_sentences
from ivr.desk.topics import NOTHING, TOPICS, topic
from ivr.helpline import Helpline
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures

NOW = datetime.fromisoformat("2026-11-23T12:07+05:30")  # a Monday
CODE = Path(__file__).resolve().parents[3] / "ivr/desk"
NOTHING_KNOWN = Whisper(None, None, "", None, None, "asked", "hi")
BIRTH = replace(NOTHING_KNOWN, service="birth_certificate", city="raipur", when="2026-11-24", daypart="morning")


@pytest.fixture
def helpline(town: Town) -> Helpline:  # noqa: F811 - the fixture
    return town(NOW)[0]


def whispered(helpline: Helpline, whisper: Whisper, language: str = "hi") -> str:
    about, accept = whisper_sentences(helpline, whisper, language)
    assert accept == said(helpline, language, "whisper.accept")[0]
    return about.text


def test_a_whisper_tells_the_matter_in_one_sentence(helpline: Helpline) -> None:
    stuck = replace(BIRTH, reason="ladder", stuck="note")
    assert whispered(helpline, stuck) == "जन्म प्रमाण पत्र, रायपुर, कल, सुबह, बात पते पर अटकी।"
    heard = whispered(helpline, replace(stuck, language="en"), "en")
    assert heard == "birth certificate, Raipur, tomorrow, morning, stuck at the address."


def test_who_asked_for_an_agent_was_not_stuck(helpline: Helpline) -> None:
    at_ten = replace(BIRTH, when="2026-11-24T10:00", daypart=None, stuck="pin")
    assert whispered(helpline, at_ten) == "जन्म प्रमाण पत्र, रायपुर, कल, सुबह दस बजे, बात पिन कोड तक पहुँची।"


def test_a_caller_who_has_said_nothing_wants_an_agent(helpline: Helpline) -> None:
    assert whispered(helpline, NOTHING_KNOWN) == "कॉलर को आपसे बात करनी है।"
    assert whispered(helpline, replace(NOTHING_KNOWN, stuck="help")) == "कॉलर को आपसे बात करनी है।"
    assert whispered(helpline, replace(NOTHING_KNOWN, stuck="help", reason="ladder")) == "ज़रूरत समझ में नहीं आई।"


def test_a_confidential_complaint_is_named_first(helpline: Helpline) -> None:
    assert whispered(helpline, replace(BIRTH, reason="confidential")).startswith("गोपनीय शिकायत, ")
    told = replace(NOTHING_KNOWN, reason="confidential", stuck="complaint_what")
    assert whispered(helpline, told) == "गोपनीय शिकायत।"


def test_another_language_than_the_agents_is_told(helpline: Helpline) -> None:
    assert "भाषा अंग्रेज़ी" in whispered(helpline, replace(BIRTH, language="en"))
    assert "speaks Hindi" in whispered(helpline, BIRTH, "en")
    assert "भाषा" not in whispered(helpline, BIRTH)


def test_what_a_colleague_wrote_is_read_out_shortened_where_the_voice_can(helpline: Helpline) -> None:
    passed = replace(BIRTH, why="नाम गलत है " * 40)
    heard = whispered(helpline, passed)
    assert "साथी ने लिखा है, नाम गलत है" in heard
    assert len(heard) < WHY_LETTERS + 100
    assert "नाम" not in whispered(helpline, passed, "en")
    assert "PAN number" in whispered(helpline, replace(BIRTH, why="PAN number is wrong"), "en")


def test_what_cannot_be_said_is_left_out_and_the_rest_is_said(helpline: Helpline) -> None:
    assert whispered(helpline, replace(BIRTH, when="soon", daypart="noon")) == "जन्म प्रमाण पत्र, रायपुर।"


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("reason", ["asked", "ladder"])
def test_every_question_is_told_in_words(helpline: Helpline, language: str, reason: str) -> None:
    for node in (n for n in helpline.flow.graph.nodes if topic(n)):
        text = whispered(helpline, replace(NOTHING_KNOWN, stuck=node, reason=reason, language=language), language)
        assert text not in ("।", ".")
        assert "{" not in text


def test_every_question_of_the_flows_is_about_something_or_expressly_about_nothing(helpline: Helpline) -> None:
    questions = {node.id for node in helpline.flow.graph.nodes.values() if node.kind in ("ask", "record")}
    named = [node for nodes in TOPICS.values() for node in nodes.split()]
    assert sorted([*named, *NOTHING]) == sorted(questions)


def test_every_prompt_of_the_desk_is_said_somewhere(helpline: Helpline) -> None:
    code = "".join(path.read_text("utf-8") for path in CODE.glob("*.py"))
    made = {f"topic.{name}" for name in TOPICS}
    made |= {f"whisper.{language}" for language in helpline.prompts.languages}
    made |= {f"call_back.{own}{keys}" for own in ("own", "typed") for keys in ("", "_keys")}
    ours = {key for key in helpline.prompts.keys if key.startswith(DESK_PROMPTS)}
    assert {key for key in ours - made if f'"{key}"' not in code} == set()
    assert made <= ours


@pytest.mark.parametrize(
    ("seconds", "heard"),
    [
        (1, "करीब एक मिनट"),
        (60, "करीब एक मिनट"),
        (61, "करीब दो मिनट"),
        (600, "करीब दस मिनट"),
        (601, "करीब पंद्रह मिनट"),
        (1800, "करीब तीस मिनट"),
        (1801, "आधे घंटे से ज़्यादा"),
        (None, "अभी पता नहीं"),
    ],
)
def test_a_wait_is_told_as_people_tell_it(helpline: Helpline, seconds: float | None, heard: str) -> None:
    place: Any = Place(2, seconds)
    text = " ".join(s.text for s in Announcing(helpline, "hi").place(place, keys=False))
    assert heard in text


def test_a_goodbye_is_said_in_the_callers_language(helpline: Helpline) -> None:
    assert [s.language for s in goodbye(helpline, "en")] == ["en", "en"]
