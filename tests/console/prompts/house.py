"""The pages of prompts over a store, without calls."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import cache

from flask import Flask
from werkzeug.test import TestResponse

from booking.accounts.roles import EDITOR, PUBLISHER
from console.prompts import deps, routes
from console.prompts.deps import PromptDeps
from dialogs.catalogue import Area, Catalogue, City, Service
from dialogs.flow import load
from ivr.helpline import PROMPTS
from ivr.names import CatalogueNames
from ivr.speech.errors import SpeechUnavailable
from ivr.trials import keeping
from ivr.trials.rehearsal import Faults
from models.store import Store
from prompts import folder
from prompts.render import Prompts
from prompts.sentence import Sentence
from tests.console.accounts.house import Browser, Clock, account, application, founded

ESHA, PREM = "esha", "prem"
GOOD = Faults((), ())  # what came of conversations that are not played here
HOME = "/admin/prompts"


@cache
def own() -> PromptDeps:
    catalogue = Catalogue(
        tuple(Service(f"s{n}", "जन्म", "birth", 0, 3, (), None, None, True) for n in range(2)),
        tuple(City(f"c{n}", "रायपुर", "Raipur", "Raipur", (), (Area("a", "x", "x", ()),)) for n in range(2)),
    )
    return PromptDeps(folder.texts(PROMPTS), load(), Prompts.load(PROMPTS), CatalogueNames(catalogue), spoken)


def spoken(sentence: Sentence) -> bytes:
    """A voice that hums a sample for each letter, and cannot say "unspeakable"."""
    if "unspeakable" in sentence.text:
        raise SpeechUnavailable("no voice")
    return b"\x55" * len(sentence.text)


def furnished(store: Store, clock: Clock) -> Flask:
    founded(store)
    account(store, ESHA, EDITOR, name="ईशा")
    account(store, PREM, PUBLISHER, name="प्रेम")
    flask = application(store, clock)
    deps.install(flask, replace(own(), rehearse=lambda trial: keeping.ended(store, clock.now(), trial, GOOD)))
    flask.register_blueprint(routes.blueprint())
    return flask


def drafted(browser: Browser, name: str = "Diwali") -> str:
    """The address of a new draft."""
    made = browser.post(HOME, name=name)
    assert made.status_code == 303, made.text
    return made.headers["Location"]


def form(browser: Browser, at: str) -> dict[str, str]:
    """The fields of a prompt's form as they stand on the page."""
    text = browser.get(at).text
    found = dict(re.findall(r'<input type="hidden" name="((?:was|seen)_\w+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', text))
    return {name: html.unescape(value) for name, value in found.items()}


def save(browser: Browser, draft: str, key: str, **typed: str) -> TestResponse:
    """Change a prompt by its form."""
    at = f"{draft}/{key}/edit"
    return browser.post(at, **{**form(browser, at), **typed})
