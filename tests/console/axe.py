"""Whether a page can be used by everybody, as far as axe-core finds out."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHOTS = os.environ.get("SHOTS", "")  # a folder for pictures of the pages, for whoever wants to look
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def no_violations(page: Page, name: str = "") -> None:
    """No violation of WCAG 2.1 A and AA, nothing to scroll sideways, and the page has a name."""
    about = name or page.url
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, f"{about}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{about} is wider than the screen"
    assert page.title().strip(), f"{about} has no name"


def sound(page: Page, name: str, whole: bool = True) -> None:
    """The same, and a picture of the page (`whole`: also of what is to be scrolled to) where somebody wants to look."""
    size = page.viewport_size
    if SHOTS and size:
        page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=whole)
    no_violations(page, name)
