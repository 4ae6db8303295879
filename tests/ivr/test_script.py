"""Call scripts: what they say, and how bad ones are refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ivr.clock import ZONE
from ivr.script import Expect, Script, ScriptError, Turn, missing, parse, unmet

WHOLE = """
name: A birth certificate
caller: "+917000000001"
now: 2026-11-20T10:00
language: en
agent: busy
setup:
  full: [{city: raipur, date: 2026-11-22}]
turns:
  - hears: [Mitan, recorded]
    say: English
  - {keys: 0771492#, hears: PIN}
  - wait: 2.5
  - silence: true
  - hang_up: true
expect:
  hears: thank
  outcome: booked
  bookings: 1
  booking: {pin: 049200, starts_at: 2026-11-21T10:00}
"""


def test_a_whole_script_is_read_as_it_is_written() -> None:
    script = parse(WHOLE)
    assert script == Script(
        name="A birth certificate",
        caller="+917000000001",
        now=datetime(2026, 11, 20, 10, tzinfo=ZONE),
        language="en",
        agent="busy",
        setup={"full": [{"city": "raipur", "date": "2026-11-22"}]},
        turns=(
            Turn("say", "English", ("Mitan", "recorded"), 10),
            Turn("keys", "0771492#", ("PIN",), 12),
            Turn("wait", "2.5", (), 13),
            Turn("silence", "true", (), 14),
            Turn("hang_up", "true", (), 15),
        ),
        expect=Expect(("thank",), "booked", 1, {"pin": "049200", "starts_at": "2026-11-21T10:00"}),
    )


def test_a_turn_may_come_with_a_situation_and_callbacks_may_be_expected() -> None:
    script = parse(
        "turns: [{silence: true, meanwhile: {full: {city: durg, date: 2026-11-22}}}]\nexpect: {callbacks: 1}"
    )
    assert script.turns[0].meanwhile == {"full": {"city": "durg", "date": "2026-11-22"}}
    assert unmet(script.expect, None, []) == ["0 callbacks, expected 1"]
    assert unmet(script.expect, None, [], callbacks=1) == []


def test_a_script_needs_only_turns() -> None:
    script = parse("turns: [{keys: 1}]", "short.yaml")
    assert (script.name, script.caller, script.language, script.now) == ("short.yaml", "+919826401715", "hi", None)
    assert script.agent == "no-answer"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "s.yaml:1: script: must be a mapping"),
        ("turns: [", "s.yaml:1: not YAML"),
        ("name: x", "s.yaml:1: script: has no turns"),
        ("turns: hello", "s.yaml:1: turns: must be a list"),
        ("name: a\nturn: []", "s.yaml:2: turn: unknown key"),
        ("turns:\n  - say: a\n    keys: 1", "s.yaml:2: turns: a turn has one act"),
        ("turns:\n  - hears: a", "s.yaml:2: turns: a turn has one act"),
        ("turns:\n  - sing: a", "s.yaml:2: sing: unknown key"),
        ("turns:\n  - keys: 12a", "s.yaml:2: keys: '12a' has other keys"),
        ("turns:\n  - keys: १", "s.yaml:2: keys:"),
        ("turns:\n  - wait: long", "s.yaml:2: wait: 'long': seconds"),
        ("turns:\n  - wait: 99999", "s.yaml:2: wait:"),
        ("turns:\n  - hang_up: no", "s.yaml:2: hang_up: can only be true"),
        ("turns:\n  - say: ''", "s.yaml:2: say: is empty"),
        ("turns:\n  - say: [a]", "s.yaml:2: say: must be one value"),
        ("turns:\n  - say: a\n    hears: '('", "s.yaml:3: hears: '(' is no pattern"),
        ("turns: []\nnow: tomorrow", "s.yaml:2: now: 'tomorrow' is no ISO time"),
        ("turns: []\nlanguage: fr", "s.yaml:2: language: 'fr' is none of hi, en"),
        ("turns: []\nagent: asleep", "s.yaml:2: agent:"),
        ("turns: []\ncaller: 9826401715", "s.yaml:2: caller:"),
        ("turns: []\nexpect: {bookings: many}", "s.yaml:2: bookings: 'many' is no number"),
        ("turns: []\nexpect: {price: 5}", "s.yaml:2: price: unknown key"),
        ("turns: []\nturns: []", "s.yaml:2: turns: stands twice"),
    ],
)
def test_a_bad_script_is_refused_with_its_line_and_key(text: str, error: str) -> None:
    with pytest.raises(ScriptError) as refused:
        parse(text, "s.yaml")
    assert str(refused.value).startswith(error)


def test_patterns_are_found_whatever_the_case_and_the_unicode_form() -> None:
    assert missing(("mitan", "क़", r"\d{3}"), "This is Mitan. क़ 12") == [r"\d{3}"]


BOOKING = {"service": "birth", "pin": "492001", "starts_at": "2026-11-21T10:00:00+05:30"}


def test_what_is_as_expected_is_no_problem() -> None:
    wanted = {"service": "birth", "pin": "492001", "starts_at": "2026-11-21T10:00"}
    assert unmet(Expect(outcome="booked", bookings=1, booking=wanted), "booked", [BOOKING]) == []
    assert unmet(Expect(bookings=0), None, []) == []


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        (Expect(outcome="handoff"), "outcome is booked, expected handoff"),
        (Expect(bookings=0), "1 bookings, expected 0"),
        (Expect(booking={"pin": "492002"}), "booking's pin is 492001, expected 492002"),
        (Expect(booking={"starts_at": "2026-11-21T11:00"}), "booking's starts_at"),
        (Expect(booking={"colour": "red"}), "booking's colour is None, expected red"),
    ],
)
def test_what_is_not_as_expected_is_a_sentence(expect: Expect, problem: str) -> None:
    found = unmet(expect, "booked", [BOOKING])
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_an_expected_booking_that_was_not_made_is_told_once() -> None:
    assert unmet(Expect(booking={"pin": "1", "city": "raipur"}), "goodbye", []) == ["no booking was made"]


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 11, 21, 10, tzinfo=ZONE)
    same = (moment - timedelta()).astimezone().isoformat()
    assert unmet(Expect(booking={"starts_at": same}), None, [BOOKING]) == []
