"""The spoken forms of numbers to be written down, of identity cards, areas and terms."""

from __future__ import annotations

from tests.prompts.sample import say


def test_a_number_to_be_written_down_is_said_digit_by_digit_with_pauses() -> None:
    assert say("hi", "slowly", "300123455") == "तीन, शून्य, शून्य, एक, दो, तीन, चार, पाँच, पाँच"
    assert say("en", "slowly", "501") == "five, zero, one"


def test_an_identity_card_is_spelled() -> None:
    assert say("hi", "code", "drg-07") == "D, R, G, शून्य, सात"
    assert say("en", "code", "R7") == "R, seven"


def test_an_area_is_said_by_its_name() -> None:
    assert say("hi", "area", "korba_east") == "कोरबा पूर्व"
    assert say("en", "areas", ["korba_east"]) == "Korba East"
