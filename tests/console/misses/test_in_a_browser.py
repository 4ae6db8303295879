"""The pages of misses in a real browser, at a desk and on a phone, in both languages, by axe-core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ivr.helpline import Helpline
from tests.console.accounts.house import ASHA
from tests.console.axe import sound
from tests.console.desk.house import enter, listening
from tests.console.misses.house import HOME, UNKNOWN, call


@pytest.fixture
def url(helpline: Helpline, house: Flask) -> Iterator[str]:
    call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    call(helpline, "बुकिंग करनी है", "टैक्स नंबर वाला परमिशन पर्ची", UNKNOWN, "पैन कार्ड")
    call(helpline, "पैन कार्ड बनवाना है", "बिरगाँव?", "नहीं", "रायपुर")
    call(helpline, "बुकिंग करनी है", "भैंस", "भैंस वाला", "भैंस")
    call(helpline, "बुकिंग करनी है", "आय प्रमाण पत्र", "रायपुर")
    with listening(house) as url:
        yield url


def test_a_miss_is_found_looked_at_assigned_and_gone_from_the_list(screen: tuple[Page, str], url: str) -> None:
    page, language = screen
    enter(page, url, ASHA, HOME, language)
    group = page.locator("li.group").filter(has_text=UNKNOWN).first
    group.locator("summary").click()
    sound(page, "misses")
    group.locator(".to-form").press("Enter")
    form = page.locator("li.open form")
    expect(form.locator("#phrases")).to_be_focused()
    expect(form.locator("#target")).to_have_value("services.pan_card")
    expect(page.locator(".htmx-settling, .htmx-added")).to_have_count(0)
    form.locator("#find").press_sequentially("रायपुर", delay=40)
    expect(form.locator("#target option")).to_have_count(2)  # the chosen one stays
    form.locator("#find").fill("")
    expect(form.locator("#target optgroup")).to_have_count(8)
    form.locator("#phrases").fill("")
    form.locator("button[value=look]").click()
    expect(page.locator("#phrases-wrong")).to_be_visible()
    sound(page, "misses-refused")
    page.locator("#phrases").fill("टैक्स वाला नंबर\nआय प्रमाण पत्र")
    page.locator("button[value=look]").click()
    expect(page.locator(".effect")).to_be_visible()
    sound(page, "misses-effect")
    page.locator("#phrases").fill("टैक्स वाला नंबर")
    page.locator("button[value=assign]").click()
    expect(page.locator("li.done .told")).to_be_visible()
    expect(page.locator("li.done .acts a")).to_be_focused()
    sound(page, "misses-done")
    quick = page.locator("li.group").filter(has_text="बिरगाँव").locator("button[value=quick]")
    quick.click()  # that "Birgaon" means Raipur is not simply taken
    expect(page.locator("li.open .alert")).to_be_visible()
    sound(page, "misses-quick")
    page.goto(f"{url}{HOME}?state=assigned")
    expect(page.locator("li.group h3")).to_have_text([UNKNOWN])
    sound(page, "misses-assigned")
    page.goto(f"{url}{HOME}")
    expect(page.locator("li.group").filter(has_text=UNKNOWN)).to_have_count(0)


def test_a_phrase_from_a_miss_is_published_and_understood_in_the_next_call(
    browser: Browser, helpline: Helpline, house: Flask
) -> None:
    assert not call(helpline, "बुकिंग करनी है", UNKNOWN).state.filled.get("service")
    call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    with listening(house) as url, browser.new_context() as context:
        page = context.new_page()
        enter(page, url, ASHA, HOME, "hi")
        group = page.locator("li.group").filter(has_text=UNKNOWN).first
        group.locator("summary").click()
        group.locator(".to-form").press("Enter")
        expect(page.locator(".htmx-settling, .htmx-added")).to_have_count(0)
        page.locator("#phrases").fill("टैक्स वाला नंबर")
        page.locator("button[value=assign]").click()
        expect(page.locator("li.done .told")).to_be_visible()
        page.goto(f"{url}/admin/prompts/1/publish")
        page.locator("#rehearsal button").click()
        page.locator("#note").fill("अनसमझे से")
        page.locator("main form button").last.click()
        expect(page.get_by_role("status").first).to_be_visible()
    assert call(helpline, "बुकिंग करनी है", UNKNOWN).state.filled["service"] == "pan_card"
