"""The keys of a waiting caller, by themselves: whatever is pressed leads somewhere, and nothing is lost on the way."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ivr.desk.asked import DIGITS, Asked, pressed

OWN = "+919826401715"
LINE = Asked(rounds=2, told=5)
KEYS = "0123456789*#"
SLOTS = ("2026-11-23T12:30+05:30", "2026-11-23T13:00+05:30")


def after(*keys: str, own: str = OWN, start: Asked = LINE) -> tuple[Asked, str]:
    asked, did = start, "ask"
    for key in keys:
        asked, did = pressed(asked, key, own)
    return asked, did


def test_one_asks_for_the_number_and_two_goes_to_the_bot() -> None:
    assert after("1") == (Asked(2, 5, "number", number=OWN), "ask")
    assert after("2") == (LINE, "bot")


def test_any_other_key_says_again_where_the_caller_stands() -> None:
    assert {after(key) for key in "03456789*#"} == {(LINE, "ask")}


def test_a_withheld_number_is_typed_at_once() -> None:
    assert after("1", own="")[0].question == "typing"


def test_a_number_can_be_typed_in_one_go_or_in_pieces() -> None:
    whole, _ = after("1", "2", "9812345678")
    pieces, _ = after("1", "2", "98123", "4567", "8")
    assert whole == pieces
    assert (whole.question, whole.number) == ("number", "+919812345678")


def test_only_the_digits_that_are_left_are_awaited() -> None:
    assert after("1", "2")[0].keys == DIGITS
    assert after("1", "2", "98123")[0].keys == DIGITS - 5
    assert LINE.keys == 1


def test_a_number_that_is_no_mobile_is_asked_for_again() -> None:
    for number in ("0000000000", "1234567890", "0982640171"):
        asked, did = after("1", "2", number)
        assert (did, asked.question, asked.typed) == ("no_number", "typing", "")


def test_a_star_takes_the_digits_back_and_then_the_question() -> None:
    assert after("1", "2", "98", "*") == (Asked(2, 5, "typing", number=OWN), "ask")
    assert after("1", "2", "98*") == (Asked(2, 5, "typing", number=OWN), "ask")
    assert after("1", "2", "*") == (LINE, "stay")


def test_zero_and_star_leave_every_other_question() -> None:
    for key in "0*":
        assert after("1", key) == (LINE, "stay")
        assert after(key, start=Asked(2, 5, "slot", slots=SLOTS)) == (LINE, "stay")


def test_a_time_is_chosen_by_its_key_and_no_other() -> None:
    offered = Asked(2, 5, "slot", number=OWN, slots=SLOTS)
    assert after("2", start=offered) == (Asked(2, 5, "slot", number=OWN, slots=SLOTS[1:]), "chosen")
    assert after("3", start=offered) == (offered, "wrong")
    assert after("9", start=offered) == (offered, "ask")


def test_a_key_counts_as_an_answer_to_a_question_that_was_left_open() -> None:
    assert after("9", start=Asked(2, 5, "number", silent=1, number=OWN))[0].silent == 0


@given(st.lists(st.text(KEYS, min_size=1, max_size=12), max_size=12), st.sampled_from([OWN, ""]))
def test_whatever_is_pressed_a_question_is_open_or_none_and_goes_to_json_and_back(presses: list[str], own: str) -> None:
    asked = LINE
    for keys in presses:
        asked, did = pressed(asked, keys, own)
        assert did in ("ask", "stay", "wrong", "no_number", "bot", "chosen")
        assert (did == "bot") <= (asked.question == "")
        assert 1 <= asked.keys <= DIGITS
        if asked.question == "slot" and not asked.slots:
            assert asked.number
            asked = Asked(asked.rounds, asked.told, "slot", number=asked.number, slots=SLOTS)
        assert Asked.from_json(json.loads(json.dumps(asked.to_json()))) == asked


def test_what_a_newer_version_has_written_is_read() -> None:
    assert Asked.from_json({"rounds": 3, "mood": "fine"}) == Asked(3)
    assert Asked.from_json(None) == Asked()
