"""The account pages in a real browser: by keyboard alone, on a telephone, in both languages, checked with axe-core."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, WORD, Clock, application, founded
from tests.console.accounts.test_own_account import id_of
from tests.console.axe import no_violations
from tests.console.chromium import watched

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    founded(sqlite_store)
    server = make_server("127.0.0.1", 0, application(sqlite_store, Clock()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desk", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height, scheme = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        yield from watched(context.new_page())


def sign_in(page: Page, url: str, login: str, language: str = "en") -> None:
    page.goto(f"{url}/sign-in?lang={language}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORD)
    page.locator("#password").press("Enter")
    expect(page.locator(".me")).to_be_visible()


def sound(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    no_violations(page, name)


@pytest.mark.parametrize("language", ["hi", "en"])
def test_no_page_breaks_wcag_in_either_language(screen: Page, url: str, language: str, sqlite_store: Store) -> None:
    size = screen.viewport_size
    mark = f"{language}-{size['width'] if size else 0}"
    screen.goto(f"{url}/sign-in?lang={language}")
    sound(screen, f"sign-in-{mark}")
    screen.locator("#login").fill(ASHA)
    screen.locator("#password").fill("wrong")
    screen.locator("#password").press("Enter")
    expect(screen.get_by_role("alert")).to_be_visible()
    sound(screen, f"wrong-{mark}")
    sign_in(screen, url, ASHA, language)
    ravi = id_of(sqlite_store, RAVI)
    for name, path in (
        ("people", "/accounts"), ("new", "/accounts/new"), ("person", f"/accounts/{ravi}"), ("audit", "/audit"),
        ("own", "/account"), ("password", "/account/password"), ("second", "/account/second-step"),
        ("useless", "/new-password/x"),
    ):  # fmt: skip
        screen.goto(f"{url}{path}")
        assert screen.locator("html").get_attribute("lang") == language
        sound(screen, f"{name}-{mark}")
    screen.goto(f"{url}/accounts/new")
    screen.locator("#name").fill("गीता")
    screen.locator("#login").fill("gita")
    screen.locator("main form button").click()
    sound(screen, f"refused-{mark}")
    screen.locator("input[name=roles]").first.check()
    screen.locator("main form button").click()
    expect(screen.locator("#link")).to_have_value(re.compile("/new-password/"))
    sound(screen, f"link-{mark}")


def test_everything_is_done_by_keyboard_alone(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type(ASHA)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(WORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Accounts")
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if focused.inner_text() == "New account":
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Make a new account")


def test_a_problem_leads_to_its_field(page: Page, url: str) -> None:
    sign_in(page, url, RAVI)
    page.goto(f"{url}/account/password")
    page.locator("#old").fill(WORD)
    page.locator("#new").fill("short")
    page.locator("#again").fill("short")
    page.locator("#again").press("Enter")
    assert page.title().startswith("Problem · ")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#new")).to_be_focused()
    expect(page.locator("#new")).to_have_attribute("aria-invalid", "true")


def test_the_language_changes_in_place_and_stays(page: Page, url: str) -> None:
    sign_in(page, url, ASHA)
    page.goto(f"{url}/audit?who=ravi")
    page.get_by_role("link", name="हिन्दी").click()
    expect(page.locator("#who")).to_have_value("ravi")
    page.goto(f"{url}/accounts")
    expect(page.locator("h1")).to_have_text("खाते")
