"""Every route, as every role and as an outsider: what the route declares is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from booking.accounts.roles import ADMINISTRATOR, AGENT, ROLES
from console.api.service import PREFIX
from console.pages import mount
from ivr import gate
from ivr.assembly import Application, build, gateway
from ivr.clock import Clock
from ivr.gate import UndeclaredError, access_of, foreign, open_to, public, require_declared
from ivr.settings import Server, Settings
from models.store import Store
from tests.console.accounts.house import START, Browser, account

FOREIGN_REFUSALS = (400, 401, 403)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, Flask]]:
    """The server's real application with all its routes."""
    settings = Settings(server=Server(var_dir=tmp_path_factory.mktemp("var"), host="127.0.0.1", port=0))
    application = build(settings, Clock(START))
    kept: list[Flask] = []

    def pages(flask: Flask, ours: Application) -> None:
        mount(flask, ours)
        kept.append(flask)

    gateway(application, pages)
    for role in ROLES:
        account(application.helpline.store, f"only-{role}", role)
    yield application, kept[0]
    application.close()


def rules(flask: Flask) -> list[Rule]:
    return sorted(flask.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint))


def made_up(rule: Rule) -> str:
    """An address of the route; nothing is there."""
    return re.sub(r"<\w+>", "made-up", re.sub(r"<int:\w+>", "999", re.sub(r"<(?!int)\w+:\w+>", "made-up", rule.rule)))


def asked(browser: Browser, rule: Rule, method: str) -> int:
    """The status of a request to the route; its arguments are made up."""
    path = made_up(rule)
    if method == "POST":
        return browser.raw(path, csrf_token=browser.token("/account") or browser.token("/sign-in")).status_code
    return browser.get(path).status_code


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_route_lets_in_whom_it_declares_and_nobody_else(
    whole: tuple[Application, Flask], role: str | None
) -> None:
    _, flask = whole
    walked = 0
    for rule in rules(flask):
        access = access_of(flask, rule.endpoint)
        assert access is not None, rule
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            browser = Browser(flask, base="http://127.0.0.1")
            if role:
                browser.sign_in(f"only-{role}")
            status = asked(browser, rule, method)
            where = f"{role}: {method} {rule.rule} -> {status}"
            walked += 1
            if access.roles is None:
                assert status != (401 if access.form else 500), where
                assert not access.form or status != 403, where
            elif role is None:
                assert status == (302 if method == "GET" else 401), where
            elif role in access.roles:
                assert status not in (401, 403, 500), where
            else:
                assert status == 403, where
            if not access.form:
                assert status in FOREIGN_REFUSALS, where
    assert walked > 30


def test_a_form_route_is_shut_to_forms_that_are_not_ours(whole: tuple[Application, Flask]) -> None:
    _, flask = whole
    browser = Browser(flask, base="http://127.0.0.1")
    browser.sign_in(f"only-{ADMINISTRATOR}")
    for rule in rules(flask):
        access = access_of(flask, rule.endpoint)
        if (
            access
            and access.form
            and "POST" in (rule.methods or ())
            and (not access.roles or ADMINISTRATOR in access.roles)
        ):
            path = made_up(rule)
            assert browser.raw(path, csrf_token="x").status_code == 400, rule.rule
    assert browser.signed_in()


def test_what_is_handed_to_others_looks_after_itself(whole: tuple[Application, Flask]) -> None:
    _, flask = whole
    assert set(gate.mounted(flask)) == {PREFIX}
    browser = Browser(flask, base="http://127.0.0.1")
    browser.sign_in(f"only-{ADMINISTRATOR}")
    assert browser.get(f"{PREFIX}/bookings/12345678").status_code == 401  # a sign-in is no token


def test_every_route_says_why_it_is_open(whole: tuple[Application, Flask]) -> None:
    _, flask = whole
    assert all((a := access_of(flask, r.endpoint)) and len(a.why) > 5 for r in rules(flask))


def bare(view: object, keeper: bool = True) -> Flask:
    flask = Flask("bare", static_folder=None)
    flask.add_url_rule("/x", "x", view)  # type: ignore[arg-type]
    if keeper:
        flask.extensions[gate.KEEPER] = object()
    return flask


def test_a_route_that_says_nothing_stops_the_start() -> None:
    with pytest.raises(UndeclaredError, match=r"\(x\)"):
        require_declared(bare(lambda: ""), {})


@pytest.mark.parametrize("declared", [open_to("king"), open_to()])  # type: ignore[arg-type]
def test_a_route_for_nobody_or_for_a_role_that_does_not_exist_stops_the_start(declared: object) -> None:
    with pytest.raises(UndeclaredError, match="x"):
        require_declared(bare(declared(lambda: "")), {})  # type: ignore[operator]


def test_a_route_for_people_without_anybody_at_the_gate_stops_the_start() -> None:
    with pytest.raises(UndeclaredError, match="nobody checks"):
        require_declared(bare(open_to(AGENT)(lambda: ""), keeper=False), {})


def test_what_is_answered_beside_flask_must_be_declared_too() -> None:
    flask = bare(public("a test")(lambda: ""))
    require_declared(flask, {"/twilio/stream": object()})
    with pytest.raises(UndeclaredError, match="/secret"):
        require_declared(flask, {"/secret": object()})


def test_foreign_routes_take_posts_without_a_token_of_ours(whole: tuple[Application, Flask]) -> None:
    _, flask = whole
    assert not foreign("signed")(lambda: "").access.form  # type: ignore[attr-defined]
    named = {r.endpoint for r in rules(flask) if not (access_of(flask, r.endpoint) or gate.FILES).form}
    assert named
    assert {n.split(".")[0] for n in named} <= {"twilio", "receipts", "conferences", "bridge"}


def test_pages_say_when_the_store_is_away(tmp_path: Path, sqlite_store: Store) -> None:
    from tests.console.accounts.house import ASHA, application, founded
    from tests.console.accounts.house import Clock as Set

    founded(sqlite_store)
    browser = Browser(application(sqlite_store, Set()))
    browser.sign_in(ASHA)
    sqlite_store.close()
    Path(sqlite_store.engine.url.database or "").rename(tmp_path / "gone")
    Path(sqlite_store.engine.url.database or "").mkdir()
    answer = browser.get("/accounts")
    assert answer.status_code == 503
    assert "भंडार" in answer.get_data(as_text=True)
