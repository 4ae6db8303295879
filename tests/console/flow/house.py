"""The pages of the flow beside those of prompts: Asha administers, Ravi is an agent, Esha edits, Sunita supervises."""

from __future__ import annotations

from flask import Flask

from booking.accounts.roles import SUPERVISOR
from console.desk.conversation import routes as conversation
from console.flow import routes
from models.store import Store
from tests.console.accounts.house import Clock, account
from tests.console.prompts import house

HOME, SUNITA = "/admin/flow", "sunita"


def furnished(store: Store, clock: Clock) -> Flask:
    flask = house.furnished(store, clock)
    account(store, SUNITA, SUPERVISOR, name="सुनीता")
    flask.register_blueprint(routes.blueprint())
    flask.register_blueprint(conversation.blueprint())
    return flask
