"""A headless Chromium with a WAV as its microphone, and the fake exchange."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from fake_exchange import Exchange, serving
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as p:
        yield p


@pytest.fixture
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Start a Chromium of the test's own with further arguments, such as `hearing(wav)`."""
    with contextlib.ExitStack() as stack:

        def start(*args: str) -> Browser:
            browser = _started(playwright, [*QUIET, *args])
            stack.callback(browser.close)
            return browser

        yield start


def hearing(wav: Path) -> list[str]:
    """Chromium's arguments for the WAV as its microphone, allowed without asking."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}%noloop",
    ]


def _started(playwright: Playwright, args: list[str]) -> Browser:
    if CHROMIUM:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    try:
        return playwright.chromium.launch(args=args)
    except Exception:
        pytest.skip("no Chromium: install the package chromium, or run `playwright install chromium`")


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser without a microphone for all tests; each has its own context."""
    browser = _started(playwright, list(QUIET))
    yield browser
    browser.close()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with serving(Exchange()) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser without a microphone; an error in its script fails the test."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield from watched(context.new_page())


def watched(page: Page) -> Iterator[Page]:
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    assert not errors, errors
