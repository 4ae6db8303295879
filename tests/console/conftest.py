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
    """Start a Chromium; `microphone` is the WAV it hears (None: a browser that refuses the microphone)."""
    with contextlib.ExitStack() as stack:

        def start(microphone: Path | None = None) -> Browser:
            args = [*QUIET]
            if microphone:
                args += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
                args += [f"--use-file-for-fake-audio-capture={microphone}%noloop"]
            browser = _started(playwright, args)
            stack.callback(browser.close)
            return browser

        yield start


def _started(playwright: Playwright, args: list[str]) -> Browser:
    if CHROMIUM:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    try:
        return playwright.chromium.launch(args=args)
    except Exception:
        pytest.skip("no Chromium: install the package chromium, or run `playwright install chromium`")


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with serving(Exchange()) as running:
        yield running


@pytest.fixture
def page(launch: Callable[..., Browser]) -> Iterator[Page]:
    """A page in a browser without a microphone; an error in its script fails the test."""
    page = launch().new_page(viewport={"width": 1280, "height": 800})
    yield from watched(page)


def watched(page: Page) -> Iterator[Page]:
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    assert not errors, errors
