"""All pages of the console, added to the server's routes."""

from __future__ import annotations

from flask import Flask

from booking.accounts.roles import AGENT, SUPERVISOR
from console import keeper
from console.accounts import routes as accounts
from console.api import mounting as api
from console.deps import deps_of
from console.person import somebody
from console.phone import routes as phone
from console.secret_key import secret_key
from ivr.assembly import Application
from ivr.carriers.twilio.browser_leg import address
from ivr.snapshot import snapshot


def mount(flask: Flask, application: Application) -> None:
    """The API, people's pages, and the browser phone where the built-in exchange is the carrier."""
    api.mount(flask, application)
    settings = application.settings
    key = secret_key(settings.server.var_dir, settings.console_secret.get_secret_value())
    keeper.install(flask, deps_of(application, key))
    flask.register_blueprint(accounts.blueprint())
    if application.exchange is None:
        return
    brand = application.settings.brand
    deps = phone.PhoneDeps(
        snapshot=lambda call: snapshot(application.helpline, call),
        helpline=brand.helpline,
        brand={"hi": brand.name_hi, "en": brand.name_en},
        agent=lambda: _agent_phone(application),
    )
    flask.register_blueprint(phone.blueprint(deps))


def _agent_phone(application: Application) -> phone.AgentPhone | None:
    """The telephone of who is signed in, called by their account's id; None: nobody who takes calls is."""
    found = somebody()
    if found is None or found.must_change or not found.roles & {AGENT, SUPERVISOR}:
        return None
    return phone.AgentPhone(found.name, address(found.account_id), application.bridge.token(found.account_id))
