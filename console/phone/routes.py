"""The page `/phone` and what it polls while a call is on: `/phone/calls/<call>`.

Captions are polled, not streamed: behind WSGI a stream would hold one worker thread for the length of every call.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState

from console import shared
from console.phone.words import LANGUAGES, WORDS
from ivr.gate import public

Waits = Callable[[str, str], str]
Snapshot = Callable[[str], Mapping[str, Any] | None]

CALL_ID = re.compile(r"CA[0-9a-f]{32}\Z")
NUMBER = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
EXAMPLE_CALLER = "+919826401715"  # invented


@dataclass(frozen=True)
class AgentPhone:
    """An agent's telephone: whose it is, the address that is called, and the page that gives the token which proves it
    to the exchange."""

    name: str
    address: str
    renew: str


@dataclass(frozen=True)
class DraftPhone:
    """A telephone that tries a draft of the prompts: the draft's number and name, its page, and the page that gives the
    proof for each call."""

    id: int
    name: str
    page: str
    proof: str


@dataclass(frozen=True)
class PhoneDeps:
    """What the page needs from the application.

    `snapshot` gives the state of the conversation of a call as plain JSON, or None when there is no such call:
    `{"conversation", "node", "language", "ended", "outcome", "filled": [{"item", "label", "value"}],
    "turns": [{"seq", "who": "bot" | "caller", "text", "at"}]}`, turns in the order of `seq`.
    `brand` is the helpline's name by language, `helpline` its number in digits. `agent` is the telephone of whoever is
    signed in and asks, None when that is no agent: `/phone?agent` is that telephone, and waits to be called. `drafts`
    are the telephones that try the open drafts, the newest first; None: who asks may not. `/phone?version=draft-7` is
    that of one, and `?version=draft` offers all.
    `way_in(language, back)` is the address that signs in and then leads to `back`, "" for who has signed in.
    `waits(number, browser)` is the token with which this browser, by its own secret, waits to be called under a number
    (None: here nobody can).
    """

    snapshot: Snapshot
    helpline: str
    brand: Mapping[str, str]
    agent: Callable[[], AgentPhone | None] = lambda: None
    waits: Waits | None = None
    drafts: Callable[[], Sequence[DraftPhone] | None] = lambda: None
    way_in: Callable[[str, str], str] = lambda language, back: ""


def blueprint(deps: PhoneDeps) -> Blueprint:
    """The routes of the phone; brings the console's shared layout along."""
    bp = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates", static_folder="static")
    bp.record_once(_with_shared)
    bp.after_request(shared.framed)
    page = public("anybody may try the helpline where no real carrier is")(lambda: _page(deps))
    call = public("whoever knows the call's 128 random bits made it")(lambda call: _call(deps.snapshot, call))
    wait = public("whoever waits under a number, until another browser does")(lambda: _wait(deps.waits))
    bp.add_url_rule("/wait", "wait", wait, methods=["POST"])
    bp.add_url_rule("", "page", page, strict_slashes=False)
    bp.add_url_rule("/calls/<call>", "call", call)
    return bp


def _with_shared(state: BlueprintSetupState) -> None:
    shared.mount(state.app)


def _page(deps: PhoneDeps) -> str:
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    as_agent = "agent" in request.args
    version = request.args.get("version")
    drafts = deps.drafts() if version else ()
    here = url_for("phone.page", agent="" if as_agent else None, version=version, lang=language)
    return render_template(
        "phone/page.html",
        language=language,
        version=version,
        drafts=drafts,
        draft=_draft(drafts or (), version or ""),
        agent=deps.agent() if as_agent else None,
        as_agent=as_agent,
        way_in=lambda: deps.way_in(language, here),
        waits=deps.waits is not None and not as_agent and not version,
        w=WORDS[language],
        words=WORDS,
        brand=deps.brand,
        helpline=deps.helpline,
        caller=EXAMPLE_CALLER,
    )


def _wait(waits: Waits | None) -> Response:
    """The token with which the browser that asks waits to be called under the number it names."""
    number = request.form.get("number", "")
    if waits is None or not NUMBER.fullmatch(number):
        abort(400)
    browser = session.setdefault("phone", secrets.token_hex(16))
    response = jsonify(token=waits(number, browser))
    response.headers["Cache-Control"] = "no-store"
    return response


def _draft(drafts: Sequence[DraftPhone], version: str) -> DraftPhone | None:
    """The draft that is asked for; None: it must be chosen."""
    if version == "draft" and len(drafts) == 1:
        return drafts[0]
    return next((one for one in drafts if version == f"draft-{one.id}"), None)


def _call(snapshot: Snapshot, call: str) -> Response:
    """The snapshot of `call` with the turns after `?after=<seq>`; 304 when the asker has it already."""
    found = snapshot(call) if CALL_ID.match(call) else None
    if found is None:
        abort(404)
    after = max(0, request.args.get("after", 0, type=int))
    fresh = {**found, "turns": [t for t in found.get("turns", ()) if t["seq"] > after]}
    body = json.dumps(fresh, ensure_ascii=False).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-store"  # a transcript is personal; the page sends If-None-Match itself
    response.make_conditional(request.environ)
    return response
