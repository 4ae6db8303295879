"""A missed sentence gets a meaning: a phrase in a draft, with its effect; published, the next call understands it."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from flask import Flask

from booking.audit import Wanted, entries
from console.prompts import deps
from dialogs.catalogue import Service
from ivr.helpline import Helpline
from ivr.names import CatalogueNames
from models.store import Store
from prompts import drafts
from prompts.contents import Spot
from tests.console.accounts.house import ASHA, Browser, entered
from tests.console.misses.house import HOME, UNKNOWN, call, forms, hashes, send
from tests.console.prompts.test_publishing import publish

PROMPTS = "/admin/prompts"
MISSED = ("बुकिंग करनी है", UNKNOWN, "पैन कार्ड")


def opened(browser: Browser) -> str:
    """The form of the first group."""
    return forms(browser.get(HOME).text)[0]


def drafted(store: Store, draft: int = 1, key: str = "services.pan_card", language: str = "hi") -> tuple[str, ...]:
    with store.read() as session:
        return drafts.changes(session, draft).get(Spot("phrases", language, key), ())


def test_a_sentence_missed_in_a_call_is_assigned_published_and_understood_in_the_next_call(
    anywhere: Helpline, pages: Flask
) -> None:
    missed = call(anywhere, *MISSED[:2])
    assert not missed.state.filled.get("service")
    call(anywhere, *MISSED)
    esha, asha = entered(pages, "esha"), entered(pages, ASHA)
    answer = send(esha, opened(esha), phrases="टैक्स वाला नंबर")
    assert answer.status_code == 200
    assert "2 of 2 now understood, 0 others changed." in answer.text
    assert drafted(anywhere.store)[-1] == "टैक्स वाला नंबर"
    assert UNKNOWN not in esha.get(HOME).text
    assert publish(asha, f"{PROMPTS}/1")[0] == 303
    assert call(anywhere, *MISSED[:2]).state.filled["service"] == "pan_card"


def test_the_form_proposes_what_callers_meant_and_the_sentence_itself(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    text = esha.get(opened(esha)).text
    assert f">{UNKNOWN}</textarea>" in text
    assert '<option value="services.pan_card" selected>' in text
    assert 'value="Misses 20-11"' in text


def test_the_effect_is_seen_before_anything_is_saved(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    call(helpline, "बुकिंग करनी है", "टैक्स नंबर वाला परमिशन पर्ची", "पैन कार्ड")
    call(helpline, "बुकिंग करनी है", "आय प्रमाण पत्र")
    at = opened(esha)
    answer = send(esha, at, "look", phrases="टैक्स वाला नंबर\nआय प्रमाण पत्र")
    assert answer.status_code == 200
    assert "2 of 2 now understood" in answer.text
    assert "आय प्रमाण पत्र</span>: Service: income certificate → Service: income certificate, PAN card" in answer.text
    assert " 0 others changed" not in answer.text
    assert ">टैक्स वाला नंबर\nआय प्रमाण पत्र</textarea>" in answer.text
    with helpline.store.read() as session:
        assert drafts.open_ones(session) == []
        assert entries(session, Wanted(what="miss"), None, 10) == []
    assert UNKNOWN in esha.get(HOME).text


def test_what_callers_meant_in_the_end_is_assigned_with_one_click(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    text = esha.get(HOME).text
    at = opened(esha)
    proposed = {"phrases": UNKNOWN, "target": "services.pan_card", "sentence": hashes(text), "act": "quick"}
    answer = esha.post(at, on=HOME, **proposed)
    assert "1 of 1 now understood, 0 others changed." in answer.text
    assert drafted(helpline.store)[-1] == UNKNOWN
    call(helpline, "बुकिंग करनी है", "टैक्स के पुर्जी", "पैन कार्ड")
    proposed = {"phrases": "आय प्रमाण पत्र", "target": "services.pan_card", "act": "quick"}
    answer = esha.post(opened(esha), on=HOME, sentence=hashes(esha.get(HOME).text), **proposed)
    assert "Nothing is saved yet: first see what this would change." in answer.text
    assert drafted(helpline.store)[-1] == UNKNOWN


def test_the_words_go_into_the_file_of_their_script(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    assert send(esha, opened(esha), phrases="टैक्स वाला नंबर\ntax number card").status_code == 200
    assert drafted(helpline.store)[-1] == "टैक्स वाला नंबर"
    assert drafted(helpline.store, language="en")[-1] == "tax number card"


def test_a_city_is_taught_in_a_draft_that_there_is(helpline: Helpline, esha: Browser) -> None:
    esha.post(PROMPTS, name="Diwali")
    call(helpline, "पैन कार्ड बनवाना है", "राजधानी वाला बड़का सहर", "रायपुर")
    answer = send(esha, opened(esha), phrases="राजधानी वाला बड़का सहर")
    assert "in the draft “Diwali”" in answer.text
    assert "1 of 1 now understood, 0 others changed." in answer.text
    assert drafted(helpline.store, key="cities.raipur") == ("रायपुर", "राजधानी वाला बड़का सहर")


def test_a_service_without_phrases_of_its_own_gets_a_list_in_both_languages(helpline: Helpline, esha: Browser) -> None:
    known = helpline.names.catalogue
    more = Service("pension", "वृद्धा पेंशन", "Old Age Pension", confirmed=True)
    ours = esha.flask.extensions[deps.NAME]
    names = CatalogueNames(replace(known, services=(*known.services, more)))
    deps.install(esha.flask, replace(ours, names=names))
    call(helpline, *MISSED)
    assert send(esha, opened(esha), phrases="बुढ़ापे का पैसा", target="services.pension").status_code == 200
    assert drafted(helpline.store, key="services.pension") == ("बुढ़ापे का पैसा",)
    assert drafted(helpline.store, key="services.pension", language="en") == ("old age pension",)
    assert "All checks pass." in esha.get(f"{PROMPTS}/1/publish").text


def test_who_did_what_stands_in_the_audit_trail(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    send(esha, opened(esha), phrases="टैक्स वाला नंबर")
    with helpline.store.read() as session:
        assigned, changed, begun = entries(session, Wanted(who="esha"), None, 3)
    assert (assigned.what, assigned.subject) == ("miss.assigned", "question:service")
    assert assigned.after == {"target": "services.pan_card", "draft": 1, "sentences": 1}
    assert (changed.what, changed.subject) == ("prompt.changed", "draft:1/hi/services.pan_card")
    assert str(changed.after).endswith("टैक्स वाला नंबर'}")
    assert begun.what == "draft.begun"


def test_what_is_passed_over_leaves_the_list_and_comes_back_when_that_was_wrong(
    helpline: Helpline, esha: Browser
) -> None:
    call(helpline, *MISSED)
    assert send(esha, opened(esha), "ignore").status_code == 303
    assert UNKNOWN not in esha.get(HOME).text
    call(helpline, *MISSED)  # nothing is to be learnt from it, however often it comes
    assert UNKNOWN not in esha.get(HOME).text
    text = esha.get(f"{HOME}?state=ignored").text
    assert "esha passed it over" in text
    assert esha.post(f"{HOME}/service/back", on=f"{HOME}?state=ignored", sentence=hashes(text)).status_code == 303
    assert UNKNOWN in esha.get(HOME).text


def test_what_is_missed_again_although_it_was_published_comes_back(helpline: Helpline, house: Flask) -> None:
    call(helpline, *MISSED)
    asha = entered(house, ASHA)
    send(asha, opened(asha), phrases="कुछ और ही बात")
    assert publish(asha, f"{PROMPTS}/1")[0] == 303
    text = asha.get(HOME).text
    assert UNKNOWN not in text
    assert "put it into “PAN card”" in asha.get(f"{HOME}?state=assigned").text
    call(helpline, *MISSED)
    assert UNKNOWN in asha.get(HOME).text
    assert send(asha, opened(asha), phrases="टैक्स वाला नंबर").status_code == 200


def test_who_comes_second_is_told_and_nothing_typed_is_lost(helpline: Helpline, house: Flask, esha: Browser) -> None:
    call(helpline, *MISSED)
    call(helpline, "बुकिंग करनी है", f"{UNKNOWN} जी", "पैन कार्ड")
    at, asha = opened(esha), entered(house, ASHA)
    (first, second) = hashes(asha.get(at).text)
    assert send(esha, at, "ignore", sentence=[first]).status_code == 303
    (later,) = forms(asha.get(HOME).text)
    answer = asha.post(later, act="assign", sentence=[first], target="services.pan_card", phrases="टैक्स का", name="X")
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    assert ">टैक्स का</textarea>" in answer.text
    assert drafted(helpline.store) == ()
    assert hashes(answer.text) == [second]


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"phrases": ""}, "Write at least one phrase"),
        ({"phrases": "x" * 10_000}, "Nobody will say this phrase"),
        ({"phrases": "x" * 70_000}, "This is too long"),
        ({"phrases": "<script>alert(1)</script>"}, "&lt; cannot be spoken"),
        ({"phrases": "{city} का"}, "Values in braces are not for here"),
        ({"phrases": "पैन कार्ड"}, "stand there already"),
        ({"target": ""}, "Choose from the list"),
        ({"target": "services.no_such"}, "Choose from the list"),
        ({"target": "wrappers.city"}, "Choose from the list"),
        ({"name": " "}, "The name of a draft"),
        ({"name": "y" * 61}, "The name of a draft"),
        ({"draft": "77"}, "This draft is not open any more"),
    ],
)
def test_what_cannot_be_taken_is_named_beside_its_field(
    helpline: Helpline, esha: Browser, typed: dict[str, str], named: str
) -> None:
    call(helpline, *MISSED)
    answer = send(esha, opened(esha), **{"phrases": "टैक्स वाला नंबर", **typed})
    assert answer.status_code in (409, 422)
    assert named in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f">{html.escape(typed.get('phrases', 'टैक्स वाला नंबर'))}</textarea>" in answer.text
    with helpline.store.read() as session:
        assert drafts.open_ones(session) == []
    assert UNKNOWN in esha.get(HOME).text


def test_parts_are_fetched_as_fragments_and_lists_are_searched(helpline: Helpline, esha: Browser) -> None:
    call(helpline, *MISSED)
    at = opened(esha)
    part = esha.get(at, **{"HX-Request": "true"}).text
    assert part.lstrip().startswith("<li")
    found = esha.get(f"{at}/lists?find=बिरगाँव", **{"HX-Request": "true"}).text
    assert '<option value="cities.birgaon">Birgaon</option>' in esha.get(f"{at}/lists?find=birga").text
    assert "services." not in found
    assert '<option value="services.pan_card" selected>' in esha.get(f"{at}/lists?find=x&target=services.pan_card").text
