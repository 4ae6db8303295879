"""Misses by question and likeness."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from booking.misses.finding import Miss
from dialogs.flow import load
from ivr.misses.grouping import groups
from ivr.misses.sentences import digest, language_of, questions, shown

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")


def miss(text: str, node: str = "service", ago_d: int = 0, meant: tuple[str, str] | None = None) -> Miss:
    at = NOW - timedelta(days=ago_d)
    return Miss("c", at, node, text, "missed", meant)


def texts(*misses: Miss) -> list[list[str]]:
    return [[sentence.text for sentence in group.sentences] for group in groups(misses, NOW - timedelta(days=1))]


def test_what_sounds_alike_at_one_question_is_one_group_led_by_the_most_frequent() -> None:
    assert texts(
        miss("दुकान खोले के कागज"),
        miss("दुकान खोले का कागज"),
        miss("दुकान खोले का कागज"),
        miss("मेरी भैंस खो गई"),
        miss("दुकान खोले का कागज", "help"),
    ) == [["दुकान खोले का कागज", "दुकान खोले के कागज"], ["दुकान खोले का कागज"], ["मेरी भैंस खो गई"]]


def test_another_order_or_spelling_of_the_words_is_alike() -> None:
    assert len(texts(miss("कागज दुकान का"), miss("दुकान का काग़ज़"))) == 1


def test_languages_are_kept_apart_as_their_phrases_are() -> None:
    assert len(texts(miss("दुकान"), miss("dukan"))) == 2
    assert (language_of("दुकान license"), language_of("dukan")) == ("hi", "en")


def test_groups_say_how_often_it_was_before_and_those_of_before_alone_are_left_out() -> None:
    found = groups([miss("दुकान"), miss("दुकान", ago_d=2), miss("दुकाने", ago_d=2), miss("भैंस", ago_d=2)],
                   NOW - timedelta(days=1))  # fmt: skip
    assert [(group.sentences[0].text, group.count, group.before) for group in found] == [("दुकान", 1, 2)]


def test_the_group_knows_what_most_of_its_callers_meant() -> None:
    found = [miss("दुकान", meant=("service", "pan_card")), miss("दुकान", meant=("service", "shop_registration")),
             miss("दुकान", meant=("service", "shop_registration")), miss("दुकान")]  # fmt: skip
    (group,) = groups(found, NOW)
    assert group.meant == ("service", "shop_registration")


@pytest.mark.parametrize("text", ["मेरा नंबर 9826401715", "मेरा नंबर नौ आठ दो छः चार शून्य एक सात एक पांच"])
def test_numbers_are_masked(text: str) -> None:
    assert shown(text) == "मेरा नंबर xxxx"


def test_the_same_words_have_the_same_hash_in_which_nothing_can_be_read() -> None:
    assert digest("दुकान का काग़ज़!") == digest(" दुकान का कागज")
    assert digest("दुकान") != digest("मकान")
    assert len(digest("दुकान")) == 64


def test_names_addresses_and_numbers_are_no_questions_whose_answers_are_shown() -> None:
    graph = load()
    open_ones = questions(graph)
    asked = {"service", "city", "day", "confirm", "help", "slot"}
    assert asked <= open_ones.keys()
    assert not {"note", "mobile_other", "pin"} & open_ones.keys()
    private = {node.id for node in graph.nodes.values() if {node.expect, node.also} & {"text", "about", "digits"}}
    assert private
    assert not private & open_ones.keys()
