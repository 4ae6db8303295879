"""A notice is changed in a real browser, on a desk and on a telephone, in both languages."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from models.store import Store
from tests.console.accounts.house import PREM, Clock
from tests.console.axe import sound
from tests.console.desk.house import enter, listening
from tests.console.notices.house import HOME, furnished


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
