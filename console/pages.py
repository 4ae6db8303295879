"""All pages of the console, added to the server's routes."""

from __future__ import annotations

from flask import Flask

from console import keeper
from console.accounts import routes as accounts
from console.api import mounting as api
from console.closures import deps as calendar_deps
from console.closures import routes as calendar
from console.deps import deps_of
from console.desk import mounting as desk
from console.desk import telephone
from console.flow import routes as flow
from console.misses import routes as misses
from console.notices import parts as notices_parts
from console.notices import routes as notices
from console.phone import routes as phone
from console.phone import signed_in
from console.prompts import deps as prompts_deps
from console.prompts import ears
from console.prompts import routes as prompts
from console.secret_key import secret_key
from console.tables import deps as tables_deps
from console.tables import routes as tables
from ivr.assembly import Application
from ivr.bridge import waiting_name
from ivr.snapshot import snapshot


def mount(flask: Flask, application: Application) -> None:
    """The API, people's pages, and the browser phone where the built-in exchange is the carrier."""
    api.mount(flask, application)
    settings = application.settings
    key = secret_key(settings.server.var_dir, settings.console_secret.get_secret_value())
    keeper.install(flask, deps_of(application, key))
    flask.register_blueprint(accounts.blueprint())
    desk.mount(flask, application, key)
    prompts_deps.install(flask, prompts_deps.deps_of(application))
    ears.install(flask, ears.ears_of(application))
    flask.register_blueprint(prompts.blueprint())
    calendar_deps.install(flask, calendar_deps.deps_of(application))
    flask.register_blueprint(calendar.blueprint())
    tables_deps.install(flask, tables_deps.deps_of(application))
    flask.register_blueprint(tables.blueprint())
    flask.register_blueprint(flow.blueprint())
    notices_parts.install(flask, application.helpline.wordings)
    flask.register_blueprint(notices.blueprint())
    flask.register_blueprint(misses.blueprint())
    if application.exchange is not None:
        flask.register_blueprint(phone.blueprint(_phone_deps(application)))
    telephone.install(flask, telephone.telephones_of(application))


def _phone_deps(application: Application) -> phone.PhoneDeps:
    brand = application.settings.brand
    return phone.PhoneDeps(
        snapshot=lambda call: snapshot(application.helpline, call),
        helpline=brand.helpline,
        brand={"hi": brand.name_hi, "en": brand.name_en},
        agent=signed_in.agent_phone,
        waits=lambda number, browser: application.bridge.token(waiting_name(number, browser)),
        drafts=signed_in.draft_phones,
        way_in=signed_in.way_in,
    )
