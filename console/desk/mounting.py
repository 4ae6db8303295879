"""The desk's pages, added to the server's routes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask

from console.desk import live, routes
from console.desk.conversation import routes as conversation
from console.desk.deps import desk_deps_of, install
from console.desk.forms import mounting as forms
from console.desk.supervisor import routes as supervisor
from console.desk.work import routes as work
from ivr.assembly import Application

BLUEPRINTS: tuple[Callable[[], Blueprint], ...] = (
    routes.blueprint,
    work.blueprint,
    supervisor.blueprint,
    conversation.blueprint,
)


def mount(flask: Flask, application: Application, key: str) -> None:
    """All of it; `key` signs what lets a page listen."""
    install(flask, desk_deps_of(application))
    application.live = live.endpoint(application, key)
    for blueprint in BLUEPRINTS:
        flask.register_blueprint(blueprint())
    forms.mount(flask, application)
