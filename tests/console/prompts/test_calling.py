"""Who may try a draft by telephone, which one, and at the test number."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from booking.accounts.roles import EDITOR
from booking.audit import Wanted, entries
from console.phone import routes as phone
from console.phone import signed_in
from console.phone.routes import PhoneDeps
from console.prompts import deps, routes
from models.accounts import Account
from models.store import Store
from models.trials import Trial
from prompts.contents import Spot, contents
from tests.console.accounts.house import ASHA, ESHA, WORD, Browser, Clock, account, application, entered, founded
from tests.console.prompts.house import HOME, drafted, own, save

NUMBER = "+917710099999"


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    founded(store)
    account(store, ESHA, EDITOR)
    flask = application(store, clock)
    deps.install(flask, replace(own(), proof="proof-{}".format, test_number=NUMBER))
    flask.register_blueprint(routes.blueprint())
    brand = {"hi": "मितान", "en": "Mitan"}
    ours = PhoneDeps(lambda call: None, "14545", brand, drafts=signed_in.draft_phones, way_in=signed_in.way_in)
    flask.register_blueprint(phone.blueprint(ours))
    return flask


def test_a_proof_is_for_the_draft_as_it_stands(esha: Browser, store: Store) -> None:
    draft = drafted(esha)
    save(esha, draft, "prompt/help.ask", en="What is it?")
    proof = esha.get(f"{draft}/proof").get_json()["token"]
    assert esha.get(f"{draft}/proof").get_json()["token"] == proof
    with store.read() as session:
        (trial,) = session.query(Trial).all()
    assert proof == f"proof-{trial.id}"
    assert contents(trial.files)[Spot("prompt", "en", "help.ask")] == ("What is it?",)
    save(esha, draft, "prompt/help.ask", en="Yes?")
    assert esha.get(f"{draft}/proof").get_json()["token"] != proof


def test_no_proof_is_given_to_outsiders_nor_for_drafts_that_are_over(house: Flask, esha: Browser) -> None:
    draft = drafted(esha)
    assert Browser(house).get(f"{draft}/proof").status_code in (302, 303, 401)
    assert entered(house, "ravi").get(f"{draft}/proof").status_code == 403
    assert esha.get(f"{HOME}/999/proof").status_code == 404


def test_the_phone_offers_the_drafts_and_takes_the_only_one(esha: Browser) -> None:
    first = drafted(esha, "Diwali")
    id = first.rpartition("/")[2]
    assert f'"proof": "{first}/proof"' in esha.get("/phone?version=draft&lang=en").text
    drafted(esha, "Holi")
    page = esha.get("/phone?version=draft&lang=en").text
    assert "Which draft" in page
    assert "phone.js" not in page
    assert f"version=draft-{id}&amp;lang=en" in page
    chosen = esha.get(f"/phone?version=draft-{id}&lang=en").text
    assert "nothing is booked" in chosen
    assert f'"proof": "{first}/proof"' in chosen
    assert "phone.js" not in esha.get("/phone?version=draft-999").text
    assert "draft-" not in esha.get("/phone").text


def links(page: str) -> list[str]:
    """Where the page leads, besides to its own other language."""
    return [unescape(at) for at in re.findall(r'<a href="([^"]+)"', page) if not at.startswith("?")]


def test_an_outsider_signs_in_and_comes_back_to_the_drafts(house: Flask, esha: Browser) -> None:
    drafted(esha, "Diwali")
    outsider = Browser(house)
    page = outsider.get("/phone?version=draft-1&lang=en").text
    assert "phone.js" not in page
    assert "Diwali" not in page
    (at,) = links(page)
    answer = outsider.post(at, login=ESHA, password=WORD, next=parse_qs(urlsplit(at).query)["next"][0])
    assert "nothing is booked" in outsider.get(answer.headers["Location"]).text


def test_who_may_see_no_drafts_is_told_so_and_not_led_in_a_circle(house: Flask) -> None:
    page = entered(house, "ravi").get("/phone?version=draft&lang=en").text
    assert "Your account may not do this" in page
    assert links(page) == []


def test_who_must_first_choose_a_password_is_led_to_it(house: Flask, store: Store) -> None:
    with store.begin() as session:
        session.query(Account).filter_by(login=ESHA).one().must_change = True
    assert links(entered(house, ESHA).get("/phone?version=draft&lang=en").text) == ["/account/password?lang=en"]


def test_where_no_draft_is_open_the_phone_leads_to_where_one_begins(esha: Browser) -> None:
    (at,) = links(esha.get("/phone?version=draft&lang=en").text)
    assert at == f"{HOME}?lang=en"
    assert "Begin the draft" in esha.get(at).text


def test_whoever_may_not_have_an_agents_telephone_is_led_on_too(house: Flask, esha: Browser) -> None:
    (at,) = links(Browser(house).get("/phone?agent&lang=en").text)
    assert at == "/sign-in?lang=en&next=/phone?agent%3D%26lang%3Den"
    assert "Your account may not do this" in esha.get("/phone?agent&lang=en").text


def test_a_draft_is_put_on_the_test_number_and_that_is_noted(house: Flask, asha: Browser, store: Store) -> None:
    first, second = drafted(asha, "Diwali"), drafted(asha, "Holi")
    assert NUMBER in asha.get(second).text
    assert f"The test number {NUMBER} says this draft" in asha.get(second).text
    assert f"Let {NUMBER} say this one" in asha.get(first).text
    assert asha.post(f"{first}/on-number", on=first).status_code == 303
    assert f"The test number {NUMBER} says this draft" in asha.get(first).text
    with store.read() as session:
        entry = entries(session, Wanted(what="draft.on_number"), None, 5)[0]
    assert (entry.who, entry.subject) == (ASHA, f"draft:{first.rpartition('/')[2]}")
    assert asha.post(f"{HOME}/999/on-number", on=first).status_code == 404
