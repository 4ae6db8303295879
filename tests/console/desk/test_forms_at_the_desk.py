"""The agents' forms in the agent's page and in the whole server: beside the call, and told live of each other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.tracking import by_mobile
from booking.zone import local_day
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from ivr.desk.tender import Tender
from tests.console.accounts.house import account
from tests.console.axe import no_violations
from tests.console.chromium import watched
from tests.console.desk.house import enter
from tests.console.desk.test_desk_in_a_browser import House
from tests.ivr.whole import settings

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    application = build(settings(monkeypatch, tmp_path / "var"))
    monkeypatch.setattr(Tender, "begin", lambda _: None)  # the line is looked after by the tests
    with Running(application, mount) as running:
        yield House(running)


@pytest.fixture
def desk(house: House, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        enter(page, house.url, "ravi", "/desk")
        yield from watched(page)


def shot(page: Page, name: str) -> None:
    for width, height in ((390, 844), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        no_violations(page, f"{name}-{width}")


def test_a_booking_is_finished_beside_the_call(house: House, desk: Page) -> None:
    house.comes()
    handoff = house.offers()
    house.accepts(handoff)
    expect(desk.locator("#call-title")).to_be_focused()
    forms = desk.locator("#forms")
    expect(forms.get_by_label("Service")).to_have_value("birth_certificate")
    shot(desk, "desk-form")
    forms.get_by_label("City").select_option("raipur")
    day = (local_day(house.now()) + timedelta(days=3)).isoformat()
    forms.get_by_label("Day", exact=True).fill(day)
    forms.get_by_label("15:00–16:00").click()
    expect(forms.locator("#times")).to_contain_text("kept for you")
    forms.get_by_label("Name").fill("मीना यादव")
    house.hangs_up(handoff)
    expect(desk.locator("#controls")).to_contain_text("The call is over")
    expect(forms.get_by_label("Name")).to_have_value("मीना यादव")
    forms.get_by_label("Mobile").fill("98260 00007")
    forms.get_by_label("PIN code").fill("492001")
    forms.get_by_role("button", name="Book", exact=True).click()
    expect(forms.get_by_role("status").filter(has_text="Booked.")).to_be_focused()
    with house.store.read() as session:
        (made,) = by_mobile(session, "9826000007")
    assert (made.name, made.conversation_id) == ("मीना यादव", "c7")
    expect(forms).to_contain_text(f"{made.number[:4]} {made.number[4:]}")
    shot(desk, "desk-booked")


def test_two_agents_in_one_booking_hear_of_each_other_at_once(house: House, desk: Page, browser: Browser) -> None:
    account(house.store, "sunita", name="सुनीता साहू")
    desk.goto(f"{house.url}/desk/new")
    desk.get_by_label("Service").select_option("birth_certificate")
    desk.get_by_label("City").select_option("raipur")
    desk.get_by_label("Day", exact=True).fill((local_day(house.now()) + timedelta(days=3)).isoformat())
    desk.get_by_label("15:00–16:00").click()
    desk.get_by_label("Mobile").fill("98260 00007")
    desk.get_by_label("PIN code").fill("492001")
    desk.get_by_role("button", name="Book", exact=True).click()
    expect(desk.get_by_role("status").filter(has_text="Booked.")).to_be_visible()
    expect(desk.locator("#live")).to_be_hidden()
    with browser.new_context() as context:
        other = context.new_page()
        enter(other, house.url, "sunita")
        other.goto(desk.url)
        expect(desk.locator(".others")).to_contain_text("सुनीता साहू has this open too")
        other.get_by_text("Cancel the booking").first.click()
        other.get_by_label("Why it is cancelled").fill("नहीं चाहिए")
        other.get_by_role("button", name="Cancel the booking").click()
        expect(other.get_by_role("status").filter(has_text="The booking is cancelled.")).to_be_visible()
        expect(desk.locator(".others")).to_contain_text("Cancelled – नहीं चाहिए सुनीता साहू")
