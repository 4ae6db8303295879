"""The telephone of an agent in a page, over the built-in exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from console import keeper, shared
from console.accounts import routes as accounts
from console.deps import deps_of
from console.desk import telephone
from console.desk.telephone import telephones_of
from ivr.application import Running
from ivr.assembly import Application, build
from ivr.bridge import Ring, Seat, address
from ivr.clock import Clock
from ivr.desk.facts import Seated
from models.presence import Presence
from tests.console.accounts.house import KEY, account
from tests.console.axe import no_violations
from tests.console.calling import until as waited
from tests.console.chromium import hearing
from tests.console.desk.house import enter, furnished, standing
from tests.ivr.carriers.counter import Counter
from tests.ivr.whole import settings, until

MORNING = datetime.fromisoformat("2026-11-24T10:00:00+05:30")
ON = "Telephone connected"


@dataclass
class Said:
    """Controls that only remember what was asked of them."""

    done: list[tuple[str, str, int]] = field(default_factory=list)
    inside: tuple[Seated, ...] = ()

    def state(self, handoff: int) -> tuple[Seated, ...]:
        return self.inside

    def hang_up(self, agent: str, handoff: int) -> None:
        self.done.append(("hang_up", agent, handoff))

    def leave(self, agent: str, handoff: int) -> None:
        self.done.append(("leave", agent, handoff))


@dataclass
class House:
    """A whole server with the simplest of queues, and an agent's account."""

    running: Running
    counter: Counter
    said: Said
    agent: str

    @property
    def url(self) -> str:
        return self.running.url

    def ring(self, room: str = "r1") -> None:
        """Ring the agent, who comes into `room`."""
        self.counter.seats["t"] = Seat(room)
        self.running.application.bridge.ring(Ring("t", address(self.agent), asks=False))

    def members(self, room: str = "r1") -> int:
        return len(self.running.application.bridge.members(room))

    def talks(self, handoff: int) -> None:
        """As the queue sees it, the agent talks in this handoff."""
        now = MORNING
        with self.running.application.helpline.store.begin() as session:
            session.add(Presence(agent=self.agent, state="talking", since=now, seen_at=now, languages=["hi"], queues=[],
                                 handoff_id=handoff))  # fmt: skip


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    application = build(settings(monkeypatch, tmp_path / "var"), Clock(MORNING))
    application.desk = counter = Counter()
    agent = account(application.helpline.store, "asha")
    said = Said()

    def mount(flask: Flask, application: Application) -> None:
        keeper.install(flask, deps_of(application, KEY))
        flask.register_blueprint(accounts.blueprint())
        shared.mount(flask)
        furnished(flask, telephones_of(application), said)

    with Running(application, mount) as running:
        yield House(running, counter, said, agent)


@pytest.fixture
def desk(house: House, page: Page) -> Page:
    """The agent's page, whose telephone is known to the exchange."""
    enter(page, house.url, "asha")
    standing(page, ON)
    return page


def test_it_rings_is_answered_and_hung_up_and_rings_again(house: House, desk: Page) -> None:
    for _ in range(2):
        house.ring()
        standing(desk, "A call for you…")
        no_violations(desk)
        desk.get_by_role("button", name="Answer").click()
        expect(desk.get_by_role("timer")).to_be_visible()
        until(house.members, "in the room")
        no_violations(desk)
        desk.get_by_role("button", name="Hang up").click()
        standing(desk, ON)
        until(lambda: not house.members(), "hung up")
    assert house.said.done == []  # it was no call of the queue's


def test_a_refused_call_is_busy(house: House, desk: Page) -> None:
    house.ring()
    desk.get_by_role("button", name="Refuse").click()
    until(lambda: house.counter.ended("t") == "busy", "refused")
    standing(desk, ON)


@pytest.mark.parametrize(("others", "deed"), [((), "hang_up"), (("geeta",), "leave")])
def test_hanging_up_is_meant_and_the_queue_hears_so_first(
    house: House, desk: Page, others: tuple[str, ...], deed: str
) -> None:
    house.talks(7)
    house.said.inside = (Seated("caller", "talks"), *(Seated(who, "talks") for who in (house.agent, *others)))
    house.ring()
    desk.get_by_role("button", name="Answer").click()
    until(house.members, "in the room")
    desk.get_by_role("button", name="Hang up").click()
    until(lambda: not house.members(), "hung up")
    assert house.said.done == [(deed, house.agent, 7)]


def test_keys_and_mute_belong_to_a_call(house: House, desk: Page) -> None:
    desk.locator("details").evaluate("details => (details.open = true)")
    expect(desk.get_by_role("button", name="5", exact=True)).to_be_disabled()
    house.ring()
    desk.get_by_role("button", name="Answer").click()
    until(house.members, "in the room")
    desk.get_by_role("button", name="5", exact=True).click()
    expect(desk.locator("#telephone-pressed")).to_have_text("5")
    desk.get_by_role("button", name="Hang up").click()
    standing(desk, ON)
    expect(desk.get_by_role("button", name="5", exact=True)).to_be_disabled()


def test_a_ring_that_was_asked_for_is_answered_by_itself(house: House, desk: Page) -> None:
    desk.get_by_role("button", name="Listen").click()
    house.ring()
    until(house.members, "in the room")
    expect(desk.locator("body")).to_have_attribute("data-phone", "talking")


class Cable:
    """Between the page and the exchange; a test can cut it."""

    def __init__(self, page: Page) -> None:
        self.lines: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        page.route_web_socket("**/exchange/line", lambda line: self.lines.append((line, line.connect_to_server())))

    def cut(self) -> None:
        page, exchange = self.lines[-1]
        page.close(code=1011)
        exchange.close(code=1000)


def test_a_lost_line_is_said_and_comes_back_by_itself(house: House, page: Page) -> None:
    cable = Cable(page)
    enter(page, house.url, "asha")
    standing(page, ON)
    house.ring()
    page.get_by_role("button", name="Answer").click()
    waited(page, lambda: house.members() > 0)  # the page carries the line meanwhile
    cable.cut()
    expect(page.get_by_role("alert")).to_contain_text("The line was lost")
    expect(page.locator("body")).to_have_attribute("data-phone", "offline")
    standing(page, ON)
    waited(page, lambda: not house.members())
    assert len(cable.lines) == 2
    house.ring()
    standing(page, "A call for you…")


def test_who_is_signed_out_is_told_so(house: House, page: Page) -> None:
    cable = Cable(page)
    enter(page, house.url, "asha")
    standing(page, ON)
    page.context.clear_cookies()
    cable.cut()
    expect(page.get_by_role("alert")).to_contain_text("sign in again")
    expect(page.locator("body")).to_have_attribute("data-phone", "offline")


def test_the_microphone_is_chosen_and_remembered(house: House, launch: Callable[..., Browser], tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    silence.write_bytes((Path(telephone.__file__).parent / "static/silence.wav").read_bytes())
    page = launch(*hearing(silence)).new_page()
    enter(page, house.url, "asha")
    choice = page.get_by_label("Microphone", exact=True)
    page.locator("details").evaluate("details => (details.open = true)")
    expect(choice.locator("option")).not_to_have_count(1)
    last = choice.locator("option").last.get_attribute("value")
    choice.select_option(last)
    page.reload()
    standing(page, ON)
    expect(choice).to_have_value(str(last))
    house.ring()
    page.locator("#telephone-answer").click()
    expect(page.locator("#telephone-mute")).to_be_visible()  # the microphone is there
    page.locator("details").evaluate("details => (details.open = true)")
    choice.select_option("")
    page.locator("#telephone-mute").click()
    expect(page.locator("#telephone-mute")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#telephone-notice")).to_be_hidden()


@pytest.mark.parametrize("language", ["hi", "en"])
def test_it_can_be_used_on_a_small_screen_in_both_languages(house: House, browser: Browser, language: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        enter(page, house.url, "asha", language=language)
        expect(page.locator("body")).to_have_attribute("data-phone", "ready")
        no_violations(page)
        house.ring()
        page.locator("#telephone-answer").click()
        expect(page.get_by_role("timer")).to_be_visible()
        no_violations(page)


def test_of_two_pages_of_one_person_the_newer_rings_and_the_older_again_when_that_is_closed(
    house: House, desk: Page
) -> None:
    second = desk.context.new_page()
    second.goto(desk.url)
    standing(second, ON)
    house.ring()
    standing(second, "A call for you…")
    standing(desk, ON)
    second.close()
    until(lambda: house.counter.ended("t") == "no-answer", "the page that rang is closed")
    house.ring()
    standing(desk, "A call for you…")
