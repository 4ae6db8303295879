"""The telephone of an agent or supervisor in a page: how it reaches the carrier, its token, and putting it down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, url_for
from sqlalchemy import select

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.errors import BookingError
from console.deps import deps
from console.desk.deps import desk
from console.language import language
from console.person import person
from console.phone.words import WORDS as OF_PHONE
from console.words import Words, load
from ivr.assembly import Application
from ivr.bridge import BridgeFailed, BrowserPhone, address
from ivr.desk.facts import CALLER
from ivr.gate import open_to
from models.listeners import Listener
from models.presence import Presence

NAME = "mitan-telephone"
WORDS: dict[str, Words] = {
    spoken: {**OF_PHONE[spoken], **own} for spoken, own in load(Path(__file__).with_name("telephone.yaml")).items()
}
"""The telephone's labels: the browser phone's, where the desk does not say it in another way."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Telephones:
    """How browsers reach the carrier, and the token of each."""

    token: Callable[[str], str]
    way: BrowserPhone


def install(flask: Flask, telephones: Telephones) -> None:
    """The routes, and `telephone()` for templates that include `desk/telephone.html`."""
    flask.extensions[NAME] = telephones
    flask.jinja_env.globals["telephone"] = telephone
    flask.after_request(_reaching)
    flask.register_blueprint(blueprint())
    if "phone" not in flask.blueprints:  # the scripts that both telephones share
        static = Blueprint("phone", "console.phone", static_folder="static", url_prefix="/phone")
        flask.register_blueprint(static)


def telephones_of(application: Application) -> Telephones:
    """How the application's carrier is reached; its bridge is made when it is first used."""
    return Telephones(lambda name: application.bridge.token(name), application.browser_phone)


def blueprint() -> Blueprint:
    """The routes."""
    bp = Blueprint("telephone", __name__, url_prefix="/desk/telephone")
    bp.add_url_rule("", "token", token)
    bp.add_url_rule("/down", "down", down, methods=["POST"])
    return bp


def telephone() -> dict[str, Any]:
    """What the telephone in a page of somebody signed in is told; without a "line" there is none here."""
    ours, w = _telephones(), WORDS[language()]
    if not ours.way.works:
        return {"line": None, "w": w}
    g.telephone = True
    line = {
        "address": address(person().account_id),
        "renew": url_for("telephone.token"),
        "down": url_for("telephone.down"),
        "host": ours.way.host,
        "sdk": ours.way.sdk,
        "silence": url_for("desk.static", filename="silence.wav"),
    }
    brand, helpline = deps().brand, deps().helpline
    return {"line": line, "w": w, "words": {"words": {language(): w}, "brand": brand, "helpline": helpline}}


@open_to(AGENT, SUPERVISOR, idle=True)
def token() -> Response:
    """The access token of who asks, good for an hour; the page asks for another before."""
    return jsonify(token=_telephones().token(person().account_id))


@open_to(AGENT, SUPERVISOR)
def down() -> Response:
    """Who asks puts the receiver down, on purpose: the line has not broken. The call ends, unless others talk in it."""
    me = person().account_id
    for deed, handoff in _over(me):
        try:
            deed(me, handoff)
        except (BookingError, BridgeFailed) as error:  # over already
            log.info("handoff %s: nothing to put down: %s", handoff, error)
    return Response(status=204)


def _over(me: str) -> list[tuple[Any, int]]:
    """What putting down means: a control, and the handoff."""
    controls = desk().controls()
    with deps().store.read() as session:
        talks = select(Presence.handoff_id).where(Presence.agent == me, Presence.state == "talking")
        mine = session.scalar(talks)
        listens = select(Listener.handoff_id).where(Listener.supervisor == me, Listener.ended_at.is_(None))
        heard = list(session.scalars(listens))
    if controls is None:
        return []
    if mine is None:
        return [(controls.unsupervise, handoff) for handoff in heard]
    others = any(one.how == "talks" and one.who not in (CALLER, me) for one in controls.state(mine))
    return [(controls.leave if others else controls.hang_up, mine)]


def _telephones() -> Telephones:
    found: Telephones = current_app.extensions[NAME]
    return found


def _reaching(response: Response) -> Response:
    """A page with a telephone may connect to the carrier, and let its sound be heard."""
    hosts = _telephones().way.hosts
    policy = response.headers.get("Content-Security-Policy", "")
    if g.get("telephone") and hosts:
        reaching = policy.replace("connect-src 'self'", f"connect-src 'self' {' '.join(hosts)}")
        response.headers["Content-Security-Policy"] = reaching
    return response
