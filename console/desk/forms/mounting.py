"""The forms put into the server's application."""

from __future__ import annotations

from flask import Flask

from console.desk.forms.deps import deps_of
from console.desk.forms.routes import mount as mount_routes
from ivr.assembly import Application


def mount(flask: Flask, application: Application) -> None:
    """Serve the forms below `/desk`."""
    mount_routes(flask, deps_of(application))
