"""A server with a page that has nothing but a telephone, and an agent who has signed in to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, Response
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from booking.accounts.roles import AGENT
from console import showing
from console.desk import deps, telephone
from console.desk.telephone import Telephones
from console.words import SHARED
from ivr.gate import open_to
from tests.console.accounts.house import WORD


def furnished(flask: Flask, telephones: Telephones, controls: Any = None) -> Flask:
    """The application with telephones and the page `/telephone`, but not the rest of the desk."""
    flask.extensions[deps.NAME] = SimpleNamespace(controls=lambda: controls)
    places: dict[str, Any] = {"template_folder": "templates", "static_folder": "static"}
    flask.register_blueprint(Blueprint("desk", "console.desk", url_prefix="/desk", **places))
    telephone.install(flask, telephones)
    page = Blueprint("alone", "tests.console", template_folder="templates")
    page.add_url_rule("/telephone", "page", _page)
    flask.register_blueprint(page)
    return flask


@open_to(AGENT)
def _page() -> Response:
    return showing.show("with_telephone.html", SHARED)


@contextmanager
def listening(flask: Flask) -> Iterator[str]:
    """The address of the application, served."""
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def enter(page: Page, url: str, login: str, path: str = "/telephone", language: str = "en") -> None:
    """Sign in, and come to a page."""
    page.goto(f"{url}/sign-in?lang={language}&next={path}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORD)
    page.locator("#password").press("Enter")
    expect(page.locator(".me")).to_be_visible()
    page.wait_for_load_state()  # its scripts, too: a link is an ordinary one before


def standing(page: Page, text: str) -> None:
    """Wait until the telephone stands so."""
    expect(page.locator("#telephone-state")).to_have_text(text)
