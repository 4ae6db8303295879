"""The scripts of others are those that were published, and htmx does its work under our content policy."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Response, request
from markupsafe import escape
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from booking.accounts.roles import AGENT
from console import showing
from console.words import SHARED
from ivr.gate import open_to
from models.store import Store
from tests.console.accounts.house import RAVI, WORD, Clock, application, founded
from tests.console.axe import no_violations

VENDOR = Path(__file__).parents[2] / "console/static/vendor"


def parts() -> Blueprint:
    """A page with a part that a form fetches; a number that is said becomes the status of the answer."""
    bp = Blueprint("parts", __name__, template_folder="templates")

    @bp.get("/parts")
    @open_to(AGENT)
    def page() -> Response:
        return showing.show("parts.html", SHARED)

    @bp.post("/parts")
    @open_to(AGENT)
    def part() -> Response:
        said = request.form["said"]
        if said == "503":
            return Response("the store is away\n", 503, mimetype="text/plain")
        return Response(f"<b>{escape(said)}</b>", int(said) if said.isdecimal() else 200)

    return bp


@pytest.fixture
def sheet(page: Page, sqlite_store: Store) -> Iterator[Page]:
    """The page of parts, and an agent before it."""
    founded(sqlite_store)
    flask = application(sqlite_store, Clock())
    flask.register_blueprint(parts())
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page.goto(f"http://127.0.0.1:{server.port}/sign-in?lang=en&next=/parts")
    page.locator("#login").fill(RAVI)
    page.locator("#password").fill(WORD)
    page.locator("#password").press("Enter")
    expect(page.locator("#part")).to_be_visible()
    yield page
    server.shutdown()
    thread.join()


def say(sheet: Page, said: str) -> None:
    sheet.locator("[name=said]").fill(said)
    sheet.get_by_role("button", name="Send").click()


def test_every_script_of_others_is_the_one_that_was_published_and_has_its_licence() -> None:
    rows = re.findall(
        r"\| `([^`]+\.js)` \|[^|]+\|[^|]*`([^`]+)` \|[^|]+\| (\w{64}) \|", (VENDOR / "README.md").read_text()
    )
    assert {name for name, _, _ in rows} == {path.name for path in VENDOR.glob("*.js")}
    for name, licence, fingerprint in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == fingerprint
        assert (VENDOR / licence).stat().st_size > 300


def test_a_part_is_fetched_with_the_pages_token_and_breaks_no_policy(sheet: Page) -> None:
    console: list[str] = []
    sheet.on("console", lambda message: console.append(message.text))
    sheet.reload()
    say(sheet, "hello")
    expect(sheet.locator("#part b")).to_have_text("hello")
    no_violations(sheet)
    assert console == []


def test_a_form_with_what_is_wrong_takes_the_forms_place(sheet: Page) -> None:
    for status in ("400", "409", "422"):
        say(sheet, status)
        expect(sheet.locator("#part b")).to_have_text(status)
        expect(sheet.locator("#request-problem")).to_be_hidden()


def test_what_went_wrong_is_said_and_nothing_typed_is_lost(sheet: Page) -> None:
    problem = sheet.get_by_role("alert")
    say(sheet, "503")
    expect(problem).to_contain_text("The store cannot be reached")
    no_violations(sheet)
    expect(sheet.locator("#part")).to_have_text("nothing yet")
    expect(sheet.locator("[name=said]")).to_have_value("503")
    say(sheet, "well")
    expect(sheet.locator("#request-problem")).to_be_hidden()
    sheet.context.set_offline(True)
    say(sheet, "lost")
    expect(problem).to_contain_text("did not answer")
    sheet.context.set_offline(False)
    sheet.context.clear_cookies()
    say(sheet, "who")
    expect(problem.get_by_role("link", name="Sign in")).to_be_visible()
    expect(sheet.locator("[name=said]")).to_have_value("who")
