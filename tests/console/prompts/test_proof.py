"""A changed greeting, from the page to the ear: heard, checked, published; a call begun before keeps the old words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import pages
from booking.accounts.roles import ADMINISTRATOR
from ivr.application import Running, serve_in_background
from ivr.clock import Clock
from ivr.settings import Settings
from ivr.trials import keeping
from ivr.trials.beside import Rehearsals
from ivr.trials.rehearsal import Faults
from tests.console.accounts.house import ASHA, START, account
from tests.console.axe import no_violations
from tests.console.desk.house import enter
from tests.console.prompts.house import HOME

SHOTS = os.environ.get("SHOTS", "")
OLD, NEW = "हेल्पलाइन", "जय जोहार"  # in the greeting
OLD_ASK, NEW_ASK = "मैं आपकी क्या मदद करूँ", "बोलिए, क्या काम है"
LASTS = "a => new Promise(done => a.duration ? done(a.duration) : (a.ondurationchange = () => done(a.duration)))"
HEARD_MS = 20_000  # a busy machine's voice is slow


def passes(beside: Rehearsals, trial: int) -> None:
    """Conversations that end well without being played: that takes seconds, and is tested elsewhere."""
    keeping.progress(beside._store, trial, 114, 114)
    keeping.ended(beside._store, beside._now(), trial, Faults((), ()))


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A whole server; it has no models, so that its calls go by keys."""
    monkeypatch.setattr(Rehearsals, "begin", passes)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "none"))
    settings = Settings()
    server = settings.server.model_copy(update={"port": 0, "var_dir": tmp_path, "host": "127.0.0.1"})
    with serve_in_background(settings.model_copy(update={"server": server}), Clock(START), pages) as running:
        account(running.application.helpline.store, ASHA, ADMINISTRATOR)
        yield running


def sound(page: Page, name: str) -> None:
    if SHOTS:
        for width, height in ((1280, 800), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    no_violations(page, name)


def call(context: BrowserContext, address: str, number: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.locator("#use-microphone").uncheck()
    page.locator("#caller").fill(number)
    page.locator("#dial").click()
    expect(page.locator("#state")).to_contain_text("बोल रही है", timeout=HEARD_MS)  # sound arrives
    return page


def says(page: Page, text: str) -> None:
    expect(page.locator("#captions")).to_contain_text(text, timeout=HEARD_MS)


def change(page: Page, key: str, text: str) -> None:
    card = page.locator(f'[data-key="{key}"]')
    card.locator(".act").click()
    form = card.locator("form.edit")
    field = form.locator(".row[lang=hi] :is(.typed, textarea:not([data-chips]))")
    field.fill(text)
    if key == "help.ask":
        form.locator(".row[lang=hi] [data-hear]").click()
        assert form.locator(".row[lang=hi] audio").evaluate(LASTS) > 0
    form.locator("> .acts button[type=submit]").click()
    expect(card.locator(".tag[role=status]")).to_be_visible()


@pytest.mark.timeout(300)
def test_a_greeting_is_changed_tried_published_heard_and_taken_back(running: Running, browser: Browser) -> None:
    url, context = running.url, browser.new_context()
    phone = f"{url}/phone?lang=hi"
    page = context.new_page()
    enter(page, url, ASHA, HOME, "hi")
    page.locator("#name").fill("जोहार")
    page.locator("#name").press("Enter")
    change(page, "welcome.both", f"{NEW}! {{brand}} {{helpline:digits}}")
    change(page, "help.ask", f"{NEW_ASK}?")
    before = call(context, phone, "+919826401701")
    says(before, OLD)
    page.goto(f"{url}{HOME}/1")
    sound(page, "draft")
    trial = call(context, f"{url}/phone?version=draft-1&lang=hi", "+919826401702")
    says(trial, NEW)
    sound(trial, "trial")
    trial.close()
    page.goto(f"{url}{HOME}/1/publish")
    page.locator("#rehearsal button").click()
    page.locator("#note").fill("छत्तीसगढ़ी में नमस्ते")
    page.locator("main form button").last.click()
    after = call(context, phone, "+919826401703")
    says(after, NEW)
    for one, ask in ((before, OLD_ASK), (after, NEW_ASK)):
        one.locator('[data-key="1"]').click()
        says(one, ask)
        one.close()
    page.goto(f"{url}{HOME}/history")
    sound(page, "history")
    page.locator("form[action$='/0/again'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    says(call(context, phone, "+919826401704"), OLD)
    page.goto(f"{url}{HOME}/files")
    sound(page, "files")
    context.close()
