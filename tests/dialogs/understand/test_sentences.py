"""Sentences by which a change of phrases is judged."""

import copy

import pytest

from dialogs.understand import build_lexicon
from dialogs.understand.compare import Said
from dialogs.understand.grammar import grammar
from dialogs.understand.sentences import of_phrases, question, sentences, stolen, useless


@pytest.fixture
def with_phrase(lexicon):
    def of(phrase: str, section: str, key: str, language: str = "hi"):
        phrases = copy.deepcopy(dict(lexicon.phrases))
        phrases[language][section][key].append(phrase)
        return build_lexicon(lexicon.catalogue, phrases)

    return of


def test_the_product_brings_sentences_of_all_kinds_of_questions():
    assert {"intent", "service", "city", "date", "slot", "yesno", "confirm"} <= {said.expect for said in sentences()}
    assert {said.language for said in sentences()} == {"hi", "en"}


def test_every_phrase_is_understood_at_its_question_as_its_list_means(lexicon):
    """But for land papers, which two services want."""
    none = build_lexicon(lexicon.catalogue, {})
    assert {said.text for said, _ in useless(none, lexicon)} == {"land papers", "land record", "जमीन के कागज"}
    assert len(list(of_phrases(lexicon))) > 500


@pytest.mark.parametrize("section", ["wrappers", "days", "months", "ratings", "digits", "listening", "words", "other"])
def test_lists_for_the_recogniser_alone_mean_nothing_by_themselves(section):
    assert question(section, "1") == ("", "", None)


def test_a_phrase_that_steals_is_found_with_every_sentence_it_takes(lexicon, with_phrase):
    after = with_phrase("birth certificate", "services", "death_certificate", "en")
    found = {one.said.text: one for one in stolen(lexicon, after)}
    assert {"birth certificate", "जन्म प्रमाण पत्र", "मेरी भांजी का बर्थ सर्टिफिकेट चाहिए"} <= found.keys()
    assert found["birth certificate"].after.service == ("birth_certificate", "death_certificate")


def test_what_callers_really_said_is_judged_too_and_named_once(lexicon, with_phrase):
    after = with_phrase("खजाना", "services", "income_certificate")
    heard = [Said("शादी का खजाना", "service", "hi")] * 3
    assert stolen(lexicon, after) == []
    assert [one.said.text for one in stolen(lexicon, after, heard)] == ["शादी का खजाना"]


def test_a_harmless_phrase_steals_nothing(lexicon, with_phrase):
    after = with_phrase("आमदनी वाला कागज", "services", "income_certificate")
    assert (stolen(lexicon, after), useless(lexicon, after)) == ([], [])


@pytest.mark.parametrize(
    ("phrase", "section", "key", "meant"),
    [
        ("card", "services", "pan_card", {}),
        ("हाँ", "answers", "no", {"yesno": "yes"}),
        ("बुकिंग कैंसिल करनी है", "intents", "feedback", {"intent": "cancel"}),
        ("जन्म प्रमाण पत्र", "services", "pan_card", {"service": ["birth_certificate", "pan_card"]}),
    ],
)
def test_a_new_phrase_that_is_not_understood_as_its_list_is_named(lexicon, with_phrase, phrase, section, key, meant):
    """Too common, or it stands under another meaning already."""
    found = useless(lexicon, with_phrase(phrase, section, key))
    assert [(said.text, meaning.gold()) for said, meaning in found] == [(phrase, meant)]


def test_a_city_gets_another_name_that_is_understood_and_listened_for(lexicon, with_phrase):
    after = with_phrase("राजधानी", "cities", "raipur")
    assert Said("राजधानी में", "city", "hi").meaning(lexicon).gold() == {}
    assert Said("राजधानी में", "city", "hi").meaning(after).gold() == {"city": "raipur"}
    assert "राजधानी में" in grammar("city", "hi", after)
    assert (stolen(lexicon, after), useless(lexicon, after)) == ([], [])


def test_a_name_that_is_another_citys_already_is_named(lexicon, with_phrase):
    found = useless(lexicon, with_phrase("भिलाई", "cities", "durg"))
    assert [meaning.gold() for _, meaning in found] in ([{"city": "bhilai"}], [{"city": "durg"}], [])
    assert found or stolen(lexicon, with_phrase("भिलाई", "cities", "durg"))


def test_a_command_that_is_a_wish_as_well_takes_it_away(lexicon, with_phrase):
    after = with_phrase("शिकायत करनी है", "commands", "agent")
    assert {one.after.intent for one in stolen(lexicon, after) if one.said.text == "शिकायत करनी है"} == {"agent"}


@pytest.mark.parametrize("phrase", ["", "?", "क" * 10_000, "<b>x</b>", "{service} का", "\x00"])
def test_any_phrase_can_be_judged(lexicon, with_phrase, phrase):
    after = with_phrase(phrase, "services", "income_certificate")
    assert all(one.away for one in stolen(lexicon, after))
