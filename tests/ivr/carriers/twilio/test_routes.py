"""The voice webhooks: signed or refused, and what each answers."""

from __future__ import annotations

import logging
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from ivr.actions import Listen
from ivr.carriers.twilio import keypad
from ivr.carriers.twilio.routes import blueprint
from ivr.carriers.twilio.signature import HEADER
from ivr.trials.opening import TrialRefused
from tests.ivr.carriers.house import TOKEN, House

PUBLIC = "https://mitan.example.in"
SID = "CA" + "1" * 32
CALL = {"CallSid": SID, "From": "+919826401715", "To": "14545", "CallStatus": "ringing"}


@pytest.fixture
def house() -> House:
    house = House()
    house.url = PUBLIC
    return house


def ask(house: House, path: str, **form: str) -> ElementTree.Element:
    """Ask a webhook as Twilio does, through a proxy: the address it arrives with is not the one that was signed."""
    body = CALL | form
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, body)
    answer = house.flask.test_client().post(path, data=body, headers={HEADER: signature, "Host": "10.0.0.5:8000"})
    assert answer.status_code in (200, 204), answer.text
    return ElementTree.fromstring(answer.text or "<Response/>")


def only(root: ElementTree.Element, tag: str) -> ElementTree.Element:
    found = root.findall(f".//{tag}")
    assert len(found) == 1, ElementTree.tostring(root)
    return found[0]


def test_a_call_is_connected_to_the_stream_with_its_conversation(house: House) -> None:
    root = ask(house, "/twilio/voice")
    assert only(root, "Connect").get("action") == "/twilio/voice/after"
    assert only(root, "Stream").get("url") == "wss://mitan.example.in/twilio/stream"
    parameters = {p.get("name"): p.get("value") for p in root.iter("Parameter")}
    assert parameters == {"conversation": "conversation-1", "caller": "+919826401715", "called": "14545"}
    assert house.opened == [(SID, "+919826401715", "14545")]


@pytest.mark.parametrize("withheld", ["anonymous", "+266696687", "Restricted", "", "sip:a@b.example"])
def test_a_withheld_number_is_no_caller(house: House, withheld: str) -> None:
    ask(house, "/twilio/voice", From=withheld)
    assert house.opened == [(SID, None, "14545")]


@pytest.mark.parametrize("path", ["voice", "voice/after", "voice/dialled", "voice/keys", "voice/note", "voice/status"])
def test_what_is_not_signed_is_refused_and_logged_without_personal_data(
    house: House, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = house.flask.test_client()
    with caplog.at_level(logging.WARNING):
        for headers in ({}, {HEADER: "bm90IGEgc2lnbmF0dXJl"}, {HEADER: "ü"}):
            assert client.post(f"/twilio/{path}", data=CALL, headers=headers).status_code == 403
    assert house.opened == []
    assert house.closed == []
    assert caplog.text.count(f"refused unsigned request from 127.0.0.1 to /twilio/{path}") == 3
    assert "9826401715" not in caplog.text


def test_a_signature_of_another_form_or_another_query_is_refused(house: House) -> None:
    client = house.flask.test_client()
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/voice/after", CALL)
    forged = CALL | {"CallSid": "CA" + "2" * 32}
    assert client.post("/twilio/voice/after", data=forged, headers={HEADER: signature}).status_code == 403
    assert client.post("/twilio/voice/after?lost=0", data=CALL, headers={HEADER: signature}).status_code == 403
    assert client.post("/twilio/voice/after", data=CALL, headers={HEADER: signature}).status_code == 200


def test_a_signed_request_without_a_call_is_bad(house: House) -> None:
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/voice", {"From": "+911"})
    client = house.flask.test_client()
    assert client.post("/twilio/voice", data={"From": "+911"}, headers={HEADER: signature}).status_code == 400


def test_after_an_ended_conversation_the_call_is_hung_up(house: House) -> None:
    house.outcomes[SID] = "ended"
    assert [e.tag for e in ask(house, "/twilio/voice/after")] == ["Hangup"]


def test_after_a_handoff_the_agents_are_dialled(house: House) -> None:
    house.outcomes[SID] = "handoff"
    dial = only(ask(house, "/twilio/voice/after"), "Dial")
    assert dial.text == house.settings.agents.number
    assert dial.get("action") == "/twilio/voice/dialled"
    assert dial.get("timeout") == str(house.settings.agents.dial_s)
    assert dial.get("callerId") == "+919826401715"


def test_after_a_lost_socket_the_call_goes_on_three_times_and_no_more(house: House) -> None:
    path = "/twilio/voice/after"
    for time in (1, 2, 3):
        connect = only(ask(house, path), "Connect")
        path = connect.get("action", "")
        assert path == f"/twilio/voice/after?lost={time}"
    assert [e.tag for e in ask(house, path)] == ["Hangup"]


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_where_no_agent_answers_the_conversation_goes_on(house: House, status: str) -> None:
    root = ask(house, "/twilio/voice/dialled", DialCallStatus=status)
    assert only(root, "Stream").get("url") == "wss://mitan.example.in/twilio/stream"
    assert house.dials == [SID]


def test_after_an_agent_has_talked_the_call_is_hung_up(house: House) -> None:
    assert [e.tag for e in ask(house, "/twilio/voice/dialled", DialCallStatus="completed")] == ["Hangup"]
    assert house.dials == []


def test_the_end_of_a_call_closes_its_record(house: House) -> None:
    ask(house, "/twilio/voice/status", CallStatus="completed", CallDuration="42")
    ask(house, "/twilio/voice/status", CallStatus="completed", CallDuration="many")
    assert house.closed == [(SID, "completed", 42), (SID, "completed", 0)]


def test_without_recognition_the_conversation_is_asked_by_keys(house: House) -> None:
    house.speech = False
    root = ask(house, "/twilio/voice")
    gather = only(root, "Gather")
    assert gather.attrib == {
        "input": "dtmf",
        "action": "/twilio/voice/keys?keypad=menu",
        "method": "POST",
        "timeout": "6",
        "numDigits": "1",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
    }
    play = only(gather, "Play").text or ""
    assert play.startswith(f"{PUBLIC}/audio/")
    audio = house.flask.test_client().get(play.removeprefix(PUBLIC))
    assert audio.mimetype == "audio/wav"
    assert audio.data.startswith(b"RIFF")


def test_a_string_of_digits_is_taken_as_one_answer(house: House) -> None:
    house.speech = False
    ask(house, "/twilio/voice")
    gather = only(ask(house, "/twilio/voice/keys?keypad=menu", Digits="1"), "Gather")
    assert gather.get("action") == "/twilio/voice/keys?keypad=digits"
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("6", "#")
    ask(house, "/twilio/voice/keys?keypad=digits", Digits="492001")
    ask(house, "/twilio/voice/keys?keypad=digits", Digits="49*")
    ask(house, "/twilio/voice/keys?keypad=digits", Digits="")
    assert house.talks[SID].said == ["begin", "keyed 1", "keyed 492001", "keyed *", "silent"]


def test_any_number_of_digits_is_ended_by_the_hash_key_alone(house: House) -> None:
    listen = Listen("any", "digits", ("en",), keypad="digits")
    gather = only(ElementTree.fromstring(keypad.document(house.deps(), [listen], SID, None)), "Gather")
    assert gather.get("numDigits") is None


def test_a_voice_note_is_recorded_by_the_carrier(house: House) -> None:
    house.speech = False
    ask(house, "/twilio/voice")
    root = ask(house, "/twilio/voice/keys?keypad=menu", Digits="2")
    record = only(root, "Record")
    assert (record.get("maxLength"), record.get("finishOnKey"), record.get("timeout")) == ("5", "#", "3")
    assert only(root, "Redirect").text == "/twilio/voice/note"
    ask(house, "/twilio/voice/note")
    assert house.talks[SID].said[-1] == "recorded False False"


def test_a_recording_from_elsewhere_is_not_fetched_with_our_credentials(house: House) -> None:
    house.speech = False
    ask(house, "/twilio/voice")
    ask(house, "/twilio/voice/note", RecordingUrl="https://evil.example/2010-04-01/Recordings/RE1")
    assert house.talks[SID].said[-1] == "recorded False False"


def test_the_end_and_the_handoff_are_said_before_they_are_done(house: House) -> None:
    house.speech = False
    ask(house, "/twilio/voice")
    assert [e.tag for e in ask(house, "/twilio/voice/keys?keypad=menu", Digits="3")] == ["Play", "Hangup"]
    assert [e.tag for e in ask(house, "/twilio/voice/keys?keypad=menu", Digits="0")] == ["Play", "Dial"]


def test_a_fault_in_the_conversation_brings_an_agent_and_a_log_line(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.speech = False
    ask(house, "/twilio/voice")
    assert only(ask(house, "/twilio/voice/keys?keypad=menu", Digits="boom"), "Dial").text == "+917710014545"
    assert "a fault in the conversation" in caplog.text


def test_a_fault_after_the_agents_leg_does_not_dial_them_again(house: House) -> None:
    house.dials = None  # type: ignore[assignment]
    assert [e.tag for e in ask(house, "/twilio/voice/dialled", DialCallStatus="busy")] == ["Hangup"]


def test_a_call_that_may_not_try_a_draft_ends_and_one_that_tries_calls_no_agent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs: list[str] = []

    def refuse(sid: str, caller: str | None, called: str, proof: str) -> str:
        proofs.append(proof)
        raise TrialRefused

    deps = replace(house.deps(), call_opened=refuse, practises=lambda sid: True)
    monkeypatch.setattr(house, "flask", Flask("trial"))
    house.flask.register_blueprint(blueprint(deps))
    assert [e.tag for e in ask(house, "/twilio/voice", Trial="none")] == ["Hangup"]
    assert proofs == ["none"]
    house.outcomes[SID] = "handoff"
    root = ask(house, "/twilio/voice/after")
    assert [(e.tag, e.text) for e in root] == [("Redirect", "/twilio/voice/dialled")]
