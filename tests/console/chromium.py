"""A headless Chromium, with a WAV as its microphone where a test wants one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

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


def hearing(wav: Path) -> list[str]:
    """Chromium's arguments for the WAV as its microphone, allowed without asking."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}%noloop",
    ]


def started(playwright: Playwright, args: list[str]) -> Browser:
    if CHROMIUM:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    try:
        return playwright.chromium.launch(args=args)
    except Exception:
        pytest.skip("no Chromium: install the package chromium, or run `playwright install chromium`")


def watched(page: Page) -> Iterator[Page]:
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    assert not errors, errors
