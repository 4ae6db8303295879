"""Signing in and out, and what keeps others from it."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import ASHA, KEY, RAVI, WORD, Browser, Clock, account, application, at

WRONG = "Login or password is wrong."
LOCKED_OUT = "Too many failed tries"


def text(browser: Browser, login: str, password: str) -> str:
    return browser.sign_in(login, password).get_data(as_text=True)


def test_login_and_password_let_in_and_lead_to_the_first_page_one_may_open(outsider: Browser) -> None:
    assert at(outsider.sign_in(ASHA)) == "/accounts"
    page = outsider.get("/accounts").get_data(as_text=True)
    assert "आशा साहू" in page
    assert "Audit trail" in page


def test_an_agent_sees_neither_the_pages_of_administrators_nor_a_way_to_them(ravi: Browser) -> None:
    assert 'href="/accounts"' not in ravi.get("/account").get_data(as_text=True)
    assert ravi.get("/accounts").status_code == 403


@pytest.mark.parametrize("typed", ["ASHA.SAHU", "  asha.sahu ", "ａsha.sahu"])
def test_a_login_counts_however_it_is_typed(outsider: Browser, typed: str) -> None:
    assert outsider.sign_in(typed).status_code == 303


def test_a_hindi_password_counts_however_a_keyboard_composes_it(store: Store, outsider: Browser) -> None:
    assert "ड़" in WORD  # one sign, or two
    assert outsider.sign_in(ASHA, WORD.replace("ड़", "ड़")).status_code == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (ASHA, "wrong"),
        (ASHA, ""),
        (ASHA, "x" * 10_000),
        (ASHA, WORD + " "),
        (ASHA, "\x00"),
        ("nobody.here", WORD),
        ("", WORD),
        ("x" * 10_000, "x" * 10_000),
        ("' OR 1=1 --", WORD),
        ("आशा", WORD),
        ("\x00asha", WORD),
    ],
)
def test_whatever_is_wrong_is_answered_alike(outsider: Browser, login: str, password: str) -> None:
    outsider.get("/sign-in?lang=en")
    answer = outsider.sign_in(login, password)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert WRONG in page
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_a_form_without_its_token_signs_nobody_in(outsider: Browser) -> None:
    assert outsider.raw("/sign-in", login=ASHA, password=WORD).status_code == 400
    assert not outsider.signed_in()


def test_the_token_of_another_browser_is_worth_nothing(house: Flask, outsider: Browser) -> None:
    stolen = Browser(house).token("/sign-in")
    outsider.get("/sign-in")
    assert outsider.raw("/sign-in", login=ASHA, password=WORD, csrf_token=stolen).status_code == 400


def test_a_session_that_somebody_put_into_the_browser_does_not_become_a_signed_in_one(house: Flask) -> None:
    attacker, victim = Browser(house), Browser(house)
    attacker.get("/sign-in")
    fixed = attacker.cookie
    victim.client.set_cookie("mitan", fixed)
    victim.sign_in(ASHA)
    assert victim.signed_in()
    assert victim.cookie != fixed
    assert not attacker.signed_in()


def test_signing_in_again_makes_a_new_sign_in(asha: Browser) -> None:
    first = asha.cookie
    asha.post("/sign-out", on="/account")
    asha.sign_in(ASHA)
    assert asha.cookie != first
    asha.client.set_cookie("mitan", first)
    assert not asha.signed_in()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "///evil.example",
        "/%0d%0aSet-Cookie:x=1",
        "/nothing-here",
        "account",
        "/" + "a" * 20_000,
        "http://localhost@evil.example/",
        "/sign-out",
        "/accounts\r\nX: y",
        "\x00/accounts",
    ],
)
def test_a_way_back_leads_nowhere_else(outsider: Browser, elsewhere: str) -> None:
    answer = outsider.sign_in(ASHA, next=elsewhere)
    assert (answer.status_code, at(answer)) == (303, "/accounts")


def test_a_way_back_leads_to_the_page_that_was_asked_for(outsider: Browser) -> None:
    sent = outsider.get("/audit?who=ravi&what=account")
    assert at(sent) == "/sign-in?next=/audit?who%3Dravi%26what%3Daccount"
    page = outsider.get(at(sent)).get_data(as_text=True)
    assert 'name="next" value="/audit?who=ravi&amp;what=account"' in page
    assert at(outsider.sign_in(ASHA, next="/audit?who=ravi&what=account")) == "/audit?who=ravi&what=account"


def test_scripts_and_forms_of_outsiders_are_refused_not_led_away(outsider: Browser) -> None:
    assert outsider.get("/accounts", Accept="application/json").status_code == 401
    assert outsider.raw("/accounts/new", login="x").status_code == 401


def test_after_five_wrong_passwords_the_login_waits_longer_each_time(outsider: Browser, clock: Clock) -> None:
    outsider.get("/sign-in?lang=en")
    for _ in range(5):
        assert WRONG in text(outsider, ASHA, "wrong")
    waits = []
    for _ in range(8):
        answer = outsider.sign_in(ASHA)  # the right one is of no use now
        assert answer.status_code == 429
        assert LOCKED_OUT in answer.get_data(as_text=True)
        waits.append(int(answer.headers["Retry-After"]))
        clock.later(seconds=waits[-1])
        assert WRONG in text(outsider, ASHA, "wrong")
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    clock.later(seconds=900)
    assert outsider.sign_in(ASHA).status_code == 303


def test_a_login_that_nobody_has_waits_just_as_one_that_exists(outsider: Browser) -> None:
    outsider.get("/sign-in?lang=en")
    known = [outsider.sign_in(ASHA, "wrong").status_code for _ in range(7)]
    unknown = [outsider.sign_in("nobody.here", "wrong").status_code for _ in range(7)]
    assert known == unknown == [400] * 5 + [429] * 2


def test_the_wait_of_one_login_is_not_that_of_another(outsider: Browser) -> None:
    for _ in range(6):
        outsider.sign_in(ASHA, "wrong")
    assert outsider.sign_in(RAVI).status_code == 303


def test_an_address_that_tries_many_logins_waits_too_and_others_do_not(house: Flask, outsider: Browser) -> None:
    codes = [outsider.sign_in(f"login-{n}", "wrong").status_code for n in range(31)]
    assert codes == [400] * 30 + [429]
    assert outsider.sign_in(ASHA).status_code == 429
    assert Browser(house, address="198.51.100.9").sign_in(ASHA).status_code == 303


def test_the_right_password_makes_the_wrong_ones_forgotten(outsider: Browser) -> None:
    for _ in range(3):
        for _ in range(4):
            outsider.sign_in(ASHA, "wrong")
        assert outsider.sign_in(ASHA).status_code == 303
        outsider.post("/sign-out", on="/account")


def test_wrong_passwords_are_forgotten_after_a_day(outsider: Browser, clock: Clock) -> None:
    for _ in range(4):
        outsider.sign_in(ASHA, "wrong")
    clock.later(hours=25)
    for _ in range(4):
        assert outsider.sign_in(ASHA, "wrong").status_code == 400


def test_a_locked_account_says_so_only_to_who_knows_its_password(house: Flask, asha: Browser, store: Store) -> None:
    gita = account(store, "gita")
    asha.post(f"/accounts/{gita}/lock", on=f"/accounts/{gita}")
    gita_s = Browser(house)
    gita_s.get("/sign-in?lang=en")
    assert WRONG in text(gita_s, "gita", "wrong")
    assert "This account is locked" in text(gita_s, "gita", WORD)
    assert not gita_s.signed_in()


def test_nobody_is_signed_in_after_half_an_hour_without_a_request(asha: Browser, clock: Clock) -> None:
    for _ in range(5):
        clock.later(minutes=28)
        assert asha.signed_in()
    clock.later(minutes=30)
    assert not asha.signed_in()


def test_nobody_stays_signed_in_longer_than_half_a_day(asha: Browser, clock: Clock) -> None:
    for _ in range(28):
        clock.later(minutes=25)
        assert asha.signed_in()
    clock.later(minutes=20)
    assert not asha.signed_in()


def test_a_signed_out_browser_is_out_even_with_its_old_cookie(asha: Browser) -> None:
    kept = asha.cookie
    assert at(asha.post("/sign-out", on="/account")) == "/sign-in"
    asha.client.set_cookie("mitan", kept)
    assert not asha.signed_in()


def test_signing_out_everywhere_ends_all_browsers(house: Flask, asha: Browser) -> None:
    other = Browser(house)
    other.sign_in(ASHA)
    asha.post("/account/sign-out-everywhere", on="/account")
    assert not asha.signed_in()
    assert not other.signed_in()


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c + "x", lambda c: c[1:], lambda c: "", lambda c: c.upper()]
)
def test_a_cookie_that_was_tampered_with_is_worth_nothing(asha: Browser, change: object) -> None:
    asha.client.set_cookie("mitan", change(asha.cookie))  # type: ignore[operator]
    assert not asha.signed_in()


def test_a_cookie_signed_with_another_key_is_worth_nothing(store: Store, asha: Browser, clock: Clock) -> None:
    elsewhere = Browser(application(store, clock, secret="x" * 64))
    elsewhere.client.set_cookie("mitan", asha.cookie)
    assert not elsewhere.signed_in()


def test_the_processes_of_one_house_know_the_same_people(store: Store, asha: Browser, clock: Clock) -> None:
    second = Browser(application(Store(store.engine.url.render_as_string(False)), clock, KEY))
    second.client.set_cookie("mitan", asha.cookie)
    assert second.signed_in()
    second.post("/sign-out", on="/account")
    assert not asha.signed_in()


def test_the_cookie_is_for_our_pages_only_and_over_https_only_where_we_have_it(
    house: Flask, store: Store, clock: Clock
) -> None:
    plain = Browser(house).get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    safe = Browser(application(store, clock, secure=True), base="https://localhost")
    safe_cookie = safe.get("/sign-in").headers["Set-Cookie"]
    assert safe_cookie.startswith("__Host-mitan=")
    assert "Secure;" in safe_cookie
    assert safe.sign_in(RAVI).status_code == 303
    assert safe.signed_in()


def test_pages_of_people_are_kept_by_no_cache(asha: Browser) -> None:
    for path in ("/accounts", "/account", "/audit"):
        assert asha.get(path).headers["Cache-Control"] == "no-store"
