"""One's own account: password, second step, one-time links."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask

from models.accounts import Account
from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, WORD, Browser, Clock, at

NEW = "सात हरे तोते उड़ गए"


def change(browser: Browser, old: str, new: str, again: str | None = None) -> str:
    answer = browser.post("/account/password", old=old, new=new, again=new if again is None else again)
    return answer.get_data(as_text=True) if answer.status_code != 303 else at(answer)


def test_a_changed_password_signs_out_all_other_browsers_and_the_old_one_is_gone(house: Flask, ravi: Browser) -> None:
    other = Browser(house)
    other.sign_in(RAVI)
    assert change(ravi, WORD, NEW) == "/account"
    assert ravi.signed_in()
    assert not other.signed_in()
    assert other.sign_in(RAVI).status_code == 400
    assert other.sign_in(RAVI, NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "This password is not right"),
        (WORD, "short", "short", "at least 12 characters"),
        (WORD, "x" * 10_000, "x" * 10_000, "more than 200 characters"),
        (WORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "easy to guess"),
        (WORD, "my login is Ravi!", "my login is Ravi!", "easy to guess"),
        (WORD, WORD, WORD, "is the old one"),
        (WORD, NEW, NEW + "x", "differ"),
        (WORD, "", "", "at least 12 characters"),
    ],
)
def test_a_password_that_is_none_is_refused_with_the_reason(
    ravi: Browser, old: str, new: str, again: str, said: str
) -> None:
    page = change(ravi, old, new, again)
    assert said in page
    assert 'aria-invalid="true"' in page
    assert new not in page or len(new) < 6


def test_a_stolen_browser_cannot_try_passwords_for_ever(ravi: Browser) -> None:
    said = [change(ravi, f"wrong-{n}", NEW) for n in range(6)]
    assert all("This password is not right" in page for page in said[:5])
    assert "Too many failed tries" in said[5]


def secret_of(browser: Browser) -> str:
    page = browser.get("/account/second-step").get_data(as_text=True)
    assert "<svg" in page
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


def code(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


@pytest.fixture
def secret(ravi: Browser, clock: Clock) -> str:
    """Ravi's second step is on."""
    made = secret_of(ravi)
    assert at(ravi.post("/account/second-step", code=code(made, clock))) == "/account"
    clock.later(seconds=60)
    return made


def test_with_a_second_step_the_password_alone_lets_nobody_in(house: Flask, secret: str, clock: Clock) -> None:
    browser = Browser(house)
    assert at(browser.sign_in(RAVI)) == "/sign-in/code"
    assert not browser.signed_in()
    assert browser.post("/sign-in/code", code=code(secret, clock)).status_code == 303
    assert browser.signed_in()


def test_a_code_is_taken_once_also_when_it_is_seen_over_a_shoulder(house: Flask, secret: str, clock: Clock) -> None:
    first, second = Browser(house), Browser(house)
    used = code(secret, clock)
    for browser in (first, second):
        browser.sign_in(RAVI)
        browser.post("/sign-in/code", code=used)
    assert first.signed_in()
    assert not second.signed_in()


@pytest.mark.parametrize("typed", ["", "000000x", "१२३४५६", "x" * 10_000, "-1", "\x00"])
def test_a_code_that_is_none_lets_nobody_in(house: Flask, secret: str, typed: str) -> None:
    browser = Browser(house)
    browser.sign_in(RAVI)
    assert browser.post("/sign-in/code", code=typed).status_code == 400
    assert not browser.signed_in()


def test_a_code_of_a_clock_half_a_minute_off_is_taken_and_an_older_one_is_not(
    house: Flask, secret: str, clock: Clock
) -> None:
    browser = Browser(house)
    browser.sign_in(RAVI)
    old = pyotp.TOTP(secret).at(int(clock.now().timestamp()) - 90)
    assert browser.post("/sign-in/code", code=old).status_code == 400
    late = pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30)
    assert browser.post("/sign-in/code", code=f"{late[:3]} {late[3:]}").status_code == 303


def test_codes_cannot_be_tried_for_ever_not_even_from_new_browsers(house: Flask, secret: str, clock: Clock) -> None:
    answers = []
    for _ in range(6):
        browser = Browser(house)
        browser.sign_in(RAVI)
        answers.append(browser.post("/sign-in/code", code="000000").status_code)
    assert answers == [400] * 5 + [429]
    assert browser.post("/sign-in/code", code=code(secret, clock)).status_code == 429


def test_half_a_sign_in_ends_after_five_minutes_and_with_the_password(
    house: Flask, ravi: Browser, secret: str, clock: Clock
) -> None:
    slow, other = Browser(house), Browser(house)
    slow.sign_in(RAVI)
    other.sign_in(RAVI)
    token = other.token("/sign-in/code")
    assert change(ravi, WORD, NEW) == "/account"
    assert at(other.raw("/sign-in/code", csrf_token=token, code=code(secret, clock))) == "/sign-in"
    clock.later(minutes=6)
    assert at(slow.get("/sign-in/code")) == "/sign-in"


def test_the_second_step_begins_only_with_a_right_code_and_ends_only_with_the_password(
    ravi: Browser, store: Store, clock: Clock
) -> None:
    made = secret_of(ravi)
    assert ravi.post("/account/second-step", code="000000").status_code == 400
    assert secret_of(ravi) == made  # the picture stays the same while it is being read
    ravi.post("/account/second-step", code=code(made, clock))
    assert ravi.post("/account/second-step/off", old="wrong").status_code == 400
    assert ravi.post("/account/second-step/off", old=WORD).status_code == 303
    with store.read() as session:
        assert {a.totp_secret for a in session.query(Account)} == {None}


def link_for(asha: Browser, id: str) -> str:
    page = asha.post(f"/accounts/{id}/link", on=f"/accounts/{id}").get_data(as_text=True)
    found = re.search(r'value="http://localhost(/new-password/[^"]+)"', page)
    assert found
    return found[1]


def id_of(store: Store, login: str) -> str:
    with store.read() as session:
        return session.query(Account.id).filter_by(login=login).scalar()


def test_a_link_sets_a_password_once_and_signs_out_everywhere(
    store: Store, asha: Browser, ravi: Browser, house: Flask
) -> None:
    link, browser = link_for(asha, id_of(store, RAVI)), Browser(house)
    assert ravi.signed_in()  # until the link is used nothing changes
    assert "Choose your password" in browser.get(f"{link}?lang=en").get_data(as_text=True)
    assert at(browser.post(link, new=NEW, again=NEW)) == "/sign-in"
    assert not ravi.signed_in()
    assert browser.get(link).status_code == 410
    assert browser.raw(link, csrf_token=browser.token("/sign-in"), new=WORD, again=WORD).status_code == 410
    assert browser.sign_in(RAVI, NEW).status_code == 303


def test_a_link_that_is_old_replaced_or_made_up_does_not_work(
    store: Store, asha: Browser, outsider: Browser, clock: Clock
) -> None:
    ravi = id_of(store, RAVI)
    first, second = link_for(asha, ravi), link_for(asha, ravi)
    assert outsider.get(first).status_code == 410
    assert outsider.get(second).status_code == 200
    clock.later(hours=48)
    assert outsider.get(second).status_code == 410
    for made_up in ("x", "x" * 10_000, "%00", "आशा", "..%2f"):
        assert outsider.get(f"/new-password/{made_up}").status_code in (404, 410)


def test_a_link_of_a_locked_account_does_not_work(store: Store, asha: Browser, outsider: Browser) -> None:
    ravi = id_of(store, RAVI)
    link = link_for(asha, ravi)
    asha.post(f"/accounts/{ravi}/lock", on=f"/accounts/{ravi}")
    assert outsider.get(link).status_code == 410


def test_whoever_got_a_made_up_password_changes_it_before_anything_else(store: Store, outsider: Browser) -> None:
    with store.begin() as session:
        session.query(Account).filter_by(login=ASHA).one().must_change = True
    outsider.sign_in(ASHA)
    assert at(outsider.get("/accounts")) == "/account/password"
    assert outsider.get("/audit", Accept="application/json").status_code == 403
    assert change(outsider, WORD, NEW) == "/account"
    assert outsider.get("/accounts").status_code == 200
