"""Parts of the handoff without I/O: callbacks to events, documents, tokens; and nothing without a signature."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.jwt.access_token import AccessToken

from ivr.bridge import LegEvent, RoomEvent, Seat
from ivr.carriers.exchange import twiml as exchange
from ivr.carriers.exchange.twiml import Conference, Gather, Hangup, Play, Redirect
from ivr.carriers.twilio import handoff_twiml
from ivr.carriers.twilio.bridge import place_of
from ivr.carriers.twilio.browser_leg import TOKEN_S, Key, access_token
from ivr.carriers.twilio.handoff_twiml import Hall, Place
from ivr.carriers.twilio.legs import KINDS, leg_event, room_event
from ivr.music import music
from ivr.speech import codec
from tests.ivr.carriers.counter import Counter
from tests.ivr.carriers.house import House

LEG, ROOM = "CA" + "1" * 32, {"FriendlyName": "r1", "ConferenceSid": "CF1", "SequenceNumber": "7"}
HALL = Hall("https://h/music.wav", "https://h/room")


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("initiated", LegEvent("t", LEG, "calling")),
        ("ringing", LegEvent("t", LEG, "ringing")),
        ("in-progress", LegEvent("t", LEG, "answered")),
        ("completed", LegEvent("t", LEG, "ended", "completed", 41)),
        ("no-answer", LegEvent("t", LEG, "ended", "no-answer", 41)),
        ("busy", LegEvent("t", LEG, "ended", "busy", 41)),
        ("failed", LegEvent("t", LEG, "ended", "failed", 41)),
        ("canceled", LegEvent("t", LEG, "ended", "canceled", 41)),
        ("something new", None),
        ("", None),
    ],
)
def test_how_a_leg_stands(status: str, event: LegEvent | None) -> None:
    form = {"CallSid": LEG, "CallStatus": status, "CallDuration": "41", "SequenceNumber": "2"}
    assert leg_event("t", form) == event


@pytest.mark.parametrize(
    ("number", "rang"), [("0", False), ("1", False), ("2", True), ("9", True), ("", True), ("०", True), (None, True)]
)
def test_busy_is_a_refusal_unless_it_surely_came_before_the_telephone_rang(number: str | None, rang: bool) -> None:
    form = {"CallSid": LEG, "CallStatus": "busy"} | ({} if number is None else {"SequenceNumber": number})
    assert leg_event("t", form) == LegEvent("t", LEG, "ended", "busy", rang=rang)


def test_what_happens_in_a_room() -> None:
    for wire, kind in KINDS.items():
        form = ROOM | {"StatusCallbackEvent": wire, "CallSid": LEG, "Muted": "true", "Hold": "false"}
        found = room_event(form)
        assert found is not None
        assert (found.kind, found.room, found.muted, found.held) == (kind, "r1", True, False)
        assert found.call == ("" if kind in ("began", "ended") else LEG)
    assert room_event(ROOM | {"StatusCallbackEvent": "participant-speech-start"}) is None
    assert room_event({"StatusCallbackEvent": "conference-end"}) is None


@given(
    st.dictionaries(st.sampled_from(["CallSid", "CallStatus", "SequenceNumber", "CallDuration", "Muted"]), st.text())
)
def test_any_form_is_an_event_or_nothing(form: dict[str, str]) -> None:
    assert isinstance(leg_event("t", form), LegEvent | None)
    assert isinstance(room_event(form | {"StatusCallbackEvent": "participant-join"}), RoomEvent | None)


def test_the_documents_are_what_the_exchange_understands() -> None:
    waits = exchange.parse(handoff_twiml.waiting(["https://h/a.wav"], HALL.music, "https://h/k", "https://h/w"))
    assert waits == (
        Gather("https://h/k", (Play("https://h/a.wav"), Play(HALL.music)), 1, "", 1, False),
        Redirect("https://h/w"),
    )
    typing = exchange.parse(handoff_twiml.waiting([], HALL.music, "https://h/k", "https://h/w", keys=10))
    assert typing[0] == Gather("https://h/k", (Play(HALL.music),), 10, "#", 3, False)
    asked = exchange.parse(handoff_twiml.whisper(["https://h/a.wav"], "https://h/answer?ticket=t"))
    assert asked[-1] == Redirect("https://h/answer?ticket=t")
    assert [type(verb) for verb in asked] == [Gather, Gather, Redirect]
    events = frozenset("start end join leave mute hold modify".split())
    common = {"wait": HALL.music, "wait_method": "GET", "callback": HALL.events, "events": events, "beep": False}
    caller = exchange.parse(handoff_twiml.conference(Place("r1", ends=True), HALL, "https://h/left"))
    assert caller == (Conference("r1", "https://h/left", ends=True, **common),)  # type: ignore[arg-type]
    coach = exchange.parse(handoff_twiml.conference(place_of(Seat("r1", "whisper", LEG)), HALL))
    assert coach == (Conference("r1", coach=LEG, **common), Hangup())  # type: ignore[arg-type]
    listens = exchange.parse(handoff_twiml.conference(place_of(Seat("r1", "listen", LEG)), HALL))
    assert listens == (Conference("r1", muted=True, **common), Hangup())  # type: ignore[arg-type]


def test_a_room_without_a_beep_says_so_to_the_carrier() -> None:
    root = ElementTree.fromstring(handoff_twiml.conference(Place("r1"), HALL))
    found = root.find(".//Conference")
    assert found is not None
    assert (found.get("beep"), found.get("waitMethod"), found.get("coach")) == ("false", "GET", None)


def test_a_token_lets_one_name_take_calls_and_make_none() -> None:
    key = Key("AC" + "0" * 32, "SK" + "0" * 32, "a secret of a test, of 32 bytes.")
    payload = AccessToken.from_jwt(access_token(key, "asha"), key.secret).payload
    assert payload["grants"] == {"identity": "asha", "voice": {"incoming": {"allow": True}}}
    assert (payload["iss"], payload["sub"]) == (key.sid, key.account)
    assert 0 < payload["exp"] - payload["nbf"] <= TOKEN_S


@pytest.mark.parametrize("path", ["wait", "keyed", "left", "back", "whisper", "answer", "leg", "room"])
def test_nothing_is_answered_without_the_carriers_signature(path: str) -> None:
    counter = Counter()
    house = House(desk=counter)
    house.url = "https://mitan.example.in"
    client = house.flask.test_client()
    for headers in ({}, {"X-Twilio-Signature": "bm90IGEgc2lnbmF0dXJl"}):
        assert client.post(f"/twilio/desk/{path}?ticket=t", data={"CallSid": LEG}, headers=headers).status_code == 403
    assert (counter.rounds, counter.answers, counter.legs, counter.events) == ([], [], [], [])


def test_the_music_is_half_a_minute_without_a_gap_and_not_loud() -> None:
    audio = music()
    assert 20 < codec.seconds(audio) < 30
    quiet = longest = 0
    for at in range(0, len(audio), 800):  # 100 ms
        quiet = 0 if audio[at : at + 800].strip(b"\xff\x7f") else quiet + 100
        longest = max(longest, quiet)
    assert longest < 500
    assert house_music() == audio[:100]


def house_music() -> bytes:
    """The music as a carrier fetches it, without a signature."""
    house = House(desk=Counter())
    house.url = "https://mitan.example.in"
    answer = house.flask.test_client().get("/audio/music.wav")
    assert answer.status_code == 200
    return codec.to_ulaw(answer.data[44:])[:100]
