"""The agents' forms in a real browser: alone and inside the page of a call, by keyboard, on a telephone, in both
languages, checked with axe-core."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Response, request
from playwright.sync_api import Browser, Page, expect

from booking.accounts.roles import AGENT
from booking.holds import hold
from booking.tracking import by_mobile, by_number
from console import showing
from console.words import SHARED
from ivr.gate import open_to
from models.queue import Handoff
from models.store import Store
from tests.booking.grievances import complains, found_levels
from tests.booking.town import at, holds_and_books
from tests.console.accounts.house import START, WORD, Clock
from tests.console.axe import no_violations
from tests.console.chromium import watched
from tests.console.desk.house import listening
from tests.console.desk.office import RULES, furnished, handed, office

SHOTS = os.environ.get("SHOTS", "")


@open_to(AGENT)
def _call() -> Response:
    return showing.show("with_forms.html", SHARED, handoff=Handoff(id=int(request.args["handoff"])))


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    furnished(sqlite_store)
    found_levels(sqlite_store)
    flask = office(sqlite_store, Clock())
    page = Blueprint("alone", "tests.console", template_folder="templates")
    page.add_url_rule("/a-call", "page", _call)
    flask.register_blueprint(page)
    with listening(flask) as address:
        yield address


@pytest.fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desk", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height, scheme = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        yield from watched(context.new_page())


def enter(page: Page, url: str, login: str = "ravi", language: str = "en") -> None:
    page.goto(f"{url}/sign-in?lang={language}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORD)
    page.locator("#password").press("Enter")
    expect(page.locator(".me")).to_be_visible()
    page.wait_for_load_state()


def sound(page: Page, name: str) -> None:
    """Everything is open and can be used by everybody."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    if SHOTS:
        size = page.viewport_size
        page.screenshot(path=Path(SHOTS) / f"{name}-{size['width'] if size else 0}.png", full_page=True)
    no_violations(page, name)


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_form_can_be_used_by_everybody(screen: Page, url: str, sqlite_store: Store, language: str) -> None:
    handoff, number = handed(sqlite_store), holds_and_books(sqlite_store, start=at(25, 10)).number
    complaint = complains(sqlite_store, text="देर हुई").number
    enter(screen, url, language=language)
    for name, path in (
        ("new", f"/desk/new?handoff={handoff}"), ("booking", f"/desk/booking/{number}"),
        ("records", f"/desk/records?handoff={handoff}"), ("find", "/desk/booking"),
        ("complaint-new", f"/desk/complaint?handoff={handoff}"), ("complaint", f"/desk/complaint/{complaint}"),
    ):  # fmt: skip
        screen.goto(url + path)
        sound(screen, f"{name}-{language}")
    screen.goto(f"{url}/desk/new")
    screen.locator("form .button").last.click()
    expect(screen.get_by_role("alert").filter(has=screen.get_by_role("link")).first).to_be_focused()
    sound(screen, f"refused-{language}")


def test_the_form_follows_what_is_chosen_in_it(page: Page, url: str, sqlite_store: Store) -> None:
    with sqlite_store.begin() as session:
        hold(session, START, RULES, "raipur", at(25, 9), "somebody")
    enter(page, url)
    page.goto(f"{url}/desk/new")
    expect(page.locator("#papers")).to_contain_text("Choose a service")
    page.get_by_label("Service").select_option("domicile_certificate")
    expect(page.locator("#papers")).to_contain_text("identity (en)")
    page.get_by_label("City").select_option("bhilai")
    page.get_by_label("Area").select_option("bhilai_1")
    expect(page.locator("#times")).to_contain_text("Monday, 23 November")
    page.get_by_label("City").select_option("raipur")
    expect(page.get_by_label("Area")).to_have_count(0)
    page.get_by_label("Day", exact=True).fill("2026-11-25")
    expect(page.locator("#times")).to_contain_text("Wednesday, 25 November")
    expect(page.get_by_label("09:00–10:00")).to_have_count(0)
    page.get_by_label("11:00–12:00").click()
    expect(page.locator("#times")).to_contain_text("kept for you until 10:05")
    expect(page.get_by_label("11:00–12:00")).to_be_focused()
    expect(page.get_by_label("11:00–12:00")).to_be_checked()
    page.get_by_label("Mobile").fill("9812345615")
    page.get_by_label("PIN code").fill("492001")
    page.get_by_label("Name").fill("मीना")
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Booked.")).to_be_visible()
    with sqlite_store.read() as session:
        assert [b.name for b in by_mobile(session, "9812345615")] == ["मीना"]


def test_a_time_that_somebody_was_quicker_to_take_is_said_at_once(page: Page, url: str, sqlite_store: Store) -> None:
    enter(page, url)
    page.goto(f"{url}/desk/new")
    page.get_by_label("City").select_option("raipur")
    page.get_by_label("Name").fill("मीना")
    page.get_by_label("Day", exact=True).fill("2026-11-25")
    expect(page.locator("#times")).to_contain_text("Wednesday, 25 November")
    with sqlite_store.begin() as session:
        hold(session, START, RULES, "raipur", at(25, 9), "somebody")
    page.get_by_label("09:00–10:00").click()
    expect(page.locator("#times")).to_contain_text("Somebody else has just taken this time.")
    expect(page.get_by_label("09:00–10:00")).to_have_count(0)
    expect(page.get_by_label("Name")).to_have_value("मीना")


def test_during_a_call_everything_happens_inside_the_page(page: Page, url: str, sqlite_store: Store) -> None:
    handoff = handed(sqlite_store)
    enter(page, url)
    page.goto(f"{url}/a-call?handoff={handoff}")
    page.evaluate("document.body.dataset.call = 'goes on'; document.body.addEventListener('mitan:caller', "
                  "() => { document.body.dataset.told = 'yes' })")  # fmt: skip
    forms = page.locator("#forms")
    expect(forms.get_by_role("heading", name="New booking")).to_be_visible()
    expect(page.locator("body")).to_be_focused()  # nobody is led away from the call
    expect(forms.get_by_label("Service")).to_have_value("domicile_certificate")
    expect(forms.get_by_label("11:00–12:00")).to_be_checked()
    expect(forms.locator("#times")).to_contain_text("kept for you until 10:05")
    forms.get_by_label("Mobile").fill("12")
    forms.get_by_role("button", name="Book", exact=True).click()
    expect(forms.get_by_role("alert").filter(has_text="A mobile has ten digits")).to_be_focused()
    forms.get_by_label("Mobile").fill("9812345615")
    forms.get_by_role("button", name="Book", exact=True).click()
    expect(forms.get_by_role("status").filter(has_text="Booked.")).to_be_visible()
    expect(page.locator("body[data-told=yes]")).to_have_count(1)
    forms.get_by_text("Cancel the booking").first.click()
    forms.get_by_label("Why it is cancelled").fill("नहीं चाहिए")
    forms.get_by_role("button", name="Cancel the booking").click()
    expect(forms.get_by_role("status").filter(has_text="The booking is cancelled.")).to_be_visible()
    forms.get_by_role("link", name=re.compile("On record")).click()
    expect(forms.get_by_role("heading", name="On record for this mobile")).to_be_focused()
    expect(forms.get_by_role("link", name=re.compile("domicile certificate"))).to_be_visible()
    assert page.evaluate("document.body.dataset.call") == "goes on"
    assert page.url == f"{url}/a-call?handoff={handoff}"
    no_violations(page)


def test_two_agents_in_one_booking(page: Page, browser: Browser, url: str, sqlite_store: Store) -> None:
    number = holds_and_books(sqlite_store, start=at(25, 10)).number
    enter(page, url)
    page.goto(f"{url}/desk/booking/{number}")
    page.get_by_text("Correct name and address").first.click()
    page.locator("#details-address").fill("मकान 12")
    with browser.new_context() as context:
        other = context.new_page()
        enter(other, url, "gita")
        other.goto(f"{url}/desk/booking/{number}")
        expect(other.locator(".others")).to_contain_text("रवि वर्मा has this open too")
        other.get_by_text("Correct name and address").first.click()
        other.locator("#details-address").fill("मकान 7")
        other.get_by_role("button", name="Correct name and address").click()
        expect(other.get_by_role("status").filter(has_text="corrected")).to_be_visible()
        expect(page.locator(".others")).to_contain_text("गीता साहू has this open too", timeout=60_000)
        expect(page.locator(".others")).to_contain_text("This has been changed meanwhile")
    expect(page.locator("#details-address")).to_have_value("मकान 12")
    page.get_by_role("button", name="Correct name and address").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody else changed this")).to_be_focused()
    expect(page.locator("#details-address")).to_have_value("मकान 12")
    expect(page.locator("#details-form")).to_contain_text("It says now: मकान 7")
    sound(page, "conflict")
    page.get_by_role("button", name="Correct name and address").click()
    expect(page.get_by_role("status").filter(has_text="corrected")).to_be_visible()
    with sqlite_store.read() as session:
        assert by_number(session, number).address == "मकान 12"


def test_a_booking_is_made_by_keyboard_alone(page: Page, url: str, sqlite_store: Store) -> None:
    handoff = handed(sqlite_store)
    enter(page, url)
    page.goto(f"{url}/a-call?handoff={handoff}")
    expect(page.locator("#forms h2").first).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "name":
            break
    page.keyboard.insert_text("मीना यादव")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Book":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#forms .told")).to_be_focused()
    with sqlite_store.read() as session:
        assert [b.name for b in by_mobile(session, "9812345615")] == ["मीना यादव"]
