"""Work list, supervision and a conversation in a real browser: what happens in the store is shown by itself, nobody
loses their place, and axe-core finds nothing, in both languages and on a telephone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.accounts.roles import SUPERVISOR
from booking.conversations import add_turns, correct_turn
from booking.desk.answers import accept
from booking.desk.dispatch import dispatch
from booking.desk.tasks import assign, take, work_list
from booking.notes import keep
from booking.zone import ZONE
from console.pages import mount
from ivr.application import Running
from ivr.assembly import build
from models.store import Store
from tests.console.accounts.house import account
from tests.console.axe import no_violations
from tests.console.chromium import watched
from tests.console.desk import scene
from tests.console.desk.house import enter
from tests.ivr.whole import settings

WORK = "/desk/work"
SHOTS = os.environ.get("SHOTS_OF_TESTS", "")  # a folder for pictures of the pages, for whoever wants to look


class House:
    """A server with a busy morning, whose line is looked after by nobody: each moment can be looked at."""

    def __init__(self, running: Running) -> None:
        self.url = running.url
        self.store: Store = running.application.helpline.store
        self.boss = account(self.store, "boss", SUPERVISOR, name="सुनीता मिश्रा")
        self.agents = [account(self.store, f"agent{n}", name=name) for n, name in enumerate(scene.NAMES)]
        scene.work(self.store, self.now())
        scene.morning(self.store, self.now(), 60)
        scene.busy(self.store, self.now(), self.agents)

    def now(self) -> datetime:
        return datetime.now(ZONE)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    application = build(settings(monkeypatch, tmp_path / "var"))
    assert application.floor is not None
    for act in ("begin", "end"):
        monkeypatch.setattr(application.floor.tender, act, lambda: None)
    with Running(application, mount) as running:
        yield House(running)


@pytest.fixture
def boss(house: House, page: Page) -> Page:
    """The supervisor's page, in English."""
    enter(page, house.url, "boss", "/desk/supervisor")
    expect(page.locator("#calls")).to_contain_text("Call of …0013")
    return page


def test_a_new_caller_and_who_takes_the_call_are_shown_at_once(house: House, boss: Page) -> None:
    expect(boss.locator("#stands")).to_contain_text("Waiting2")
    scene.waits(house.store, house.now(), "c71")
    expect(boss.locator("#stands")).to_contain_text("Waiting3")
    row = boss.locator("#call-c71")
    expect(row).to_contain_text("in the queue")
    boss.locator("#call-c14").focus()
    scene.alive(house.store, house.now(), house.agents)
    first = dispatch(house.store, house.now(), scene.RULES)[0]
    expect(boss.locator("#call-c13")).to_contain_text("ringing at an agent")
    with house.store.begin() as session:
        accept(session, house.now(), first.handoff, first.agent)
    expect(boss.locator("#stands")).to_contain_text("With an agent3")
    expect(boss.locator("#call-c13 .tag")).to_have_text(scene.NAMES[house.agents.index(first.agent)])
    expect(boss.locator(".agent.talking")).to_have_count(3)
    expect(boss.locator("#call-c14")).to_be_focused()


def test_a_chosen_call_is_followed_word_by_word(house: House, boss: Page) -> None:
    boss.locator("#call-c21").click()
    expect(boss.locator("#chosen-title")).to_have_text("+91 98261 00021")
    expect(boss.locator("#chosen-title")).to_be_focused()
    expect(boss.locator("#call-c21")).to_have_attribute("aria-current", "true")
    said = boss.locator("#chosen .line")
    expect(said).to_have_count(4)
    with house.store.begin() as session:
        add_turns(session, house.now(), "c21", scene.HINDI[4:7])
    expect(said).to_have_count(7)
    expect(boss.locator("#call-c21 .last")).to_contain_text("माफ़ कीजिए")
    expect(boss.locator("#chosen .missed")).to_have_count(1)
    with house.store.begin() as session:
        correct_turn(session, "c21", 7, None)
        correct_turn(session, "c21", 5, "हम किस")
        add_turns(session, house.now(), "c21", scene.HINDI[7:8])
    expect(boss.locator("#chosen #line-7")).to_have_count(0)
    expect(boss.locator("#chosen #line-5")).to_contain_text("हम किस")
    expect(boss.locator("#chosen #line-8")).to_contain_text("अरे मंगल बाज़ार को")
    boss.locator("#call-c11").click()
    expect(boss.get_by_role("button", name="Only listen")).to_be_visible()


def test_a_task_that_somebody_takes_leaves_the_free_ones_and_typed_words_stay(house: House, boss: Page) -> None:
    boss.goto(f"{house.url}/desk/work?of=mine")
    with house.store.read() as session:
        mine, other = work_list(session, kinds=["voice_note"])[:2]
    expect(boss.locator(f"#task-{other.id}")).to_be_visible()
    boss.locator(f"#take-{mine.id}").click()
    expect(boss.locator("#state")).to_contain_text("I have it")
    boss.goto(f"{house.url}/desk/work?of=mine")
    with house.store.begin() as session:
        take(session, house.now(), other.id, house.agents[0])
    expect(boss.locator(f"#task-{other.id}")).to_have_count(0)
    boss.locator(f"#open-{mine.id}").click()
    boss.get_by_role("textbox", name="Address").fill("12 Civil Lines")
    with house.store.begin() as session:
        assign(session, house.now(), mine.id, house.agents[1])
    expect(boss.locator("#state")).to_contain_text(f"{scene.NAMES[1]} has it")
    expect(boss.get_by_role("textbox", name="Address")).to_have_value("12 Civil Lines")
    with house.store.begin() as session:
        assign(session, house.now(), mine.id, house.boss)
    expect(boss.locator("#state")).to_contain_text("I have it")
    boss.get_by_role("button", name="Done", exact=True).click()
    expect(boss.get_by_text("Choose what came of it.")).to_be_visible()
    boss.get_by_role("textbox", name="Address").fill("12 Civil Lines")
    boss.get_by_role("button", name="Save").click()
    expect(boss.get_by_role("status").first).to_contain_text("Name and address are saved")
    expect(boss.locator(f"#task-{mine.id}")).to_have_count(0)


def test_a_recording_is_heard_and_plays_on_when_the_conversation_does(house: House, boss: Page) -> None:
    boss.goto(f"{house.url}/desk/conversation/c11")
    boss.locator("audio").evaluate("audio => { audio.dataset.mine = 'yes'; }")
    with house.store.begin() as session:
        add_turns(session, house.now(), "c11", scene.HINDI[:1])
    expect(boss.locator("#line-9")).to_be_visible()
    with house.store.begin() as session:
        add_turns(session, house.now(), "c11", scene.HINDI[:1])
    expect(boss.locator("#line-10")).to_be_visible()
    expect(boss.locator("audio[data-mine]")).to_have_count(1)
    length = boss.locator("audio").evaluate(
        """audio => new Promise((heard, broken) => {
             audio.onloadedmetadata = () => heard(audio.duration);
             audio.onerror = () => broken(audio.error.message);
             audio.load(); audio.preload = "auto"; })"""
    )
    assert length == pytest.approx(3.0, abs=0.1)
    with house.store.begin() as session:
        keep(session, house.now(), "c11", b"\xff" * 8000, 1.0)
        add_turns(session, house.now(), "c11", scene.HINDI[:1])
    expect(boss.locator("audio")).to_have_count(2)


@pytest.fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desk", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height, scheme = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        yield from watched(context.new_page())


@pytest.mark.parametrize("language", ["hi", "en"])
def test_no_page_breaks_wcag_in_either_language(house: House, screen: Page, language: str) -> None:
    enter(screen, house.url, "boss", "/desk/work", language)
    with house.store.begin() as session:
        task = work_list(session, kinds=["voice_note"])[0].id
        take(session, house.now(), task, house.boss)
    size = screen.viewport_size
    for name, path in (
        ("work", "/desk/work"), ("task", f"{WORK}/{task}"), ("supervisor", "/desk/supervisor"),
        ("call", "/desk/supervisor?call=c11"), ("conversation", "/desk/conversation/c11"),
    ):  # fmt: skip
        screen.goto(house.url + path)
        expect(screen.locator("html")).to_have_attribute("lang", language)
        if name == "supervisor":
            screen.locator("#hours-details summary").click()
        mark = f"{name}-{language}-{size['width'] if size else 0}"
        if SHOTS:
            screen.screenshot(path=f"{SHOTS}/{mark}.png", full_page=True)
        no_violations(screen, mark)
