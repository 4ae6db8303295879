"""The telephone of an agent over Twilio's Voice SDK: our page with the real token, and a fake of the SDK's object."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

from console.desk.telephone import Telephones
from ivr.carriers.twilio.browser_leg import HOSTS, Key, access_token, browser_phone
from models.store import Store
from tests.console.accounts.house import RAVI, Browser, Clock, application, founded
from tests.console.accounts.test_own_account import id_of
from tests.console.axe import no_violations
from tests.console.calling import until
from tests.console.desk.house import enter, furnished, listening, standing

KEY = Key("AC" + "1" * 32, "SK" + "2" * 32, "the secret of an API key that signs")
SDK = Path(__file__).with_name("voice_sdk.js")
ON, OFF = "Telephone connected", "Telephone not connected"


def telephones(works: bool = True) -> Telephones:
    return Telephones(lambda name: access_token(KEY, name), browser_phone(KEY if works else None))


@pytest.fixture
def url(sqlite_store: Store) -> Iterator[str]:
    founded(sqlite_store)
    with listening(furnished(application(sqlite_store, Clock()), telephones())) as url:
        yield url


@pytest.fixture
def desk(page: Page, url: str) -> Page:
    """An agent's page, whose telephone is known to the carrier."""
    page.route("**/vendor/twilio-voice.min.js", lambda route: route.fulfill(path=SDK, content_type="text/javascript"))
    enter(page, url, RAVI)
    standing(page, ON)
    return page


def carrier(desk: Page, what: str) -> Any:
    return desk.evaluate(f"carrier.{what}")


def test_the_token_names_the_agent_is_signed_by_the_key_and_takes_calls_only(sqlite_store: Store) -> None:
    founded(sqlite_store)
    browser = Browser(furnished(application(sqlite_store, Clock()), telephones()))
    assert browser.get("/desk/telephone", Accept="application/json").status_code == 401
    browser.sign_in(RAVI)
    given = browser.get("/desk/telephone").get_json()["token"]
    said = jwt.decode(given, KEY.secret, algorithms=["HS256"])
    assert (said["iss"], said["sub"], said["grants"]["identity"]) == (KEY.sid, KEY.account, id_of(sqlite_store, RAVI))
    assert said["grants"]["voice"] == {"incoming": {"allow": True}}
    assert 3500 < said["exp"] - time.time() <= 3600


def test_only_a_page_with_a_telephone_may_reach_the_carrier(sqlite_store: Store) -> None:
    founded(sqlite_store)
    browser = Browser(furnished(application(sqlite_store, Clock()), telephones()))
    browser.sign_in(RAVI)
    with_one = browser.get("/telephone").headers["Content-Security-Policy"]
    assert f"connect-src 'self' {' '.join(HOSTS)};" in with_one
    assert "twilio" not in browser.get("/account").headers["Content-Security-Policy"]


def test_without_a_key_the_page_says_that_there_is_no_telephone(sqlite_store: Store, page: Page) -> None:
    founded(sqlite_store)
    with listening(furnished(application(sqlite_store, Clock()), telephones(works=False))) as url:
        enter(page, url, RAVI)
        expect(page.locator("main")).to_contain_text("There is no telephone in the browser here")
        assert page.locator("#telephone-panel").count() == 0


def test_the_published_sdk_starts_under_our_policy_and_says_when_it_cannot_connect(page: Page, url: str) -> None:
    page.context.route("**/*", lambda r: r.continue_() if r.request.url.startswith(url) else r.abort())
    page.route_web_socket("wss://voice-js.roaming.twilio.com/**", lambda socket: socket.close(code=1011))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    enter(page, url, RAVI)
    standing(page, OFF)
    assert page.evaluate("Twilio.Device.isSupported")
    expect(page.locator("#telephone-notice")).to_contain_text("The line was lost")
    assert [one for one in asked if "sdk.twilio.com" in one] == []  # no sounds of others


def test_a_call_rings_is_answered_muted_keyed_and_ended(desk: Page) -> None:
    carrier(desk, "ring()")
    standing(desk, "A call for you…")
    expect(desk.locator("body")).to_have_attribute("data-phone", "ringing")
    no_violations(desk)
    desk.get_by_role("button", name="Answer").click()
    standing(desk, "Connected")
    expect(desk.get_by_role("timer")).to_be_visible()
    mute = desk.get_by_role("button", name="Mute microphone")
    mute.click()
    assert carrier(desk, "call.silent") is True
    expect(desk.locator("#telephone-mute")).to_have_attribute("aria-pressed", "true")
    desk.locator("details").evaluate("details => (details.open = true)")
    desk.get_by_role("button", name="5", exact=True).click()
    assert carrier(desk, "call.keys") == "5"
    no_violations(desk)
    with desk.expect_request("**/desk/telephone/down") as told:
        desk.get_by_role("button", name="Hang up").click()
    assert told.value.method == "POST"
    standing(desk, ON)
    assert carrier(desk, "call.state") == "closed"


def test_a_call_is_refused_and_another_that_its_caller_gave_up_stops_ringing(desk: Page) -> None:
    carrier(desk, "ring()")
    desk.get_by_role("button", name="Refuse").click()
    standing(desk, ON)
    assert carrier(desk, "call.state") == "closed"
    carrier(desk, "ring()")
    standing(desk, "A call for you…")
    carrier(desk, "cancel()")
    standing(desk, ON)
    expect(desk.get_by_role("button", name="Answer")).to_be_hidden()


def test_a_second_call_while_one_is_up_is_refused_at_once(desk: Page) -> None:
    carrier(desk, "ring()")
    desk.get_by_role("button", name="Answer").click()
    standing(desk, "Connected")
    desk.evaluate("() => { globalThis.first = carrier.call; carrier.ring(); }")
    assert carrier(desk, "call.state") == "closed"
    assert desk.evaluate("first.state") == "open"
    standing(desk, "Connected")


def test_the_token_is_renewed_before_its_end_and_after_an_error_that_says_so(desk: Page) -> None:
    carrier(desk, "device.emit('tokenWillExpire')")
    until(desk, lambda: carrier(desk, "device.tokens.length") == 2)
    carrier(desk, "device.emit('error', { code: 20104 })")
    until(desk, lambda: carrier(desk, "device.tokens.length") == 3)
    standing(desk, ON)
    assert carrier(desk, "device.options.tokenRefreshMs") == 60_000


def test_a_lost_connection_is_said_and_ends_when_it_is_back(desk: Page) -> None:
    carrier(desk, "lose()")
    standing(desk, OFF)
    expect(desk.get_by_role("alert")).to_contain_text("The line was lost")
    expect(desk.locator("body")).to_have_attribute("data-phone", "offline")
    carrier(desk, "device.register()")
    standing(desk, ON)
    expect(desk.locator("#telephone-notice")).to_be_hidden()


def test_a_weak_line_in_a_call_is_said(desk: Page) -> None:
    carrier(desk, "ring()")
    desk.get_by_role("button", name="Answer").click()
    carrier(desk, "call.emit('reconnecting', {})")
    expect(desk.get_by_role("alert")).to_contain_text("The line is weak")
    carrier(desk, "call.emit('reconnected')")
    expect(desk.locator("#telephone-notice")).to_be_hidden()


def test_a_call_that_this_page_asked_for_is_answered_by_itself(desk: Page) -> None:
    desk.get_by_role("button", name="Listen").click()
    carrier(desk, "ring()")
    standing(desk, "Connected")
    carrier(desk, "call.disconnect()")
    standing(desk, ON)


def test_who_was_signed_out_is_told_to_sign_in(desk: Page) -> None:
    desk.context.clear_cookies()
    carrier(desk, "device.emit('tokenWillExpire')")
    expect(desk.get_by_role("alert")).to_contain_text("sign in again")
