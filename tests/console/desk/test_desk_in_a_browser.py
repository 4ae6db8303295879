"""The agent's page in a real browser: what happens in the store is shown by itself, by whichever server, and nothing
that was typed is lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from booking.desk.answers import accept
from booking.desk.dispatch import dispatch
from booking.desk.endings import hung_up
from booking.desk.making import New, ensure
from booking.desk.presence import Post, come, pause, ready
from booking.desk.tasks import take
from booking.zone import ZONE
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from ivr.bridge import Ring, address
from ivr.desk.tender import Tender
from models.presence import Presence
from models.store import Store
from models.tasks import Task
from tests.console.accounts.house import account
from tests.console.axe import no_violations
from tests.console.chromium import watched
from tests.console.desk.house import enter
from tests.console.desk.scene import RULES, waits
from tests.ivr.whole import Child, free_port, settings, until

SHOTS = os.environ.get("SHOTS_OF_TESTS", "")  # a folder for pictures of the pages, for whoever wants to look


class House:
    """A server whose line is looked after by the test, not by itself, so that each moment can be looked at."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.store: Store = running.application.helpline.store
        self.ravi = account(self.store, "ravi", name="रवि वर्मा")

    @property
    def url(self) -> str:
        return self.running.url

    def now(self) -> datetime:
        return datetime.now(ZONE)

    def comes(self, agent: str = "") -> None:
        with self.store.begin() as session:
            come(session, self.now(), agent or self.ravi, Post(("hi", "en")))
            ready(session, self.now(), agent or self.ravi)

    def offers(self, conversation: str = "c7") -> int:
        """A caller comes and is offered; the handoff."""
        id = waits(self.store, self.now(), conversation).id
        assert [offer.handoff for offer in dispatch(self.store, self.now(), RULES)] == [id]
        return id

    def to_call(self) -> int:
        """A task of Ravi's with a number to be called."""
        with self.store.begin() as session:
            ensure(session, self.now(), New("missed_call", "handoff:1", self.now(), "+919826401799", "hi", None))
            id = session.scalars(select(Task.id)).one()
            take(session, self.now(), id, self.ravi)
            return id

    def accepts(self, handoff: int) -> None:
        with self.store.begin() as session:
            accept(session, self.now(), handoff, self.ravi)

    def hangs_up(self, handoff: int) -> None:
        with self.store.begin() as session:
            hung_up(session, self.now(), handoff)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    application = build(settings(monkeypatch, tmp_path / "var"))
    monkeypatch.setattr(Tender, "begin", lambda _: None)  # the line is looked after by the tests
    with Running(application, mount) as running:
        yield House(running)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context


@pytest.fixture
def desk(house: House, context: BrowserContext) -> Iterator[Page]:
    """Ravi's page, in English."""
    page = context.new_page()
    enter(page, house.url, "ravi", "/desk")
    expect(page.locator("#now")).to_contain_text("You are not at the desk yet")
    yield from watched(page)


def test_a_call_from_the_offer_to_its_result(house: House, desk: Page) -> None:
    desk.keyboard.press("Alt+r")
    expect(desk.locator("#status .state")).to_contain_text("Ready")
    handoff = house.offers()
    expect(desk.get_by_role("heading", name="A call for you")).to_be_visible()
    expect(desk.locator("#now")).to_contain_text("+91 98261 00007")
    expect(desk.locator("#now")).to_contain_text("Birth certificate")
    expect(desk).to_have_title("● A call for you")
    house.accepts(handoff)
    expect(desk.locator("#call-title")).to_be_focused()
    expect(desk.locator("#said")).to_contain_text("जन्म प्रमाण पत्र बनवाना है बच्चे का")
    expect(desk.locator("#said .missed")).to_have_count(2)
    desk.locator("#finish-note").fill("asked about the fee")
    expect(desk.locator(".finish button[type=submit]")).to_have_accessible_name(
        re.compile("^End the call, write and go on")
    )
    house.hangs_up(handoff)
    expect(desk.locator("#controls")).to_contain_text("The call is over")
    expect(desk.locator("#finish-note")).to_have_value("asked about the fee")
    expect(desk.locator(".finish button[type=submit]")).to_have_accessible_name(re.compile("^Write and go on"))
    desk.keyboard.press("Alt+w")
    expect(desk.get_by_role("radio", name="Booked")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    expect(desk.locator("#status .state")).to_contain_text("Ready")
    expect(desk.locator("#now")).to_contain_text("You are ready")
    expect(desk).to_have_title("Desk · Mitan 14545")


def test_who_is_not_at_the_desk_is_led_to_ready_before_calling(house: House, desk: Page) -> None:
    desk.goto(f"{house.url}/desk?call={house.to_call()}")
    expect(desk.locator("#telephone-state")).to_have_text("Telephone connected")
    desk.get_by_role("button", name="Call", exact=True).click()
    alert = desk.locator("#calling").get_by_role("alert")
    expect(alert).to_contain_text("You are not at the desk yet")
    no_violations(desk)
    alert.get_by_role("link").click()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Ready")).to_be_focused()
    house.running.application.bridge.ring(Ring("t", address(house.ravi), asks=False))
    expect(desk.locator("#telephone-state")).to_have_text("A call for you…")
    desk.get_by_role("button", name="Refuse").click()  # not answered by itself: it is not the call that was asked for
    expect(desk.locator("#telephone-state")).to_have_text("Telephone connected")


def test_a_panel_is_opened_and_closed_by_keys_and_survives_what_others_do(house: House, desk: Page) -> None:
    other = account(house.store, "sunita", name="सुनीता साहू")
    house.comes()
    house.accepts(house.offers())
    expect(desk.locator("#call")).to_be_visible()
    desk.keyboard.press("Alt+t")
    expect(desk.get_by_role("radio", name="Queue: general")).to_be_focused()
    desk.get_by_label("A line for the next agent").fill("her second call today")
    house.comes(other)
    expect(desk.locator("#line")).to_contain_text("सुनीता साहू")
    expect(desk.get_by_label("A line for the next agent")).to_have_value("her second call today")
    desk.keyboard.press("Escape")
    expect(desk.locator("#panel form")).to_have_count(0)
    desk.keyboard.press("Alt+b")
    desk.get_by_role("button", name="Tea").click()
    expect(desk.locator("#status")).to_contain_text("Then a break: Tea")


def test_a_menu_that_is_open_stays_open_while_others_come_and_go(house: House, desk: Page) -> None:
    desk.keyboard.press("Alt+r")
    expect(desk.locator("#now")).to_contain_text("You are ready")
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_role("button", name="Lunch")).to_be_visible()
    house.comes(account(house.store, "sunita", name="सुनीता साहू"))
    expect(desk.locator("#line")).to_contain_text("सुनीता साहू")
    expect(desk.get_by_role("button", name="Lunch")).to_be_visible()


def test_a_lost_line_is_said_and_what_was_missed_is_fetched(house: House, desk: Page, context: BrowserContext) -> None:
    house.comes()
    expect(desk.locator("#now")).to_contain_text("You are ready")
    context.set_offline(True)
    house.running.application.live.close()  # type: ignore[union-attr]  # the browser keeps a line that is open
    expect(desk.locator("#live")).to_contain_text("The connection to the server is lost")
    with house.store.begin() as session:
        pause(session, house.now(), house.ravi, "meeting")
    context.set_offline(False)
    expect(desk.locator("#live")).to_contain_text("Connected again")
    expect(desk.locator("#now")).to_contain_text("On a break")
    expect(desk.locator("#live")).to_be_hidden()


def test_a_part_that_could_not_be_fetched_is_fetched_again(house: House, desk: Page) -> None:
    failed: list[str] = []

    def once(route: Route) -> None:
        if failed:
            route.fallback()
        else:
            failed.append(route.request.url)
            route.abort()

    desk.route("**/desk/line", once)
    house.comes(account(house.store, "sunita", name="सुनीता साहू"))
    expect(desk.locator("#line")).to_contain_text("सुनीता साहू")
    assert failed
    expect(desk.locator("#request-problem")).to_be_hidden()


def test_who_has_denied_the_microphone_does_not_become_ready(house: House, desk: Page) -> None:
    desk.context.grant_permissions(["notifications"], origin=house.url)  # all others are denied by that
    expect(desk.locator("#telephone-permission")).to_contain_text("The microphone is not allowed")
    desk.keyboard.press("Alt+r")
    expect(desk.locator("#status").get_by_role("alert")).to_contain_text("The microphone is not allowed")
    expect(desk.locator("#status .state")).to_contain_text("Not at the desk")


def test_a_page_loaded_again_in_a_call_has_what_was_typed(house: House, desk: Page) -> None:
    house.comes()
    house.accepts(house.offers())
    desk.locator(".finish .chip", has_text="Complaint").click()
    desk.locator("#finish-note").fill("asked about the fee")
    desk.locator("#new-name").fill("सीमा वर्मा")
    desk.locator("#new-pin").fill("4920")
    expect(desk.locator("form[data-unsent*='unsent/new']")).not_to_have_attribute("data-known", "0")
    expect(desk.locator(".finish form")).not_to_have_attribute("data-known", "0")
    desk.locator("#finish-note").fill("asked about the fee!")
    desk.reload()  # before the last letter was kept: it is sent on the way out
    expect(desk.locator("#finish-note")).to_have_value("asked about the fee!")
    expect(desk.get_by_role("radio", name="Complaint")).to_be_checked()
    expect(desk.locator("#new-name")).to_have_value("सीमा वर्मा")
    expect(desk.locator("#new-pin")).to_have_value("4920")
    expect(desk.locator("#forms-of-call")).to_contain_text("What you typed before is here again")
    no_violations(desk, "a page loaded again in a call")
    desk.get_by_role("button", name="Begin anew").click()
    expect(desk.locator("#new-name")).to_have_value("")


def test_who_was_signed_out_elsewhere_is_told_and_shows_no_caller_any_more(
    house: House, desk: Page, context: BrowserContext
) -> None:
    house.comes()
    house.accepts(house.offers())
    expect(desk.locator("#call-title")).to_be_visible()
    second = context.new_page()
    second.goto(f"{house.url}/account?lang=en")
    second.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(second.locator("#login")).to_be_visible()
    house.running.application.live.close()  # type: ignore[union-attr]
    expect(desk.locator("#live")).to_contain_text("You are signed out")
    expect(desk.locator("#main")).not_to_contain_text("98261")
    expect(desk.locator("#call, #line")).to_have_count(0)
    expect(desk.locator("#telephone-panel")).to_have_count(1)  # a call may go on in it
    expect(desk.locator("#live").get_by_role("link", name="Sign in")).to_be_focused()
    desk.locator("#live").get_by_role("link", name="Sign in").click()
    expect(desk.locator("#login")).to_be_visible()
    assert "next=" in desk.url


def test_a_page_at_one_server_shows_what_another_one_did(house: House, browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    child = Child(tmp_path / "var", "serve", "--no-download", PORT=str(port))
    try:
        child.up(f"{url}/healthz")
        with browser.new_context() as context:
            page = context.new_page()
            enter(page, url, "ravi", "/desk")
            expect(page.locator("#now")).to_contain_text("You are not at the desk yet")
            house.comes()  # written by this process
            expect(page.locator("#now")).to_contain_text("You are ready")
            page.keyboard.press("Alt+b")
            page.get_by_role("button", name="Tea").click()
            expect(page.locator("#now")).to_contain_text("On a break")
        with browser.new_context() as context:
            page = context.new_page()
            enter(page, house.url, "ravi", "/desk")
            expect(page.locator("#now")).to_contain_text("On a break")
    finally:
        child.end()


def test_an_open_page_keeps_its_agent_in_the_line(house: House, desk: Page) -> None:
    house.comes()
    expect(desk.locator("#now")).to_contain_text("You are ready")

    def at() -> datetime:
        with house.store.read() as session:
            return session.get_one(Presence, house.ravi).seen_at

    first = at()
    until(lambda: at() > first, "a sign of life from the page")


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (390, 844, "dark")])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_everybody_can_use_it(
    house: House, browser: Browser, language: str, width: int, height: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    with browser.new_context(**options) as context:  # type: ignore[arg-type]
        page = context.new_page()
        enter(page, house.url, "ravi", "/desk", language)
        looked_at(page, f"off-{language}-{width}")
        house.comes()
        handoff = house.offers()
        expect(page.locator(".offer")).to_be_visible()
        looked_at(page, f"offer-{language}-{width}")
        house.accepts(handoff)
        expect(page.locator("#call")).to_be_visible()
        page.locator('[data-shortcut="t"]').click()
        expect(page.locator("#panel form")).to_be_visible()
        looked_at(page, f"call-{language}-{width}")
        house.hangs_up(handoff)
        expect(page.locator("#controls[data-over]")).to_be_attached()
        looked_at(page, f"over-{language}-{width}")


def looked_at(page: Page, name: str) -> None:
    page.wait_for_timeout(200)
    no_violations(page, name)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/desk-{name}.png", full_page=True)
