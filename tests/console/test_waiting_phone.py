"""A citizen's page waits for calls, and an agent calls back: both pages really talk to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from booking.desk import tasks
from booking.desk.making import New, ensure
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from ivr.clock import Clock
from models.tasks import Task
from tests.console.accounts.house import account
from tests.console.axe import no_violations
from tests.console.chromium import hearing
from tests.console.desk.house import enter
from tests.console.test_two_phones import MORNING, Ears, shot, spoken
from tests.ivr.carriers.exchange.talkers import A, B
from tests.ivr.whole import settings

CITIZEN, OTHER = "+919826401799", "+919826401798"


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Running]:
    """A whole server, with its real queue."""
    with Running(build(settings(monkeypatch, tmp_path / "var"), Clock(MORNING)), mount) as running:
        yield running


def task_of(town: Running, agent: str) -> int:
    """A missed call of the citizen that this agent has in hand."""
    shared = town.application.helpline
    now = shared.clock.now()
    with shared.store.begin() as session:
        ensure(session, now, New("missed_call", "handoff:1", now + timedelta(hours=1), CITIZEN, "hi", None))
        id = session.scalars(select(Task.id)).one()
        tasks.take(session, now, id, agent)
        return id


def waits(page: Page, url: str, number: str = CITIZEN, language: str = "en") -> None:
    """The page is opened and waits under the number, by keyboard."""
    page.goto(f"{url}/phone?lang={language}")
    page.locator("#caller").fill(number)
    page.locator("#wait").press("Enter")


def test_an_agent_calls_a_citizen_back_whose_page_waits(
    town: Running, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    id = account(town.application.helpline.store, "asha")
    task = task_of(town, id)
    citizen = launch(*hearing(spoken(tmp_path, A))).new_page(viewport={"width": 1280, "height": 800})
    agent = launch(*hearing(spoken(tmp_path, B))).new_page()
    at_citizen, at_agent = Ears(citizen), Ears(agent)
    waits(citizen, town.url)
    expect(citizen.locator("#state")).to_have_text("Ready for calls")
    expect(citizen.locator("#waits-number")).to_have_text(CITIZEN)
    no_violations(citizen)
    shot(citizen, "waits-en")
    enter(agent, town.url, "asha")
    agent.goto(f"{town.url}/desk?call={task}")
    expect(agent.locator("#telephone-state")).to_have_text("Telephone connected")
    agent.get_by_role("button", name="Ready").click()
    expect(agent.get_by_role("button", name="Ready")).to_be_hidden()
    agent.locator("[data-phone=expect]").click()
    expect(citizen.locator("#state")).to_have_text("A call for you…", timeout=20_000)
    expect(citizen.locator("#dial")).to_be_focused()
    expect(citizen.locator("#wait")).to_be_hidden()
    no_violations(citizen)
    shot(citizen, "waits-rings-en")
    citizen.keyboard.press("Enter")
    expect(citizen.get_by_role("timer")).to_be_visible()
    at_agent.only(agent, A, B)
    at_citizen.only(citizen, B, A)
    shot(citizen, "waits-talks-en")
    citizen.keyboard.press("Escape")
    expect(citizen.locator("#state")).to_have_text("Ready for calls")
    citizen.get_by_role("button", name="Stop waiting").click()
    expect(citizen.locator("#state")).to_have_text("Ready to call")
    expect(citizen.get_by_role("button", name="Call", exact=True)).to_be_visible()


def test_another_browser_cannot_wait_under_the_same_number_and_who_waits_may_refuse(
    town: Running, browser: Browser
) -> None:
    with browser.new_context() as one, browser.new_context() as two:
        mine, theirs = one.new_page(), two.new_page()
        mine.goto(f"{town.url}/phone?lang=en")
        mine.locator("#caller").fill("")
        mine.locator("#wait").click()
        expect(mine.locator("#notice")).to_contain_text("Write the mobile number")
        waits(mine, town.url, language="hi")
        expect(mine.locator("#state")).to_have_text("आने वाली कॉल के लिए तैयार")
        mine.set_viewport_size({"width": 1280, "height": 800})
        shot(mine, "waits-hi")
        waits(theirs, town.url)
        expect(theirs.locator("#notice")).to_contain_text("Another browser is waiting")
        expect(theirs.locator("#caller")).to_have_value(CITIZEN)
        expect(theirs.locator("#wait")).to_have_text("Wait for calls")
        waits(theirs, town.url, OTHER)
        expect(theirs.locator("#state")).to_have_text("Ready for calls")
        exchange = town.application.exchange
        assert exchange is not None
        assert {CITIZEN, OTHER} == {n for n in (CITIZEN, OTHER) if exchange.subscribers.get(n)}
        waits(mine, town.url)  # loaded again
        expect(mine.locator("#state")).to_have_text("Ready for calls")
