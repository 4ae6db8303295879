"""The agent's page over a store, with the real controls and a carrier that knows none of the calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from booking.desk import answers
from booking.desk.dispatch import dispatch
from booking.desk.presence import Post, come, ready
from booking.desk.rules import DeskRules
from booking.rules import VisitRules
from booking.seed import seed
from console.desk import deps, routes, telephone
from console.desk.deps import DeskDeps
from console.desk.telephone import Telephones
from ivr.bridge import BridgeFailed, BrowserPhone
from ivr.clock import Clock as RealClock
from ivr.desk.controls import Controls
from ivr.desk.listening import Listening
from ivr.desk.switchroom import Switchroom
from ivr.helpline import Helpline, helpline
from ivr.settings import Settings
from models.presence import Presence
from models.store import Store
from tests.console.accounts.house import START, Browser, Clock, application
from tests.console.desk.scene import waits

RULES = DeskRules()
Numbers = Callable[[], Mapping[str, int] | None]


@cache
def _words_and_flow(path: str) -> Helpline:
    """The helpline's flow, words and names; its own store has the catalogue only."""
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    with store.begin() as session:
        seed(session, START, VisitRules())
    return helpline(Settings(), store, RealClock(START))


class Elsewhere:
    """A carrier that has none of our calls: whatever it is asked to do, they are gone."""

    def __getattr__(self, name: str) -> Any:
        def gone(*_: Any, **__: Any) -> None:
            raise BridgeFailed("no such call", permanent=True)

        return gone


def desk(store: Store, clock: Clock, folder: Any, numbers: Numbers = lambda: None) -> Flask:
    """The page, as one server process has it; `numbers` stand for the state of the desk."""
    here = replace(_words_and_flow(str(folder / "catalogue.db")), store=store)
    room = Switchroom(here, RULES, Elsewhere, lambda agent: f"client:{agent}")  # type: ignore[arg-type]
    controls = Controls(room, Listening(room))
    flask = application(store, clock)
    deps.install(flask, DeskDeps(RULES, VisitRules(), here.names, here.flow, lambda: controls, numbers))
    flask.register_blueprint(routes.blueprint())
    telephone.install(flask, Telephones(lambda _: "token", BrowserPhone()))
    return flask


def signed_in(flask: Flask, login: str = "ravi", language: str = "en") -> Browser:
    """An agent, signed in, whose pages are in this language."""
    browser = Browser(flask)
    assert browser.sign_in(login).status_code == 303
    browser.get(f"/desk?lang={language}")
    return browser


def does(browser: Browser, path: str, **fields: object) -> TestResponse:
    """Press a button of the page, as its script does."""
    token = browser.token("/desk")
    headers = {"HX-Request": "true", "X-CSRFToken": token}
    return browser.client.post(path, data=fields, headers=headers, base_url=browser.base)


def is_ready(store: Store, agent: str, clock: Clock, **post: Any) -> None:
    """The agent comes to the desk and takes calls."""
    with store.begin() as session:
        come(session, clock.now(), agent, Post(**{"languages": ("hi", "en"), **post}))
        ready(session, clock.now(), agent)


def presence(store: Store, agent: str) -> Presence:
    """How the agent stands in the store."""
    with store.read() as session:
        return session.get_one(Presence, agent)


def offered(store: Store, clock: Clock, conversation: str = "c7", **entry: Any) -> int:
    """A caller who has waited for a minute is offered; the handoff."""
    row = waits(store, clock.now() - timedelta(minutes=1), conversation, **entry)
    assert [offer.handoff for offer in dispatch(store, clock.now(), RULES)] == [row.id]
    return row.id


def talks_with(store: Store, clock: Clock, agent: str, conversation: str = "c7", **entry: Any) -> int:
    """A caller is with this agent, the only one who is ready; the handoff."""
    handoff = offered(store, clock, conversation, **entry)
    with store.begin() as session:
        answers.accept(session, clock.now(), handoff, agent)
    return handoff


def text(answer: TestResponse | str) -> str:
    """What a page says, without its tags."""
    html = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    bare = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))
