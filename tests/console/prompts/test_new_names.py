"""A service that came into the catalogue after the files gets phrases of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from console.prompts import deps
from dialogs.catalogue import Service
from ivr.names import CatalogueNames
from models.store import Store
from tests.console.accounts.house import Browser, Clock
from tests.console.prompts.house import drafted, furnished, own, rehearsed, save
from tests.console.prompts.test_publishing import changed, publish

PENSION = "phrases/services.pension"


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    flask, known = furnished(store, clock), own().names.catalogue
    more = Service("pension", "वृद्धा पेंशन", "old age pension", confirmed=True)
    names = CatalogueNames(replace(known, services=(*known.services, more)))
    deps.install(flask, replace(own(), names=names, rehearse=rehearsed(store, clock.now)))
    return flask


def test_it_stands_in_the_list_without_phrases(esha: Browser) -> None:
    text = esha.get(f"{drafted(esha)}?of=phrases.services").text
    assert "old age pension <code>services.pension</code>" in text
    assert "No phrases yet" in text
    assert "services.pension" in esha.get("/admin/prompts/1?q=वृद्धा").text


def test_its_phrases_are_understood_in_the_draft_and_pass_the_checks_in_both_languages(esha: Browser) -> None:
    draft = drafted(esha)
    assert save(esha, draft, PENSION, hi="बुढ़ापे का पैसा").status_code == 303
    assert "missing; it stands in" in esha.get(f"{draft}/publish").text
    assert save(esha, draft, PENSION, en="money for old age").status_code == 303
    assert "All checks pass." in esha.get(f"{draft}/publish").text
    text = esha.post(f"{draft}/try", on=f"{draft}/try", said="बुढ़ापे का पैसा", at="service", language="hi").text
    assert "<strong>Service: old age pension</strong>" in text


def test_a_draft_with_it_moves_on_and_is_taken_back(esha: Browser, asha: Browser) -> None:
    draft = drafted(esha)
    save(esha, draft, PENSION, hi="बुढ़ापे का पैसा", en="money for old age")
    assert publish(asha, changed(asha, name="Holi"))[0] == 303
    assert "These were changed in both" not in esha.get(f"{draft}/publish").text
    assert esha.post(f"{draft}/move-on", on=f"{draft}/publish").status_code == 303
    assert "<li>बुढ़ापे का पैसा</li>" in esha.get(f"{draft}?only=changed").text
    assert save(esha, draft, PENSION, back="hi").status_code == 303
    assert "<li>बुढ़ापे का पैसा</li>" not in esha.get(f"{draft}?of=phrases").text
