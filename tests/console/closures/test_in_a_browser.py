"""The calendar in a real browser: on a screen and a telephone, in both languages, by axe-core and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.store import Store
from tests.console.accounts.house import ASHA, Clock
from tests.console.axe import sound
from tests.console.closures.house import AGENTS, HOME, HOURS, THURSDAY, booked, furnished
from tests.console.desk.house import enter, listening


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    flask = furnished(sqlite_store, Clock())
    booked(sqlite_store)
    with listening(flask) as url:
        yield url


def test_a_day_is_closed_and_its_bookings_are_moved_on_every_screen(screen: tuple[Page, str], url: str) -> None:
    page, language = screen
    enter(page, url, ASHA, f"{HOME}?month=2026-11", language)
    sound(page, "month")
    page.locator(f'a.date[href*="{THURSDAY}"]').press("Enter")
    expect(page.locator("#day")).to_have_value(THURSDAY)
    page.locator("#city").select_option("raipur")
    page.locator("#reason").fill(" ")
    page.locator("#close button[type=submit]").press("Enter")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator("#city")).to_have_value("raipur")
    sound(page, "refused")
    page.locator("#reason").fill("चुनाव")
    page.locator("#reason").press("Enter")
    expect(page.locator("input[name=then]").first).to_be_checked()
    sound(page, "touched")
    page.locator("main form button[type=submit]").press("Enter")
    expect(page.get_by_role("status")).to_be_in_viewport()
    sound(page, "moved")
    page.goto(f"{url}{HOURS}")
    page.locator("#first_slot_h").fill("10")
    page.locator("#last_end_h").fill("14")
    page.locator("#last_end_h").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    sound(page, "hours")
    page.goto(f"{url}{AGENTS}")
    page.get_by_role("checkbox").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("status")).to_be_visible()
    sound(page, "agents")
