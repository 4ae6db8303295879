"""A caller by keys alone on the signed webhooks of the keypad-only way: what Twilio asks when nothing can be heard."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from flask import Flask
from twilio.request_validator import RequestValidator

from ivr.carriers.twilio.deps import Deps
from ivr.carriers.twilio.routes import blueprint
from ivr.carriers.twilio.signature import HEADER, Signatures
from ivr.helpline import Helpline
from ivr.reception import Reception
from ivr.script import Script, Turn
from ivr.underway import Admission
from prompts.sentence import Sentence

TOKEN, PUBLIC = "a-token-of-this-test", "https://mitan.example.in"
SID = "CA" + "1" * 32
RECORDING = Path(__file__).parents[1] / "audio" / "hi-32-mobile.wav"
NOBODY: Any = SimpleNamespace()  # stands where a speaker would: nothing is synthesised here


class ByKeys:
    """The keypad-only way of one call; `twice`: every webhook is asked for again, as after a time-out."""

    def __init__(self, helpline: Helpline, script: Script, *, twice: bool = False) -> None:
        self._script, self._twice = script, twice
        self._texts: dict[str, str] = {}
        self._reception = Reception(helpline, NOBODY, lambda: False, TOKEN)
        flask = Flask("keys")
        flask.register_blueprint(blueprint(self._deps(helpline)))
        self._client = flask.test_client()
        self._root = ElementTree.Element("Response")
        self.conversation = ""

    def _deps(self, helpline: Helpline) -> Deps:
        reception = self._reception
        return Deps(
            settings=helpline.settings,
            clock=helpline.clock,
            signatures=Signatures(TOKEN, lambda: PUBLIC),
            call_opened=reception.call_opened,
            open_talk=reception.open_talk,
            outcome=reception.outcome,
            dial_failed=reception.dial_failed,
            call_closed=reception.call_closed,
            speech_ready=reception.speech_ready,
            admission=Admission(helpline.settings.limits, helpline.clock, lambda: 0.0, reception.speech_ready),
            busy=reception.busy,
            audio_path=self._path,
            audio_of=lambda _token: None,
            fetch_recording=lambda _url: RECORDING.read_bytes(),
        )

    def _path(self, sentence: Sentence) -> str:
        path = self._reception.audio_path(sentence)
        self._texts[PUBLIC + path] = sentence.text
        return path

    @property
    def over(self) -> bool:
        return self._root.find(".//Gather") is None and self._root.find(".//Record") is None

    def begin(self) -> str:
        text = self._ask("/twilio/voice")
        self.conversation = self._reception.open_talk(SID).id
        return text

    def act(self, turn: Turn) -> str:
        record = self._root.find(".//Record")
        if turn.act == "hang_up":
            self._ask("/twilio/voice/status", CallStatus="completed", CallDuration="60")
            return ""
        if record is not None:
            url = {"RecordingUrl": f"{PUBLIC}/Recordings/RE1"} if turn.act == "say" else {}
            return self._ask(record.get("action", ""), **url)
        if turn.act == "keys":
            return "\n".join(self._ask(self._action(), Digits=digits) for digits in self._strings(turn.value))
        assert turn.act == "silence", f"{turn.act} cannot be done by keys alone"
        return self._ask(self._action(), Digits="")

    def _action(self) -> str:
        gather = self._root.find(".//Gather")
        assert gather is not None
        return gather.get("action", "")

    def _strings(self, keys: str) -> list[str]:
        return [keys.rstrip("#")] if "keypad=digits" in self._action() else list(keys)

    def _ask(self, path: str, **form: str) -> str:
        caller = self._script.caller or "anonymous"
        body = {"CallSid": SID, "From": caller, "To": "14545", **form}
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, body)
        answer = self._client.post(path, data=body, headers={HEADER: signature})
        assert answer.status_code in (200, 204), answer.text
        self._root = ElementTree.fromstring(answer.text or "<Response/>")
        text = "\n".join(self._texts[p.text or ""] for p in self._root.iter("Play"))
        if self._twice and path.split("?")[0].endswith(("/keys", "/note")):  # as after a time-out of the first request
            again = self._client.post(path, data=body, headers={HEADER: signature})
            self._root = ElementTree.fromstring(again.text)
        dial = self._root.find(".//Dial")
        if dial is not None:
            status = self._script.agent
            return f"{text}\n{self._ask(urljoin(path, dial.get('action', '')), DialCallStatus=status)}"
        return text
