"""The pages of prompts over a store, without calls."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from console.prompts import deps, ears, routes
from console.prompts.deps import PromptDeps
from console.prompts.ears import Ears
from dialogs.catalogue import Area
from dialogs.catalogue_file import load_catalogue
from dialogs.flow import Limits, load
from dialogs.understand import Hearing
from ivr.actions import Listen
from ivr.helpline import PROMPTS
from ivr.names import CatalogueNames
from ivr.speech.errors import SpeechUnavailable
from ivr.trials import keeping
from ivr.trials.rehearsal import Faults
from models.store import Store
from prompts import folder
from prompts.render import Prompts
from prompts.sentence import Sentence
from tests.console.accounts.house import Browser, Clock, application, everybody

SEED = Path(__file__).parents[3] / "models/seed"
GOOD = Faults((), ())  # what came of conversations that are not played here
HOME = "/admin/prompts"


@cache
def own() -> PromptDeps:
    seeded = load_catalogue(SEED / "services.yaml", SEED / "cities.yaml")
    parted = tuple(replace(city, areas=(Area("a", "x", "x", ()),)) for city in seeded.cities)
    catalogue = replace(seeded, cities=parted)
    return PromptDeps(folder.texts(PROMPTS), load(), Prompts.load(PROMPTS), CatalogueNames(catalogue), spoken, -20.0)


def spoken(sentence: Sentence) -> bytes:
    """A voice that hums a sample for each letter, and cannot say "unspeakable"."""
    if "unspeakable" in sentence.text:
        raise SpeechUnavailable("no voice")
    return b"\x55" * len(sentence.text)


def overheard(listen: Listen, audio: bytes) -> tuple[Hearing, ...]:
    """A recogniser of Hindi that hears the first phrase of the grammar in a loud second, unsure of a short one, and
    nothing in silence."""
    loud = sum(byte & 0x7F != 0x7F for byte in audio)
    text = dict(listen.grammar)["hi"][0]
    return (Hearing(text, 0.9 if loud > 4000 else 0.5, "hi"),) if loud > 100 else ()


def rehearsed(store: Store, now: Callable[[], datetime]) -> Callable[[int], None]:
    """Conversations that end well at once, without being played."""
    return lambda trial: keeping.ended(store, now(), trial, GOOD)


def furnished(store: Store, clock: Clock) -> Flask:
    everybody(store)
    flask = application(store, clock)
    deps.install(flask, replace(own(), rehearse=rehearsed(store, clock.now)))
    ears.install(flask, Ears(Limits(), lambda: ("hi",), overheard))
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
