"""What another list of phrases changes, sentence by sentence."""

import copy

import pytest

from dialogs.understand import build_lexicon
from dialogs.understand.compare import Said, shifts

SAYINGS = [
    Said("शादी का कागज बनवाना है", "service", "hi"),
    Said("आय प्रमाण पत्र", "service", "hi"),
    Said("रायपुर", "city", "hi"),
    Said("मुझे गाड़ी का कागज चाहिए", "service", "hi"),
]


@pytest.fixture
def with_phrases(lexicon):
    """A lexicon with more phrases in a list of the Hindi file."""

    def of(section: str, key: str, *more: str):
        phrases = copy.deepcopy(dict(lexicon.phrases))
        phrases["hi"][section][key] = [*phrases["hi"][section][key], *more]
        return build_lexicon(lexicon.catalogue, phrases)

    return of


def test_a_phrase_that_steals_a_sentence_is_shown_with_both_meanings(lexicon, with_phrases):
    found = shifts(lexicon, with_phrases("services", "income_certificate", "शादी का कागज"), SAYINGS)
    assert [one.said.text for one in found] == ["शादी का कागज बनवाना है"]
    assert found[0].before.service == ("marriage_certificate",)
    assert found[0].after.service == ("income_certificate",)
    assert found[0].away
    assert not found[0].found


def test_a_sentence_that_is_newly_understood_is_no_theft(lexicon, with_phrases):
    found = shifts(lexicon, with_phrases("services", "pan_card", "गाड़ी का कागज"), SAYINGS)
    assert [(one.said.text, one.found, one.away) for one in found] == [("मुझे गाड़ी का कागज चाहिए", True, False)]


def test_what_should_mean_nothing_and_now_does_is_a_theft(lexicon, with_phrases):
    said = Said("मुझे गाड़ी का कागज चाहिए", "service", "hi", meant={})
    assert [one.away for one in shifts(lexicon, with_phrases("services", "pan_card", "गाड़ी का कागज"), [said])] == [True]


def test_what_was_understood_wrongly_before_cannot_be_stolen(lexicon, with_phrases):
    said = Said("शादी का कागज बनवाना है", "service", "hi", meant={"service": "income_certificate"})
    after = with_phrases("services", "income_certificate", "शादी का कागज")
    assert [one.away for one in shifts(lexicon, after, [said])] == [False]


def test_only_a_more_certain_meaning_is_no_other(lexicon, with_phrases):
    said = Said("आय प्रमाण पत्र", "service", "hi")
    after = with_phrases("services", "income_certificate", "आमदनी वाला कागज")
    assert shifts(lexicon, after, [said]) == []


def test_the_same_lexicon_made_twice_shifts_nothing(lexicon):
    again = build_lexicon(lexicon.catalogue, copy.deepcopy(dict(lexicon.phrases)))
    assert shifts(lexicon, again, SAYINGS) == []


def test_a_city_that_is_gone_from_the_catalogue_is_understood_no_more(lexicon):
    fewer = build_lexicon(type(lexicon.catalogue)(lexicon.catalogue.services, ()), lexicon.phrases)
    assert [one.after.gold() for one in shifts(lexicon, fewer, SAYINGS)] == [{}]


@pytest.mark.parametrize("text", ["", "   ", "<b>हाँ</b>", "क" * 10_000, "\x00", "हाँ " * 3000])
def test_any_text_can_be_compared(text, lexicon, with_phrases):
    after = with_phrases("services", "income_certificate", "शादी का कागज")
    assert shifts(lexicon, after, [Said(text, expect, "hi") for expect in ("intent", "service", "digits")]) == []
