"""A prompt is recorded with a real microphone of a browser, refused, sent again, heard; axe-core has no complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from models.store import Store
from tests.console.accounts.house import Clock
from tests.console.axe import sound
from tests.console.chromium import hearing, watched
from tests.console.desk.house import listening
from tests.console.prompts.house import HOME, furnished
from tests.console.prompts.test_in_a_browser import begun, opened
from tests.ivr.speech.sounds import file_of, spoken

LASTS = "a => new Promise(done => a.duration > 0 ? done(true) : (a.onloadedmetadata = () => done(true), a.load()))"


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    with listening(furnished(sqlite_store, Clock())) as url:
        yield url


@pytest.fixture(params=[(1280, 800, "en"), (390, 844, "hi")], ids=["desk", "phone"])
def talking(
    launch: Callable[..., Browser], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, str]]:
    """A page whose microphone hears somebody speak."""
    width, height, language = request.param
    (tmp_path / "said.wav").write_bytes(file_of(spoken(20, rate=48_000), "wav", "pcm_s16le", 48_000, 1))
    browser = launch(*hearing(tmp_path / "said.wav"))
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        for page in watched(context.new_page()):
            yield page, language


def test_what_the_microphone_took_is_sent_heard_published_and_a_bad_file_keeps_it_waiting(
    talking: tuple[Page, str], url: str
) -> None:
    page, language = talking
    begun(page, url, language)
    opened(page, '[data-key="help.ask"]')
    part = page.locator("#recording-hi")
    part.locator("button[type=submit]").click()
    expect(page.locator("#file-hi-wrong")).to_be_visible()
    part.locator("[data-record]").click()
    expect(part.locator(".clock")).to_have_text("0:02")
    sound(page, "recording")
    part.locator("[data-record]").click()
    expect(part.locator(".take audio")).to_be_visible()
    assert part.locator(".take audio").evaluate(LASTS)
    page.locator('[data-key="help.ask"] textarea[name=en]').fill("Half typed")
    part.locator("button[type=submit]").first.click()
    expect(part.locator(".tag[role=status]")).to_be_visible()
    assert part.locator("audio").first.evaluate(LASTS)
    expect(page.locator('[data-key="help.ask"] textarea[name=en]')).to_have_value("Half typed")
    part.scroll_into_view_if_needed()
    sound(page, "recorded")
    silent = {
        "name": "quiet.wav",
        "mimeType": "audio/wav",
        "buffer": file_of(np.zeros(9000, np.float32), "wav", "pcm_s16le"),
    }
    part.locator("input[type=file]").set_input_files([silent])  # type: ignore[list-item]
    part.locator("button[type=submit]").first.click()
    expect(page.locator("#file-hi-wrong")).to_be_visible()
    assert part.locator("input[type=file]").evaluate("f => f.files[0].name") == "quiet.wav"
    sound(page, "recording-refused")
    page.goto(f"{url}{HOME}/1?only=changed")
    page.locator('[data-key="help.ask"] audio').scroll_into_view_if_needed()
    sound(page, "recorded-list")
    page.goto(f"{url}{HOME}/1/publish")
    expect(page.locator(".players audio")).to_have_count(2)
    page.locator(".players").scroll_into_view_if_needed()
    sound(page, "recorded-publish")
