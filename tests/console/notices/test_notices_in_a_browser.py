"""A notice is changed in a real browser, on a desk and on a telephone, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.store import Store
from tests.console.accounts.house import Clock
from tests.console.axe import no_violations
from tests.console.chromium import watched
from tests.console.desk.house import enter, listening
from tests.console.notices.house import HOME, furnished
from tests.console.prompts.house import PREM

SHOTS = os.environ.get("SHOTS_OF_TESTS", "")  # a folder for pictures of the pages, for whoever wants to look


@pytest.fixture(params=[(1280, 800, "light", "en"), (390, 844, "dark", "hi")], ids=["desk", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    width, height, scheme, language = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        for page in watched(context.new_page()):
            yield page, language


def sound(page: Page, name: str) -> None:
    size = page.viewport_size
    if SHOTS and size:
        page.screenshot(path=Path(SHOTS) / f"notices-{name}-{size['width']}.png", full_page=name != "page")
    no_violations(page, name)


def test_a_notice_is_changed_with_chips_and_a_look_while_typing(screen: tuple[Page, str], sqlite_store: Store) -> None:
    page, language = screen
    with listening(furnished(sqlite_store, Clock())) as url:
        enter(page, url, PREM, HOME, language)
        sound(page, "page")
        page.locator("#delivered .act").click()
        box = page.locator(".row", has=page.locator("#text-en")).locator(".typed")
        expect(box.locator(".chip")).to_have_count(4)
        box.press("Control+a")
        page.keyboard.insert_text("Yours now: ")
        for name in ("name", "number"):
            page.locator(f'#text-en ~ .chips [data-chip="{{{name}}}"]').click()
        expect(page.locator("#looks .theirs").last).to_contain_text("Yours now: Mitan 12345678")
        expect(page.locator("#looks .wrong")).to_have_count(1)  # Hindi still says more
        page.locator("#wording button[type=submit]").click()
        expect(page.locator("#wrong-en")).to_be_visible()
        sound(page, "refused")
        hindi = page.locator(".row", has=page.locator("#text-hi")).locator(".typed")
        hindi.press("Control+a")
        page.keyboard.insert_text("अब आपका: ")
        for name in ("name", "number"):
            page.locator(f'#text-hi ~ .chips [data-chip="{{{name}}}"]').click()
        page.locator("#wording button[type=submit]").click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("#delivered")).to_contain_text("Yours now:")
        page.locator("#delivered .act").click()
        expect(page.locator(".notices .notice")).to_have_count(2)
        sound(page, "history")
