"""Whether a page can be used by everybody, as far as axe-core finds out."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def no_violations(page: Page, name: str = "") -> None:
    """No violation of WCAG 2.1 A and AA, nothing to scroll sideways, and the page has a name."""
    about = name or page.url
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, f"{about}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{about} is wider than the screen"
    assert page.title().strip(), f"{about} has no name"
