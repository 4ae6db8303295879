"""Who may try a draft by telephone, which one, and at the test number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, url_for

from booking.accounts.roles import EDITOR
from booking.audit import Wanted, entries
from console.phone import routes as phone
from console.phone.routes import DraftPhone, PhoneDeps
from console.prompts import deps, routes
from models.store import Store
from models.trials import Trial
from prompts import drafts
from prompts.contents import Spot, contents
from tests.console.accounts.house import ASHA, ESHA, Browser, Clock, account, application, entered, founded
from tests.console.prompts.house import HOME, drafted, own, save

NUMBER = "+917710099999"


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    founded(store)
    account(store, ESHA, EDITOR)
    flask = application(store, clock)
    deps.install(flask, replace(own(), proof="proof-{}".format, test_number=NUMBER))
    flask.register_blueprint(routes.blueprint())

    def open_ones() -> list[DraftPhone]:
        with store.read() as session:
            rows = drafts.open_ones(session)
        return [DraftPhone(r.id, r.name, "/draft", url_for("prompts.proof", id=r.id)) for r in rows]

    brand = {"hi": "मितान", "en": "Mitan"}
    flask.register_blueprint(phone.blueprint(PhoneDeps(lambda call: None, "14545", brand, drafts=open_ones)))
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


def test_who_may_see_no_drafts_is_asked_to_sign_in() -> None:
    flask = Flask("fake", static_folder=None)
    flask.register_blueprint(phone.blueprint(PhoneDeps(lambda call: None, "14545", {"hi": "m", "en": "m"})))
    page = flask.test_client().get("/phone?version=draft-1&lang=en").text
    assert "Sign in first" in page
    assert "phone.js" not in page


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
