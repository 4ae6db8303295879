"""The pages of tables over a small town, without calls."""

from __future__ import annotations

import html
import re
from io import BytesIO

from flask import Flask
from werkzeug.test import TestResponse

from booking.rules import VisitRules
from booking.wording import notices
from console.tables import deps, routes
from console.tables.deps import TableDeps
from models.store import Store
from tests.booking.town import found_town
from tests.console.accounts.house import Browser, Clock, application, everybody

HOME = "/admin/tables"


def furnished(store: Store, clock: Clock) -> Flask:
    everybody(store)
    found_town(store)
    flask = application(store, clock)
    deps.install(flask, TableDeps(VisitRules(ahead_days=2), notices()))
    flask.register_blueprint(routes.blueprint())
    return flask


def form(text: str) -> dict[str, list[str]]:
    """The fields of a page's form of a row, as a browser would send them."""
    part = text[text.index('class="fields"') :].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]+>", part):
        kind, name, value = (_attribute(tag, word) for word in ("type", "name", "value"))
        if kind != "checkbox" or " checked" in tag:
            found.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', part):
        found[name] = [html.unescape(value)]
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = [html.unescape(chosen[1])] if chosen else []
    found.pop("csrf_token", None)
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def save(browser: Browser, at: str, **typed: object) -> TestResponse:
    """Change or add a row by its form."""
    return browser.post(at, **{**form(browser.get(at).text), **typed})


def send(browser: Browser, table: str, data: bytes, name: str = "table.csv") -> TestResponse:
    """Send a file to be checked."""
    return browser.post(f"{HOME}/{table}/import", file=(BytesIO(data), name))


def take_over(browser: Browser, table: str, checked: TestResponse) -> TestResponse:
    """Say yes to what was checked."""
    hidden = {name: html.unescape(value) for name, value in
              re.findall(r'name="(sheet|seen)" value="([^"]*)"', checked.text)}  # fmt: skip
    return browser.post(f"{HOME}/{table}/take-over", on=f"{HOME}/{table}/import", **hidden)
