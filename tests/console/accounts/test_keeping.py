"""What the gate's keeper does besides letting in: idle requests, sights, old rows, two administrators at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select

from booking.accounts import people
from booking.accounts.errors import LastAdministrator
from booking.accounts.roles import ADMINISTRATOR, AGENT
from booking.accounts.sign_ins import KEPT
from booking.audit import COMMAND_LINE
from console.accounts.routes import ROUTES
from ivr.gate import open_to
from models.accounts import Account, SignIn
from models.audit import AuditEntry
from models.store import Store
from tests.console.accounts.house import ASHA, START, Browser, Clock, account, application


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(sqlite_store: Store, clock: Clock) -> None:
    account(sqlite_store, "gita")
    flask = application(sqlite_store, clock)
    flask.add_url_rule("/poll", "poll", open_to(AGENT, idle=True)(lambda: "news"))
    gita = Browser(flask)
    gita.sign_in("gita")
    for _ in range(29):
        clock.later(minutes=1)
        assert gita.get("/poll").status_code == 200
    clock.later(minutes=1)
    assert gita.get("/poll").status_code == 302


def test_only_what_was_shown_is_noted_as_seen(sqlite_store: Store, clock: Clock) -> None:
    account(sqlite_store, "gita")
    flask = application(sqlite_store, clock)
    shown = open_to(AGENT, seen="booking")(lambda number: ("", 200 if number == "1" else 404))
    flask.add_url_rule("/b/<number>", "b", shown)
    gita = Browser(flask)
    gita.get("/b/1")
    gita.sign_in("gita")
    gita.get("/b/1")
    gita.get("/b/2")
    with sqlite_store.read() as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.what == "booking.seen")).all()
    assert [(e.who, e.subject, e.address) for e in seen] == [("gita", "booking:1", "203.0.113.7")]


def test_two_administrators_who_lock_each_other_at_once_do_not_both_succeed(store: Store) -> None:
    ids = [account(store, login, ADMINISTRATOR) for login in ("gita", "lata")]

    def lock(id: str) -> bool:
        try:
            with store.begin() as session:
                people.lock(session, START, COMMAND_LINE, id)
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(lock, ids)) == [False, True]
    with store.read() as session:
        assert session.scalar(select(func.count()).where(Account.locked_at.is_(None))) == 1


def test_one_login_is_made_once_also_by_two_at_once(store: Store) -> None:
    def make(_: int) -> bool:
        try:
            account(store, "gita")
        except people.LoginTaken:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(make, range(4))) == [False, False, False, True]


def test_old_sign_ins_are_forgotten(asha: Browser, house: Flask, store: Store, clock: Clock) -> None:
    clock.later(seconds=(KEPT + timedelta(days=1)).total_seconds())
    assert Browser(house).sign_in(ASHA).status_code == 303
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_every_form_of_accounts_is_sent_by_post() -> None:
    assert {methods for *_, methods in ROUTES} == {("GET",), ("POST",)}


def test_the_check_of_pages_finds_what_is_wrong_with_one(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tests.console.axe import WCAG

    page.set_content('<html lang="en"><title>x</title><p style="color:#bbb;background:#fff">faint</p><input></html>')
    found = {v["id"] for v in Axe().run(page, options=WCAG).response["violations"]}
    assert {"color-contrast", "label"} <= found


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/account", "/accounts", "/audit", "/new-password/x"])
def test_odd_methods_are_no_way_around(asha: Browser, path: str) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        assert asha.client.open(path, method=method).status_code == 405
    assert asha.client.open(path, method="HEAD").status_code < 500
