"""The pages of notices beside those of prompts: Asha administers, Ravi is an agent, Esha edits, Prem publishes."""

from __future__ import annotations

from flask import Flask

from booking.wording import notices
from console.notices import parts, routes
from ivr.wordings import Wordings
from models.store import Store
from tests.console.accounts.house import Clock
from tests.console.prompts import house

HOME = "/admin/notices"


def furnished(store: Store, clock: Clock) -> Flask:
    flask = house.furnished(store, clock)
    parts.install(flask, Wordings(store, notices()))
    flask.register_blueprint(routes.blueprint())
    return flask
