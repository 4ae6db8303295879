"""The console's real pages over a store, without calls; people who use them with a cookie jar and forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.accounts import credentials, people
from booking.accounts.people import NewAccount
from booking.accounts.roles import ADMINISTRATOR, AGENT, EDITOR, PUBLISHER
from booking.audit import COMMAND_LINE
from booking.zone import ZONE
from console import keeper
from console.accounts import routes
from console.deps import ConsoleDeps, rules_of
from ivr.settings import Accounts
from models.store import Store

START = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
WORD = "आम का पेड़ और नीली नाव"  # everybody's password
KEY = "k" * 64
ASHA, RAVI = "asha.sahu", "ravi"
ESHA, PREM = "esha", "prem"
PAGE = {"Accept": "text/html"}


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def later(self, **delta: float) -> None:
        self.at += timedelta(**delta)


def application(store: Store, clock: Clock, secret: str = KEY, secure: bool = False) -> Flask:
    """The pages of one server process."""
    flask = Flask("mitan", static_folder=None)
    brand = {"hi": "मितान", "en": "Mitan"}
    ours = ConsoleDeps(
        store, clock.now, rules_of(Accounts()), brand, "14545", secret, secure, lambda: "http://localhost"
    )
    keeper.install(flask, ours)
    flask.register_blueprint(routes.blueprint())
    return flask


def account(store: Store, login: str, *roles: str, name: str = "आशा साहू", language: str = "en") -> str:
    """The id of a new account that has chosen its password."""
    with store.begin() as session:
        made = people.create(session, START, COMMAND_LINE, NewAccount(login, name, roles or (AGENT,), language))
        credentials.set_password(session, START, COMMAND_LINE, made.id, WORD)
        made.must_change = False
    return made.id


def founded(store: Store) -> None:
    """Asha administers, Ravi is an agent."""
    account(store, ASHA, ADMINISTRATOR)
    account(store, RAVI, AGENT, name="रवि वर्मा")


@dataclass
class Browser:
    """A browser: cookies, and forms sent with the token of the page they stand on."""

    flask: Flask
    address: str = "203.0.113.7"
    base: str = "http://localhost"
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.flask.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, on: str = "", **fields: object) -> TestResponse:
        """Send a form of the page `on` (default: the page at the same address)."""
        token = self.token(on or path)
        return self._ask("POST", path, {"csrf_token": token, **fields}, {"Referer": f"{self.base}{on or path}"})

    def raw(self, path: str, **fields: object) -> TestResponse:
        """Send a form without any token."""
        return self._ask("POST", path, fields, {})

    def token(self, on: str) -> str:
        return csrf(self.get(on).get_data(as_text=True))

    def sign_in(self, login: str, password: str = WORD, **fields: object) -> TestResponse:
        return self.post("/sign-in", login=login, password=password, **fields)

    def signed_in(self) -> bool:
        return self.get("/account").status_code == 200

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("mitan")
        return found.value if found else ""

    def _ask(self, method: str, path: str, data: object, headers: dict[str, str]) -> TestResponse:
        return self.client.open(
            path, method=method, data=data, headers={**PAGE, **headers}, base_url=self.base,
            environ_overrides={"REMOTE_ADDR": self.address},
        )  # fmt: skip


def csrf(html: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', html)
    return found[1] if found else ""


def at(answer: TestResponse) -> str:
    """Where an answer leads."""
    return answer.headers.get("Location", "")


def entered(house: Flask, login: str) -> Browser:
    """Somebody's browser, signed in."""
    browser = Browser(house)
    assert browser.sign_in(login).status_code == 303
    return browser


def everybody(store: Store) -> None:
    """The administrator, the agent, the editor and the publisher."""
    founded(store)
    account(store, ESHA, EDITOR, name="ईशा")
    account(store, PREM, PUBLISHER, name="प्रेम")
