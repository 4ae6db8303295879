"""What may be heard, in a real browser: a thief is seen before it is saved, a sentence is tried, typed and spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from console.prompts import ears
from dialogs.flow import Limits
from ivr.speech.models import load_models
from ivr.speech.recognise import Recognisers
from models.store import Store
from tests.console.accounts.house import ASHA, Clock
from tests.console.axe import sound
from tests.console.chromium import hearing
from tests.console.desk.house import enter, listening
from tests.console.prompts.house import HOME, furnished
from tests.console.prompts.test_in_a_browser import named, opened
from tests.ivr.speech.clips import AUDIO, SPEECH

LIST = '[data-key="services.income_certificate"]'
THIEF = "शादी का कागज"


@pytest.fixture
def house(sqlite_store: Store) -> Flask:
    return furnished(sqlite_store, Clock())


@pytest.fixture
def url(house: Flask) -> Iterator[str]:
    with listening(house) as url:
        yield url


@pytest.fixture
def with_recognisers(house: Flask) -> Iterator[None]:
    """The page hears as calls do, with the models of the tests."""
    own = Recognisers(SPEECH, load_models(SPEECH, download=False))
    application = SimpleNamespace(ears=own, helpline=SimpleNamespace(flow=SimpleNamespace(limits=Limits())))
    ears.install(house, ears.ears_of(application))  # type: ignore[arg-type]
    yield
    own.close()


def test_a_thief_is_seen_and_saved_knowingly_and_the_draft_understands_it(
    screen: tuple[Page, str],
    url: str,
) -> None:
    page, language = screen
    enter(page, url, ASHA, HOME, language)
    named(page)
    page.goto(f"{url}{HOME}/1?of=phrases.services")
    sound(page, "lists")
    opened(page, LIST)
    field = page.locator(f"{LIST} textarea[name=hi]")
    field.fill(f"{field.input_value()}\n{THIEF}")
    page.locator(f"{LIST} button[type=submit]").first.click()
    expect(page.locator(".doubts table")).to_contain_text(THIEF)
    expect(field).to_have_value(f"{field.input_value()}")
    page.locator(".doubts").scroll_into_view_if_needed()
    sound(page, "doubts")
    page.locator("button[name=anyhow]").click()
    expect(page.locator(f"{LIST} .tag[role=status]")).to_be_visible()
    page.goto(f"{url}{HOME}/1/publish")
    expect(page.locator("#weighed-title")).to_be_visible()
    sound(page, "publish-doubts")
    page.goto(f"{url}{HOME}/1/try")
    sound(page, "try")
    page.locator("#at").select_option("service")
    page.locator("#said").press_sequentially(THIEF)
    expect(page.locator("#tried .alert")).to_be_visible()
    expect(page.locator("#tried .reasons li").first).to_be_visible()
    expect(page.locator("#said")).to_be_focused()
    page.locator("#tried").scroll_into_view_if_needed()
    sound(page, "tried")


def test_a_sentence_is_said_into_the_page(launch: Callable[..., Browser], url: str, with_recognisers: None) -> None:
    page = launch(*hearing(AUDIO / "hi-14-city.wav")).new_page()
    enter(page, url, ASHA, HOME)
    named(page)
    page.goto(f"{url}{HOME}/1/try")
    page.locator("#at").select_option("city")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#speaking")).to_have_text("Listening…")
    page.wait_for_timeout(3000)  # the clip lasts 2 s, and a recording takes its time
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#tried")).to_contain_text("Heard: “")
    expect(page.locator("#tried .meant strong")).to_contain_text("City: ")
    sound(page, "spoken")


def test_without_a_microphone_the_page_says_so(page: Page, url: str) -> None:
    enter(page, url, ASHA, HOME)
    named(page)
    page.goto(f"{url}{HOME}/1/try")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("There is no microphone, or it is not allowed.")).to_be_visible()
