"""The pages of prompts over a store, without calls."""

from __future__ import annotations

import html
import re
from functools import cache

from flask import Flask
from werkzeug.test import TestResponse

from booking.accounts.roles import EDITOR, PUBLISHER
from console.prompts import deps, routes
from console.prompts.deps import PromptDeps
from dialogs.flow import load
from ivr.helpline import PROMPTS
from models.store import Store
from prompts import folder
from tests.console.accounts.house import Browser, Clock, account, application, founded

ESHA, PREM = "esha", "prem"
HOME = "/admin/prompts"


@cache
def own() -> PromptDeps:
    return PromptDeps(folder.texts(PROMPTS), load())


def furnished(store: Store, clock: Clock) -> Flask:
    founded(store)
    account(store, ESHA, EDITOR, name="ईशा")
    account(store, PREM, PUBLISHER, name="प्रेम")
    flask = application(store, clock)
    deps.install(flask, own())
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
