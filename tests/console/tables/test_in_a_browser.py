"""The pages of tables in a real browser: on a desk and a telephone, in both languages, by axe-core and by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from booking.rules import VisitRules
from booking.seed import seed
from models.store import Store
from tests.booking.tables.sheet import excel
from tests.booking.team import executive, hires
from tests.console.accounts.house import ASHA, Clock
from tests.console.axe import sound
from tests.console.desk.house import enter, listening
from tests.console.tables.house import HOME, furnished

ROWS = (["id", "hi", "en", "district", "also"], ["durg", "दुर्ग", "Durg City", "durg", ""],
        ["korba", "कोरबा", "Korba", "korba", "कोरवा"])  # fmt: skip


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    flask = furnished(sqlite_store, Clock())
    with sqlite_store.begin() as session:
        seed(session, Clock().now(), VisitRules(ahead_days=2))
    hires(sqlite_store, executive("RPR/17"))
    with listening(flask) as url:
        yield url


def test_tables_are_searched_changed_by_keyboard_and_filled_from_excel(screen: tuple[Page, str], url: str) -> None:
    page, language = screen
    enter(page, url, ASHA, HOME, language)
    sound(page, "tables")
    page.locator(f'.tables a[href="{HOME}/services"]').click()
    sound(page, "services")
    page.locator("#q").fill("जन्म birth_correction")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("#list th a").first.press("Enter")
    sound(page, "service")
    page.locator("#fee").fill("बीस")
    page.locator("#fee").press("Enter")
    expect(page.locator("#fee-wrong")).to_be_visible()
    expect(page.locator("#fee")).to_have_value("बीस")
    sound(page, "service-refused")
    page.locator("#fee").fill("20")
    page.locator("#fee").press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    sound(page, "service-saved")
    page.goto(f"{url}{HOME}/executives/row?key=RPR/17")
    page.locator(".throw summary").press("Enter")
    expect(page.locator(".throw .stop")).to_be_visible()
    sound(page, "executive")
    page.goto(f"{url}{HOME}/cities/import")
    sound(page, "import")
    sent(page, excel(*ROWS, ["Raigarh 2", "Raigarh", "Raigarh", "", "=1+1"]))
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page, "import-refused")
    sent(page, excel(*ROWS))
    expect(page.locator("ins").first).to_be_visible()
    sound(page, "import-checked")
    page.locator('form[action$="take-over"] button').press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    sound(page, "import-done")


def sent(page: Page, data: bytes) -> None:
    """Choose a file, and have it checked."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#file").set_input_files({"name": "cities.xlsx", "mimeType": kind, "buffer": data})
    page.locator('form[action$="import"] button').click()
