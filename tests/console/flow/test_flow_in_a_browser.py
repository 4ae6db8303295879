"""The flow in a real browser: a call moves through the drawing; by keyboard, on a telephone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from booking.accounts.roles import EDITOR
from booking.zone import ZONE
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from models.store import Store
from tests.booking.test_questions import bot, heard, talked
from tests.console.accounts.house import account
from tests.console.axe import sound
from tests.console.desk.house import enter
from tests.console.flow.house import HOME
from tests.ivr.whole import settings


def busy(store: Store, running: Running) -> None:
    """Some calls of this hour."""
    now = running.application.clock.now().astimezone(ZONE)
    for n in range(12):
        lines = [heard("language"), *([heard("help", False)] if n % 3 else []), heard("help"), heard("city")]
        ending = [bot("bridge")] if n % 4 == 0 else [heard("day"), bot("bye")]
        talked(store, *lines, *ending, at=now, outcome="handoff" if n % 4 == 0 else "goodbye")


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Running]:
    patient = settings(monkeypatch, tmp_path / "var", MITAN_DIALOG__SILENCE_S="60")
    with Running(build(patient), mount) as running:
        store = running.application.helpline.store
        account(store, "esha", EDITOR, name="ईशा")
        busy(store, running)
        yield running


def chosen(page: Page, id: str) -> None:
    expect(page.locator("#node")).to_have_attribute("data-chosen", id)
    expect(page.locator(f'[data-node="{id}"]')).to_have_attribute("aria-current", "true")


def test_the_drawing_follows_a_call_from_question_to_question(screen: tuple[Page, str], town: Running) -> None:
    page, language = screen
    enter(page, town.url, "esha", HOME, language)
    expect(page.locator("#flow")).to_have_attribute("data-ready", "true")
    sound(page, "page")
    page.locator(".phone summary").click()
    phone = page.frame_locator(".phone iframe")
    phone.locator("#use-microphone").uncheck()
    phone.locator("#dial").click()
    now = page.locator(".box.now")
    expect(now).to_have_attribute("data-node", "language")
    phone.locator('[data-key="2"]').click()
    expect(now).to_have_attribute("data-node", "help")
    expect(now).to_be_in_viewport()
    expect(page.locator('[data-node="language"]')).to_have_class("box kind-ask was")
    name = page.locator('[data-node="help"]').get_attribute("data-name") or ""
    expect(page.locator("#call-at")).to_contain_text(name)
    phone.locator('[data-key="1"]').click()
    expect(now).to_have_attribute("data-node", "service")  # in a file that was shut
    expect(page.locator("#file-booking")).to_have_attribute("open", "")
    expect(now).to_be_in_viewport()
    sound(page, "call")
    phone.locator("#hang-up").click()
    expect(page.locator("#call-at")).to_contain_text("कॉल पूरी हुई" if language == "hi" else "The call is over")


def test_a_node_is_chosen_by_keyboard_and_shows_all_about_it(screen: tuple[Page, str], town: Running) -> None:
    page, language = screen
    enter(page, town.url, "esha", HOME, language)
    expect(page.locator("#flow")).to_have_attribute("data-ready", "true")
    page.locator('[data-node="help"]').focus()
    page.keyboard.press("Enter")
    chosen(page, "help")
    expect(page.locator('[data-node="help"] [data-visits]')).to_have_text("12")
    page.locator("#node").scroll_into_view_if_needed()
    sound(page, "node", whole=True)
    page.locator("#node a[href*='/node/city']").first.click()
    chosen(page, "city")
    expect(page.locator('[data-node="city"]')).to_be_in_viewport()
    page.locator("[data-zoom='0.8']").click()
    page.locator("[data-zoom='0.8']").click()
    sound(page, "small")
    page.goto(f"{town.url}{HOME}/table?of=days&since=2026-01-02&until=2026-01-01")
    expect(page.locator("#wrong")).to_be_visible()
    sound(page, "table")
