"""What is typed as a prompt or phrases: what cannot be said is refused with the reason, and with what it is about."""

from __future__ import annotations

import pytest

from prompts.contents import Spot
from prompts.errors import TextError
from prompts.wording import taken

HI, EN = Spot("prompt", "hi", "welcome.both"), Spot("prompt", "en", "welcome.both")
HEARD = Spot("phrases", "en", "wrappers.city")
BASE = "Welcome to {brand}, {helpline:digits}."


def refusal(spot: Spot, typed: str, base: str = BASE) -> tuple[str, str]:
    with pytest.raises(TextError) as refused:
        taken(spot, typed, [base], [base] if spot.kind == "prompt" else [])
    return refused.value.code, refused.value.what


def test_white_space_is_evened_and_unseen_signs_are_dropped() -> None:
    typed = "  Hello\r\n {brand},\t{helpline:digits}\x00\ufeff. "
    assert taken(EN, typed, [BASE], [BASE]) == ("Hello {brand}, {helpline:digits}.",)


@pytest.mark.parametrize(
    ("typed", "code", "what"),
    [
        ("", "empty", ""),
        (" \n\t\u200b ", "empty", ""),
        ("Hello {brand}.", "missing", "{helpline:digits}"),
        ("Hello.", "missing", "{brand} {helpline:digits}"),
        ("{brand} {helpline:digits} {fee:number}", "unknown", "{fee:number}"),
        ("{brand} {helpline:slowly}", "unknown", "{helpline:slowly}"),
        ("{brand} {helpline:shouted}", "form", "{helpline:shouted}"),
        ("{brand {helpline:digits}", "braces", ""),
        ("{brand} {helpline:digits} {", "braces", ""),
        ("{Brand} {brand} {helpline:digits}", "braces", ""),
        ("<b>{brand}</b> {helpline:digits}", "markup", "<"),
        ("{brand} &amp; {helpline:digits}", "markup", "&amp;"),
        ("x" * 10_000, "long", "10000 / 1500"),
    ],
)
def test_a_text_that_cannot_be_said_is_refused(typed: str, code: str, what: str) -> None:
    assert refusal(EN, typed) == (code, what)


def test_hindi_needs_devanagari_and_may_consist_of_a_value_alone() -> None:
    assert refusal(HI, "Namaste {brand} {helpline:digits}") == ("hindi", "")
    assert taken(HI, "{brand}", ["{brand}"], ["{brand}"]) == ("{brand}",)


def test_phrases_are_lines_each_once() -> None:
    assert taken(HEARD, "in {city}\n\n  in   {city}\nhere\n", ["{city}"], []) == ("in {city}", "here")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("\n \n", "no_phrase"), ("...", "phrase"), ("x" * 201, "phrase"), ("in {town}", "unknown"), ("<i>", "markup"),
     ("\n".join(f"n {n}" for n in range(301)), "phrases_many"), ("a " * 40_000, "long")],
)  # fmt: skip
def test_phrases_that_nobody_says_are_refused(typed: str, code: str) -> None:
    assert refusal(HEARD, typed, "{city}")[0] == code
