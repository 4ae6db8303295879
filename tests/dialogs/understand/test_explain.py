"""Why a sentence is understood as it is."""

import pytest

from dialogs.understand.compare import Said
from dialogs.understand.explain import known, reasons
from dialogs.understand.sentences import sentences


def why(lexicon, text: str, expect: str):
    said = Said(text, expect, "hi")
    return reasons(said, lexicon, said.meaning(lexicon))


def test_a_whole_phrase_is_named_with_its_list(lexicon):
    (one,) = why(lexicon, "एजेंट से बात करनी है", "city")
    assert (one.key, one.phrase, one.score, one.taken) == ("commands.agent", "एजेंट से बात करनी है", 1.0, True)


def test_a_phrase_that_sounds_nearly_so_is_named_with_its_likeness(lexicon):
    first = why(lexicon, "मेरा आवेदन कहाँ तक पहुँचा है", "intent")[0]
    assert (first.key, first.phrase, first.taken) == ("intents.track", "मेरा आवेदन कहाँ तक पहुँचा", True)
    assert first.needed == 0.9 <= first.score < 1


def test_the_word_that_names_a_service_and_the_runners_up_are_shown(lexicon):
    first, *others = why(lexicon, "शादी का कागज बनवाना है", "service")
    assert (first.key, first.words, first.taken) == ("services.marriage_certificate", ("शादी",), True)
    assert first.score >= first.needed
    assert "services.land_record_copy" in {one.key for one in others}
    assert not any(one.taken for one in others)


def test_what_stays_open_between_two_is_taken_for_both(lexicon):
    taken = {one.key for one in why(lexicon, "जमीन के कागज", "service") if one.taken}
    assert taken == {"services.land_record_copy", "services.land_use_certificate"}


def test_a_city_that_was_slipped_is_named(lexicon):
    (one,) = why(lexicon, "रायपूरर में", "city")
    assert (one.key, one.words, one.taken) == ("cities.raipur", ("रायपूरर",), True)
    assert one.needed <= one.score < 1


def test_words_that_say_nothing_here_are_told_from_those_that_do(lexicon):
    found = known(Said("गाड़ी का लाइसेंस रायपुर में चाहिए", "service", "hi"), lexicon)
    assert [(word.text, word.known) for word in found][:3] == [("गाडी", False), ("का", True), ("लाइसेंस", True)]
    assert all(word.known for word in found[1:])


@pytest.mark.parametrize("text", ["", "<b>", "क" * 10_000, "\x00", "? ? ?", "१२३", "हाँ " * 500])
@pytest.mark.parametrize("expect", ["intent", "service", "city", "slot", "digits", "text"])
def test_any_text_can_be_explained(text, expect, lexicon):
    said = Said(text, expect, "hi")
    assert known(said, lexicon) == known(said, lexicon)
    assert isinstance(reasons(said, lexicon, said.meaning(lexicon)), list)


def test_what_is_taken_is_always_what_is_meant(lexicon):
    for said in sentences():
        meaning = said.meaning(lexicon)
        for one in reasons(said, lexicon, meaning):
            section, _, id = one.key.partition(".")
            if one.taken and section == "services":
                assert id in meaning.service, said
            if one.taken and section == "cities":
                assert id in meaning.city, said
