"""All pages of the console, added to the server's routes."""

from __future__ import annotations

from flask import Flask

from console.api import mounting as api
from console.phone import routes as phone
from ivr.assembly import Application
from ivr.snapshot import snapshot


def mount(flask: Flask, application: Application) -> None:
    """The API, and the browser phone where the built-in exchange is the carrier."""
    api.mount(flask, application)
    if application.exchange is None:
        return
    brand = application.settings.brand
    deps = phone.PhoneDeps(
        snapshot=lambda call: snapshot(application.helpline, call),
        helpline=brand.helpline,
        brand={"hi": brand.name_hi, "en": brand.name_en},
    )
    flask.register_blueprint(phone.blueprint(deps))
