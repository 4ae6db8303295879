"""The webhooks of the handoff: callers who wait, agents who are asked, legs and rooms that tell how they stand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from ivr.bridge import Desk, Step
from ivr.carriers.twilio import handoff_twiml, twiml
from ivr.carriers.twilio.bridge import (
    ANSWER,
    BACK,
    KEYED,
    LEFT,
    LEG,
    MUSIC,
    ROOM,
    ROOT,
    WAIT,
    WHISPER,
    hall_of,
    place_of,
)
from ivr.carriers.twilio.deps import Deps
from ivr.carriers.twilio.legs import ENDS, leg_event, room_event
from ivr.carriers.twilio.signature import HEADER, refuse
from ivr.gate import foreign, public
from ivr.music import music_wav
from ivr.observe.context import about
from prompts.sentence import Sentence

ACCEPTS = "1"
DAY_S = 86_400
Who = Literal["caller", "waits", "agent"]
log = logging.getLogger(__name__)


def blueprint(deps: Deps, desk: Desk, go_on: Callable[[], Response]) -> Blueprint:
    """The routes; `go_on` connects the call in question to the bot. All are signed but the music, no secret."""
    pages = Blueprint("handoff", __name__)
    hooks = DeskHooks(deps, desk, go_on)
    waiters = {WAIT: hooks.wait, KEYED: hooks.keyed}
    callers = {LEFT: hooks.left, BACK: hooks.back}
    agents = {WHISPER: hooks.whisper, ANSWER: hooks.answer, LEG: hooks.leg, ROOM: hooks.room}
    for path, view in waiters.items():
        _add(pages, path, _signed(deps, _kept(deps, view, hooks.music, who="waits")))
    for path, view in callers.items():
        _add(pages, path, _signed(deps, _kept(deps, view, hooks.music)))
    for path, view in agents.items():
        _add(pages, path, _signed(deps, _kept(deps, view, lambda: _xml(twiml.hangup()), who="agent")))
    pages.add_url_rule(MUSIC, "music", _music)
    return pages


def _add(pages: Blueprint, path: str, view: Callable[[], Response]) -> None:
    pages.add_url_rule(path, path.removeprefix(f"{ROOT}/"), view, methods=["POST"])


def _signed(deps: Deps, view: Callable[[], Response]) -> Callable[[], Response]:
    @foreign("signed by the carrier")
    def checked() -> Response:
        url = deps.signatures.url(request.path, request.query_string.decode("latin-1"))
        if not deps.signatures.valid(url, request.form, request.headers.get(HEADER, "")):
            refuse(request.remote_addr or "?", request.path)
            abort(403)
        with about(call=request.form.get("CallSid", "")):
            return view()

    return checked


def _kept(
    deps: Deps, view: Callable[[], Response], despite: Callable[[], Response], *, who: Who = "caller"
) -> Callable[[], Response]:
    """The view; when it fails the call is kept with what `despite` says (a caller hears music and is asked about anew).
    An agent's leg is no call of ours: it counts neither for admission nor when the process drains; who waits takes no
    room from the bot."""

    def tried() -> Response:
        try:
            return view()
        except HTTPException:
            raise
        except Exception:
            log.exception("%s failed", request.path)
            return despite()
        finally:
            if who != "agent":
                deps.admission.under_way.seen(_sid(), waits=who == "waits")

    return tried


class DeskHooks:
    """What each webhook answers."""

    def __init__(self, deps: Deps, desk: Desk, go_on: Callable[[], Response]) -> None:
        self._deps, self._desk, self._go_on = deps, desk, go_on

    def wait(self) -> Response:
        """The next round of waiting."""
        return _xml(step_document(self._deps, self._desk.waiting(_sid())))

    def keyed(self) -> Response:
        """A waiting caller pressed a key."""
        return _xml(step_document(self._deps, self._desk.keyed(_sid(), request.form.get("Digits", ""))))

    def left(self) -> Response:
        """The caller's part in a conference is over. One who hung up is told of, too; nobody hears the answer then."""
        if request.form.get("CallStatus") in ENDS:
            self._desk.hung_up(_sid())
            return _xml(twiml.hangup())
        return _xml(step_document(self._deps, self._desk.left(_sid())))

    def back(self) -> Response:
        """The caller goes on with the bot."""
        return self._go_on()

    def music(self) -> Response:
        """A round of waiting in which nothing is said."""
        return _xml(step_document(self._deps, Step("wait")))

    def whisper(self) -> Response:
        """The agent's telephone was taken up: what the call is about, and the question."""
        audio = _audio(self._deps, self._desk.whisper(_ticket()))
        again = self._deps.signatures.url(ANSWER, urlencode({"ticket": _ticket()}))
        return _xml(handoff_twiml.whisper(audio, again))

    def answer(self) -> Response:
        """The agent pressed a key, or none."""
        accepted = request.form.get("Digits") == ACCEPTS or "taken" in request.args
        seat = self._desk.answered(_ticket(), _sid(), accepted)
        if not (seat and accepted):
            return _xml(twiml.hangup())
        return _xml(handoff_twiml.conference(place_of(seat), hall_of(self._deps.signatures)))

    def leg(self) -> Response:
        """How an agent's leg stands."""
        event = leg_event(_ticket(), request.form)
        if event:
            self._desk.leg(event)
        return Response(status=204)

    def room(self) -> Response:
        """What happened in a conference."""
        event = room_event(request.form)
        if event:
            self._desk.room(event)
        return Response(status=204)


def step_document(deps: Deps, step: Step) -> str:
    """The TwiML of what a caller does next."""
    audio, url = _audio(deps, step.say), deps.signatures.url
    if step.way == "wait":
        return handoff_twiml.waiting(audio, url(MUSIC), url(KEYED), url(WAIT), step.keys)
    return handoff_twiml.onward(audio, url(BACK)) if step.way == "bot" else twiml.hangup(audio)


def _audio(deps: Deps, sentences: Sequence[Sentence]) -> list[str]:
    return [deps.signatures.url(deps.audio_path(sentence)) for sentence in sentences]


@public("music that everybody may hear")
def _music() -> Response:
    return Response(music_wav(), mimetype="audio/wav", headers={"Cache-Control": f"public, max-age={DAY_S}"})


def _sid() -> str:
    return request.form.get("CallSid", "")


def _ticket() -> str:
    return request.args.get("ticket", "")


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
