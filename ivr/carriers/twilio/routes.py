"""The voice webhooks as a Flask blueprint, and the audio that their TwiML plays."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import HTTPException

from booking.errors import SendFailed
from ivr.bridge import Desk
from ivr.carriers.twilio import desk_routes, handoff_twiml, keypad, twiml
from ivr.carriers.twilio.bridge import WAIT
from ivr.carriers.twilio.deps import Deps
from ivr.carriers.twilio.numbers import caller_of
from ivr.carriers.twilio.recording import note_of
from ivr.carriers.twilio.signature import HEADER, refuse
from ivr.gate import foreign, public
from ivr.line import Talk
from ivr.observe.context import about
from ivr.speech.errors import BadAudio
from ivr.trials.opening import TrialRefused
from ivr.underway import Way

STREAM, AFTER, STATUS = "/twilio/stream", "/twilio/voice/after", "/twilio/voice/status"
PROOF = "Trial"  # a custom parameter of the call
MAX_LOST = 3  # lost sockets after which a call is hung up
REACHED = ("completed", "answered")  # DialCallStatus of a call that an agent took
log = logging.getLogger(__name__)


def blueprint(deps: Deps) -> Blueprint:
    """The routes. Everything under /twilio must be signed; /audio is not: its names are hashes of what is said."""
    pages = Blueprint("twilio", __name__)
    hooks = Hooks(deps)
    for name in ("voice", "voice/after", "voice/dialled", "voice/keys", "voice/note", "voice/status"):
        view = getattr(hooks, name.rpartition("/")[2])
        pages.add_url_rule(f"/twilio/{name}", name.replace("/", "_"), _signed(deps, view), methods=["POST"])
    pages.add_url_rule("/audio/<token>.wav", "audio", public("its name is signed and is what it says")(hooks.audio))
    if deps.desk:
        pages.register_blueprint(desk_routes.blueprint(deps, deps.desk, hooks.resume))
    return pages


def _signed(deps: Deps, view: Callable[[], Response]) -> Callable[[], Response]:
    @foreign("signed by the carrier")
    def checked() -> Response:
        url = deps.signatures.url(request.path, request.query_string.decode("latin-1"))
        if not deps.signatures.valid(url, request.form, request.headers.get(HEADER, "")):
            refuse(request.remote_addr or "?", request.path)
            abort(403)
        if not request.form.get("CallSid"):
            abort(400, "CallSid is missing")
        with about(call=_sid()):
            return _answered(deps, view)

    return checked


def _answered(deps: Deps, view: Callable[[], Response]) -> Response:
    try:
        return view()
    except HTTPException:
        raise
    except TrialRefused as refused:
        log.warning("call %s: %s", _sid(), refused)
        return _xml(twiml.hangup())
    except Exception:
        # An answer of 500 makes the carrier read out an error message and hang up.
        log.exception("call %s: %s failed", _sid(), request.path)
        return _despite(deps)
    finally:
        if request.path != STATUS:
            deps.admission.under_way.seen(_sid(), waits=g.get("waits", False))


def _despite(deps: Deps) -> Response:
    """What a caller gets when we failed: an agent; and no second time when the agent was what failed."""
    if request.path in (keypad.DIALLED, STATUS):
        return _xml(twiml.hangup())
    return _xml(keypad.put_through(deps, (), _sid(), _caller()))


class Hooks:
    """What each webhook answers."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def voice(self) -> Response:
        """A call comes in."""
        way = self._deps.admission.way(_sid())
        if self._deps.desk and not self._deps.admission.draining:
            audio = self._to_agents(self._deps.desk, way)
            if audio is not None:
                g.waits = True
                return _xml(handoff_twiml.onward(audio, self._deps.signatures.url(WAIT)))
        return self._go_on(lost=0, way=way)

    def _to_agents(self, desk: Desk, way: Way) -> list[str] | None:
        """What is played to a caller who waits for an agent from the beginning: one whose place was kept, or for whom
        the bot has no room. Who waits needs no recogniser. None: the bot answers, as it does all who try a draft."""
        self._deps.call_opened(_sid(), _caller(), request.form.get("To", ""), _proof())
        if self._deps.practises(_sid()):
            return None
        if desk.returns(_sid()):
            return []
        said = desk.overloaded(_sid()) if way == "busy" else None
        return None if said is None else [self._deps.signatures.url(self._deps.audio_path(s)) for s in said]

    def after(self) -> Response:
        """The stream is over: hang up, put through, or go on after a lost socket."""
        outcome = self._deps.outcome(_sid())
        if outcome == "handoff":
            return _xml(keypad.handed_over(self._deps, (), _sid(), _caller()))
        lost = request.args.get("lost", 0, type=int) + 1
        if outcome == "ended" or lost > MAX_LOST:
            return _xml(twiml.hangup())
        log.warning("call %s lost its stream, time %s", _sid(), lost)
        return self._go_on(lost)

    def resume(self) -> Response:
        """A caller comes back from an agent."""
        return self._go_on(lost=0)

    def dialled(self) -> Response:
        """The agent's leg is over; where nobody took the call, the conversation goes on and says so."""
        status = request.form.get("DialCallStatus", "")
        if status in REACHED:
            return _xml(twiml.hangup())
        log.info("call %s reached no agent: %s", _sid(), status)
        self._deps.dial_failed(_sid())
        return self._go_on(lost=0)

    def keys(self) -> Response:
        """Keys were pressed at a question of the keypad-only way."""
        talk = self._deps.open_talk(_sid())
        if _came_before(talk):
            return self._again(talk)
        actions = keypad.answer(talk, request.args.get("keypad", "menu"), request.form.get("Digits", ""))
        return _xml(keypad.document(self._deps, actions, _sid(), _caller()))

    def note(self) -> Response:
        """A voice note was recorded; without a RecordingUrl it was empty."""
        talk = self._deps.open_talk(_sid())
        if _came_before(talk):
            return self._again(talk)
        audio, seconds = b"", 0.0
        url = request.form.get("RecordingUrl", "")
        if url:
            try:
                wav = self._deps.fetch_recording(url)
                audio, seconds = note_of(wav, self._deps.settings.speech.vad_mode)
            except (BadAudio, SendFailed) as error:  # as good as silence: the caller is asked again
                log.warning("call %s: no recording: %s", _sid(), error)
        actions = talk.recorded(audio, seconds)
        return _xml(keypad.document(self._deps, actions, _sid(), _caller()))

    def _again(self, talk: Talk) -> Response:
        """What follows an answer that was taken already: its first response was lost on the way."""
        log.info("call %s: an answer came twice", _sid())
        if self._deps.outcome(_sid()) == "handoff":
            return _xml(keypad.handed_over(self._deps, (), _sid(), _caller()))
        return _xml(keypad.document(self._deps, talk.begin(), _sid(), _caller()))

    def status(self) -> Response:
        """The call is over."""
        self._deps.admission.under_way.over(_sid())
        seconds = request.form.get("CallDuration", 0, type=int)
        try:
            self._deps.call_closed(_sid(), request.form.get("CallStatus", ""), seconds)
        finally:
            if self._deps.desk:
                self._deps.desk.hung_up(_sid())
        return Response(status=204)

    def audio(self, token: str) -> Response:
        """The WAV of a sentence. The name is a hash of its content, so it may be kept for ever."""
        wav = self._deps.audio_of(token)
        if wav is None:
            abort(404)
        return Response(wav, mimetype="audio/wav", headers={"Cache-Control": "public, max-age=31536000, immutable"})

    def _go_on(self, lost: int, way: Way | None = None) -> Response:
        """Connect the conversation's stream, or ask by keypad where speech is not to be had."""
        deps, called = self._deps, request.form.get("To", "")
        conversation = deps.call_opened(_sid(), _caller(), called, _proof())
        way = way or ("speech" if deps.speech_ready() else "keypad")
        if way == "busy":
            return _xml(keypad.document(deps, deps.busy(_sid()), _sid(), _caller()))
        if way == "keypad":
            return _xml(keypad.document(deps, deps.open_talk(_sid()).begin(), _sid(), _caller()))
        parameters = {"conversation": conversation, "caller": _caller() or "", "called": called}
        action = f"{AFTER}?lost={lost}" if lost else AFTER
        return _xml(twiml.connect_stream(deps.signatures.socket_url(STREAM), action, parameters))


def _came_before(talk: Talk) -> bool:
    """Whether this webhook belongs to a question that has been answered."""
    asked = request.args.get("turn", type=int)
    return asked is not None and asked != talk.turn


def _sid() -> str:
    return request.form["CallSid"]


def _proof() -> str:
    """For trying a draft: what a telephone in a page gives along, as the carrier's own telephones can."""
    return request.form.get(PROOF, "")


def _caller() -> str | None:
    return caller_of(request.form.get("From", ""))


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
