"""Browsers, pages, the fake exchange, and the people of a folder's `house`, signed in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.console.accounts.house import ASHA, ESHA, PREM, RAVI, entered
from tests.console.accounts.house import Browser as Client
from tests.console.calling import WAIT_MS
from tests.console.chromium import QUIET, started, watched
from tests.console.fake_exchange import Exchange, serving


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as p:
        yield p


@pytest.fixture
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Start a Chromium of the test's own with further arguments, such as `hearing(wav)`."""
    with contextlib.ExitStack() as stack:

        def start(*args: str) -> Browser:
            browser = started(playwright, [*QUIET, *args])
            stack.callback(browser.close)
            return browser

        yield start


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser without a microphone for all tests; each has its own context."""
    browser = started(playwright, list(QUIET))
    yield browser
    browser.close()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with serving(Exchange()) as running:
        yield running


@pytest.fixture(autouse=True)
def _waiting() -> None:
    expect.set_options(timeout=WAIT_MS)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser without a microphone; an error in its script fails the test."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield from watched(context.new_page())


@pytest.fixture(params=[(1280, 800, "light", "en"), (390, 844, "dark", "hi")], ids=["desk", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    """A page on a screen and on a telephone, light and dark, and the language to be used there."""
    width, height, scheme, language = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        for page in watched(context.new_page()):
            yield page, language


@pytest.fixture
def phone(page: Page, exchange: Exchange) -> Page:
    """The phone's English page, ready to call."""
    page.goto(f"{exchange.url}/phone?lang=en")
    expect(page.locator("html[data-ready]")).to_have_count(1)
    return page


@pytest.fixture
def asha(house: Flask) -> Client:
    """The administrator."""
    return entered(house, ASHA)


@pytest.fixture
def ravi(house: Flask) -> Client:
    """The agent."""
    return entered(house, RAVI)


@pytest.fixture
def esha(house: Flask) -> Client:
    """The editor."""
    return entered(house, ESHA)


@pytest.fixture
def prem(house: Flask) -> Client:
    """The publisher."""
    return entered(house, PREM)
