"""Being at the desk: who is taken to be there, who can be heard, and who stays signed in, on both stores."""

from __future__ import annotations

import pytest
from flask import Flask

from booking.desk.presence import pause
from models.store import Store
from tests.console.accounts.house import Clock
from tests.console.desk.at_the_desk import does, is_ready, presence, signed_in, talks_with, text


def test_the_pages_of_an_agent_keep_a_sign_of_life(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    assert does(browser, "/desk/alive").status_code == 204  # never at the desk: nothing to keep
    is_ready(store, ravi, clock)
    clock.later(seconds=20)
    assert does(browser, "/desk/alive").status_code == 204
    assert presence(store, ravi).seen_at == clock.now()


def test_a_break_for_after_the_call_can_be_taken_back(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    talks_with(store, clock, ravi)
    assert "Then a break: Lunch" in text(does(browser, "/desk/break", reason="lunch"))
    answer = text(does(browser, "/desk/no-break"))
    assert "Then a break" not in answer
    assert presence(store, ravi).next_state == ""
    assert does(browser, "/desk/no-break").status_code == 200  # nothing to take back


def test_who_cannot_be_heard_does_not_become_ready_and_is_told_what_to_do(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    answer = does(browser, "/desk/ready", microphone="denied")
    assert answer.status_code == 409
    assert "The microphone is not allowed" in text(answer)
    does(browser, "/desk/post", languages="hi", phone="9826012345")  # the calls come there, not to the page
    assert does(browser, "/desk/ready", microphone="denied").status_code == 200
    assert presence(store, ravi).state == "ready"


def test_whose_microphone_was_taken_away_gets_no_more_calls(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    does(browser, "/desk/alive", microphone="granted", telephone="ready")
    assert presence(store, ravi).state == "ready"
    does(browser, "/desk/alive", microphone="denied", telephone="ready")
    assert (presence(store, ravi).state, presence(store, ravi).reason) == ("break", "technical")
    assert "On a break · Technical trouble" in text(browser.get("/desk/status"))


@pytest.mark.parametrize(
    ("phone", "state", "last"),
    [("ready", "ready", 204), ("offline", "ready", 401), ("", "ready", 401), ("ready", "break", 401)],
)
def test_who_is_ready_by_a_telephone_that_works_stays_signed_in(
    flask: Flask, store: Store, clock: Clock, ravi: str, phone: str, state: str, last: int
) -> None:
    browser = signed_in(flask)
    headers = {"X-CSRFToken": browser.token("/desk")}
    is_ready(store, ravi, clock)
    if state == "break":
        with store.begin() as session:
            pause(session, clock.now(), ravi, "lunch")
    for _ in range(31):
        clock.later(minutes=1)
        alive = browser.client.post("/desk/alive", data={"telephone": phone}, headers=headers, base_url=browser.base)
    assert alive.status_code == last


def test_who_is_ready_is_signed_out_after_the_longest_time_all_the_same(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    headers = {"X-CSRFToken": browser.token("/desk")}
    is_ready(store, ravi, clock)
    for _ in range(37):
        clock.later(minutes=20)
        alive = browser.client.post("/desk/alive", data={"telephone": "ready"}, headers=headers, base_url=browser.base)
    assert alive.status_code == 401


def test_a_long_talk_keeps_its_agent_signed_in_and_an_open_page_alone_does_not(
    flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str
) -> None:
    browsers = [signed_in(flask), signed_in(flask, "sunita")]
    tokens = [browser.token("/desk") for browser in browsers]
    is_ready(store, ravi, clock)
    talks_with(store, clock, ravi)
    for _ in range(31):
        clock.later(minutes=1)
        alive = [
            browser.client.post("/desk/alive", headers={"X-CSRFToken": token}, base_url=browser.base).status_code
            for browser, token in zip(browsers, tokens, strict=True)
        ]
    assert alive == [204, 401]
