"""The pages of prompts in a real browser: chips, what is typed, on a telephone, in both languages, by axe-core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.store import Store
from tests.console.accounts.house import ASHA, Clock
from tests.console.axe import no_violations, sound
from tests.console.desk.house import enter, listening
from tests.console.prompts.house import HOME, furnished

WELCOME = '[data-key="welcome.both"]'


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    with listening(furnished(sqlite_store, Clock())) as url:
        yield url


def begun(page: Page, url: str, language: str = "en") -> None:
    """A draft, and its page."""
    enter(page, url, ASHA, HOME, language)
    named(page)


def named(page: Page) -> None:
    page.locator("#name").fill("दिवाली")
    page.locator("#name").press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    page.wait_for_load_state()  # its scripts, too: what is typed before is not searched for


def opened(page: Page, key: str = WELCOME) -> None:
    page.locator(f"{key} .act").click()
    expect(page.locator(f"{key} form.edit")).to_be_visible()


def test_no_page_breaks_wcag(screen: tuple[Page, str], url: str) -> None:
    page, language = screen
    enter(page, url, ASHA, HOME, language)
    sound(page, "edition")
    page.locator("#name").press("Enter")
    expect(page.locator("#name-wrong")).to_be_visible()
    sound(page, "name-refused")
    named(page)
    sound(page, "draft")
    opened(page)
    sound(page, "form")
    page.locator(f"{WELCOME} .typed").first.fill("नमस्ते")
    page.locator(f"{WELCOME} button[type=submit]").last.click()
    expect(page.locator("#wrong-hi")).to_be_visible()
    sound(page, "refused")
    page.locator(f"{WELCOME} .typed").first.fill("जय जोहार! {brand} {helpline:digits}")
    page.locator(f"{WELCOME} button[type=submit]").last.click()
    expect(page.locator(f"{WELCOME} .tag[role=status]")).to_be_visible()
    page.goto(f"{url}{HOME}/1?of=phrases")
    sound(page, "phrases")
    page.goto(f"{url}{HOME}/1/publish")
    sound(page, "publish-unrehearsed")
    page.locator("#rehearsal button").click()
    expect(page.locator("#note")).to_be_visible()
    sound(page, "publish")
    page.locator("main form button").last.click()
    expect(page.locator("#note-wrong")).to_be_visible()
    sound(page, "publish-refused")
    page.locator("#note").fill("छत्तीसगढ़ी में नमस्ते")
    page.locator("main form button").last.click()
    expect(page.get_by_role("status")).to_be_visible()
    sound(page, "history")


def test_a_chip_is_deleted_as_one_piece_and_put_in_again(page: Page, url: str) -> None:
    begun(page, url)
    opened(page)
    box, field = page.locator(f"{WELCOME} .row[lang=en] .typed"), page.locator(f"{WELCOME} textarea[name=en]")
    expect(box.locator(".chip")).to_have_count(2)
    box.locator(".chip").last.click()
    box.press("End")
    box.press("Control+a")
    page.keyboard.insert_text("Hello ")
    expect(box.locator(".chip")).to_have_count(0)
    page.locator(f'{WELCOME} .row[lang=en] [data-chip="{{brand}}"]').click()
    expect(box.locator(".chip")).to_have_count(1)
    assert field.input_value().strip() == "Hello {brand}"
    page.keyboard.press("Backspace")  # the space
    page.keyboard.press("Backspace")
    expect(box.locator(".chip")).to_have_count(0)
    assert field.input_value().strip() == "Hello"


def test_what_was_refused_stays_typed_and_is_saved_once_it_is_right(page: Page, url: str) -> None:
    begun(page, url)
    opened(page, '[data-key="help.ask"]')
    card = page.locator('[data-key="help.ask"]')
    card.locator("textarea[name=en]").fill("")
    card.locator("textarea[name=hi]").fill("बोलिए।")
    card.get_by_role("button", name="Save").click()
    expect(page.locator("#wrong-en")).to_have_text("Something must stand here, or the caller hears silence.")
    expect(card.locator("textarea[name=hi]")).to_have_value("बोलिए।")
    card.locator("textarea[name=en]").fill("Yes, please?")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("status")).to_have_text("Saved")
    expect(card).to_contain_text("Yes, please?")
    expect(card).to_contain_text("बोलिए।")


def test_the_search_answers_while_typing(page: Page, url: str) -> None:
    begun(page, url)
    page.locator("#q").press_sequentially("आपकी क्या मदद")
    expect(page.locator(".prompt")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()


def test_what_is_typed_is_heard_at_once(page: Page, url: str) -> None:
    begun(page, url)
    opened(page, '[data-key="help.ask"]')
    row = page.locator('[data-key="help.ask"] .row[lang=en]')
    row.locator("textarea").fill("Yes, please? " * 20)
    row.get_by_role("button", name="Listen").click()
    lasts = "a => new Promise(done => a.duration ? done(a.duration) : (a.ondurationchange = () => done(a.duration)))"
    assert row.locator("audio").evaluate(lasts) > 0
    no_violations(page, "listening")
    row.locator("textarea").fill("{")
    row.get_by_role("button", name="Listen").click()
    expect(row.get_by_text("This cannot be heard as it stands.")).to_be_visible()
