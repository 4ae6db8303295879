"""The work list and the supervisor's page over a store, without calls: controls that only note what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from booking.accounts.roles import SUPERVISOR
from booking.desk.rules import DeskRules
from booking.errors import NotAllowed
from booking.rules import VisitRules
from console.desk import routes, telephone
from console.desk.conversation import routes as conversation
from console.desk.deps import DeskDeps, install
from console.desk.supervisor import routes as supervisor
from console.desk.telephone import Telephones
from console.desk.work import routes as work
from ivr.bridge import BridgeFailed, BrowserPhone
from ivr.desk.facts import Seated
from ivr.helpline import catalogue_of
from ivr.names import CatalogueNames
from models.store import Store
from tests.console.accounts.house import Browser, Clock, account, application


@dataclass
class Noting:
    """Stands for `ivr.desk.controls.Controls`, which tests/ivr/desk try with a carrier."""

    asked: list[tuple[str, ...]] = field(default_factory=list)
    inside: list[Seated] = field(default_factory=list)
    fails: str = ""

    def state(self, handoff: int) -> tuple[Seated, ...]:
        return tuple(self.inside)

    def supervise(self, supervisor: str, handoff: int, part: Any) -> None:
        if self.fails == "over":
            raise NotAllowed("nobody talks")
        if self.fails == "away":
            raise BridgeFailed("gone", permanent=True)
        self.asked.append((supervisor, part))
        self.inside.append(Seated(supervisor, part))

    def unsupervise(self, supervisor: str, handoff: int) -> None:
        self.asked.append((supervisor, "leave"))
        self.inside = [one for one in self.inside if one.who != supervisor]


def desk_pages(store: Store, clock: Clock, controls: Noting | None = None) -> Flask:
    """The pages as one server process has them."""
    flask = application(store, clock)
    names = CatalogueNames(catalogue_of(store))
    flow: Any = None  # only the agent's own page asks for it
    install(flask, DeskDeps(DeskRules(), VisitRules(), names, flow, lambda: controls))
    telephone.install(flask, Telephones(lambda _: "token", BrowserPhone()))
    for blueprint in (routes.blueprint, work.blueprint, supervisor.blueprint, conversation.blueprint):
        flask.register_blueprint(blueprint())
    return flask


def people(store: Store) -> dict[str, str]:
    """Two agents and a supervisor, and their accounts' ids."""
    made = {login: account(store, login, name=name) for login, name in (("ravi", "रवि साहू"), ("gita", "गीता वर्मा"))}
    return {**made, "boss": account(store, "boss", SUPERVISOR, name="सुनीता मिश्रा")}


def signed_in(flask: Flask, login: str) -> Browser:
    browser = Browser(flask)
    assert browser.sign_in(login).status_code == 303
    return browser
