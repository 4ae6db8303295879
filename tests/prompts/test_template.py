"""Sentences and placeholders of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.template import Placeholder, placeholders, sentences, stray_braces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("नमस्ते। मैं मितान हूँ।", ("नमस्ते।", "मैं मितान हूँ।")),
        ("नमस्ते।मैं मितान हूँ।", ("नमस्ते।", "मैं मितान हूँ।")),
        ("Hello. How can I help? Tell me!", ("Hello.", "How can I help?", "Tell me!")),
        ("It costs 3.5 rupees. Fine.", ("It costs 3.5 rupees.", "Fine.")),
        ("Write to help@mitan.in today. Thanks.", ("Write to help@mitan.in today.", "Thanks.")),
        ("Dr. Rao of St. Mary is here. Come.", ("Dr. Rao of St. Mary is here.", "Come.")),
        ("We open at 8 a.m. every day. Come.", ("We open at 8 a.m. every day.", "Come.")),
        ("डॉ. राव आएँगे। ठीक है?", ("डॉ. राव आएँगे।", "ठीक है?")),
        ("Really?! Yes...", ("Really?!", "Yes...")),
        ('He said "come." Then he left.', ('He said "come."', "Then he left.")),
        ("no end", ("no end",)),
        ("Pay Rs.", ("Pay Rs.",)),
        ("", ()),
        ("  \n ", ()),
        ("आपका नंबर {mobile:digits} है। सही है?", ("आपका नंबर {mobile:digits} है।", "सही है?")),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, parts: tuple[str, ...]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="ab। .?!…\n\"'”9आDr", max_size=80))
def test_cutting_loses_nothing_but_spaces(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_placeholders_have_a_name_and_a_form() -> None:
    assert placeholders("{a} {b:day} {c:text}") == (Placeholder("a"), Placeholder("b", "day"), Placeholder("c"))


@pytest.mark.parametrize("text", ["{", "}", "{a", "{a:}", "{A}", "{a b}", "{{a}}", "{a:b:c}", "{}"])
def test_a_brace_that_is_no_placeholder_is_noticed(text: str) -> None:
    assert stray_braces(text)
