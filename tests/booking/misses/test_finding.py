"""Which sentences of a conversation count as missed."""

from __future__ import annotations

from typing import Any

import pytest

from booking.misses.finding import Answer, Talk, misses
from tests.booking.town import NOW

Said = tuple[str, str, dict[str, Any] | None]


def found(*said: Said, reason: str | None = None) -> list[tuple[str, str, tuple[str, str] | None]]:
    """Text, kind and what was meant; each answer is node, text ("#": keyed) and what it changed (None: missed)."""
    answers = [Answer("keyed" if text.startswith("#") else "heard", text, node, items) for node, text, items in said]
    return [(miss.text, miss.kind, miss.meant) for miss in misses(Talk("c", NOW, reason, answers))]


def test_what_was_not_understood_is_a_miss_and_what_the_caller_got_across_next_is_what_was_meant() -> None:
    assert found(
        ("service", "दुकान वाला कागज", None),
        ("service", "वो दुकान का", None),
        ("service", "#3", {"service": "shop_registration"}),
        ("city", "रायपुर", {"city": "raipur"}),
    ) == [
        ("दुकान वाला कागज", "missed", ("service", "shop_registration")),
        ("वो दुकान का", "missed", ("service", "shop_registration")),
    ]


def test_what_another_question_was_answered_with_is_not_taken_for_it() -> None:
    assert found(("service", "क्या", None), ("city", "रायपुर", {"city": "raipur"})) == [("क्या", "missed", None)]


def test_silence_and_wrong_keys_are_no_sentences() -> None:
    assert found(("service", "", None), ("service", "#9", None)) == []


@pytest.mark.parametrize(
    ("after", "doubtful"),
    [
        ({"city": "raipur"}, False),  # "yes"
        ({"city": "raigarh"}, True),  # "no, Raigarh"
        (None, True),  # "no"
    ],
)
def test_what_was_asked_back_is_doubtful_when_it_was_something_else(after: Any, doubtful: bool) -> None:
    said = found(("city", "रायगड", {"doubt": {"city": "raipur"}}), ("city", "…", after))
    assert [(text, kind) for text, kind, _ in said] == ([("रायगड", "doubtful")] if doubtful else [])


def test_who_hangs_up_at_the_question_back_has_denied_nothing() -> None:
    assert found(("city", "रायगड", {"doubt": {"city": "raipur"}})) == []


def test_what_is_corrected_later_was_taken_wrongly() -> None:
    assert found(
        ("service", "पैन कार्ड", {"service": "pan_card"}),
        ("city", "बिरगांव में", {"city": "raigarh"}),
        ("confirm", "शहर गलत है", {}),
        ("city", "बिरगांव", {"city": "birgaon"}),
        ("confirm", "हाँ", {"number": "30415926"}),
    ) == [("बिरगांव में", "corrected", ("city", "birgaon"))]


def test_a_second_booking_corrects_nothing() -> None:
    assert (
        found(
            ("city", "रायपुर", {"city": "raipur"}),
            ("confirm", "हाँ", {"number": "30415926"}),
            ("city", "दुर्ग", {"city": "durg"}),
        )
        == []
    )


def test_what_was_missed_where_an_agent_had_to_take_over_led_there() -> None:
    assert [kind for _, kind, _ in found(
        ("service", "कुछ", None),
        ("service", "पैन कार्ड", {"service": "pan_card"}),
        ("city", "हमर गाँव", None),
        ("city", "अरे वही", None),
        ("city", "ओ", None),
        reason="ladder",
    )] == ["missed", "agent", "agent", "agent"]  # fmt: skip


def test_who_asks_for_an_agent_was_understood_but_not_what_was_said_before() -> None:
    said = found(("city", "हमर गाँव", None), ("city", "एजेंट से बात करनी है", {"reason": "asked"}), reason="asked")
    assert said == [("हमर गाँव", "agent", None)]
