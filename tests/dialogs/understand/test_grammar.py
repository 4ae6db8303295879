"""What the recogniser listens for is what is understood."""

from datetime import datetime

import pytest

from dialogs.understand import Context, Hearing, grammar, understand
from dialogs.understand.grammar import MOST
from dialogs.understand.lines import QUESTIONS
from tests.dialogs.understand.conftest import SATURDAY

OFFERS = tuple(datetime.fromisoformat(f"2026-11-2{day}") for day in ("3T10:00:00", "4T14:30:00", "5T17:00:00"))
COMMANDS = {"agent", "repeat", "back", "help", "restart", "goodbye"}


def meanings(lexicon, expect, language):
    offers = OFFERS if expect == "slot" else ()
    context = Context(lexicon, language, SATURDAY, offers, None)
    # The sounds of a listener are heard so as not to be taken for something else; few questions are answered by them.
    sounds = set(lexicon.phrases[language]["listening"])
    phrases = [p for p in grammar(expect, language, lexicon, offers) if p not in sounds]
    return {p: understand([Hearing(p)], expect, context).gold() for p in phrases}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("expect", [q for q in QUESTIONS if q not in ("digits", "date", "slot")])
def test_every_phrase_of_a_grammar_is_understood(expect, language, lexicon):
    assert [p for p, meaning in meanings(lexicon, expect, language).items() if not meaning] == []


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_phrase_for_a_day_is_understood_but_days_that_are_past_or_do_not_exist(language, lexicon):
    """The grammar names every day of every month; of those only the coming half year is taken."""
    missed = [p for p, meaning in meanings(lexicon, "date", language).items() if not meaning]
    months = lexicon.phrases[language]["months"]
    assert [p for p in missed if not any(m in p.split() for m in months)] == []
    assert [p for p in missed if months[11] in p.split()] == []


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("expect", QUESTIONS)
def test_every_question_hears_the_commands_and_the_other_language(expect, language, lexicon):
    found = meanings(lexicon, expect, language).values()
    assert {m["intent"] for m in found if m.get("intent") in COMMANDS} == COMMANDS
    assert {"hi", "en"} <= {m.get("language") for m in found}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("expect", QUESTIONS)
def test_a_grammar_has_at_most_three_thousand_phrases_each_once(expect, language, lexicon):
    phrases = grammar(expect, language, lexicon, OFFERS)
    assert len(phrases) == len(set(phrases)) <= MOST


def test_the_grammar_of_which_one_holds_only_what_was_named(lexicon):
    among = ("ration_card_apl", "ration_card_bpl")
    phrases = grammar("service", "hi", lexicon, among=among)
    assert any("एपीएल" in p for p in phrases)
    assert not any("जन्म" in p for p in phrases)
    assert any("दूसरा वाला" in p for p in phrases)


def test_the_clock_times_of_the_offers_are_heard(lexicon):
    assert "ढाई बजे" in grammar("slot", "hi", lexicon, OFFERS)
    assert "two thirty" in grammar("slot", "en", lexicon, OFFERS)
