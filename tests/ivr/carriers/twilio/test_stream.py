"""Media Streams messages: what Twilio documents, what it adds, and what is broken."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carriers.exchange.messages import Messages
from ivr.carriers.twilio import stream
from ivr.carriers.twilio.stream import Connected, Dtmf, Ignored, Malformed, Mark, Media, Start, Stop, Typed

START = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"conversation": "c-1"},
    },
    "streamSid": "MZ1",
}


def media(payload: bytes = b"\x7f" * 160, **more: Any) -> dict[str, Any]:
    body = {"track": "inbound", "chunk": "2", "timestamp": "20", "payload": base64.b64encode(payload).decode()}
    return {"event": "media", "sequenceNumber": "3", "media": body | more, "streamSid": "MZ1"}


def parse(message: Any) -> stream.Event:
    return stream.parse(json.dumps(message))


def test_every_documented_message_is_understood() -> None:
    assert parse({"event": "connected", "protocol": "Call", "version": "1.0.0"}) == Connected("Call", "1.0.0")
    assert parse(START) == Start("MZ1", "CA1", {"conversation": "c-1"})
    assert parse(media()) == Media(3, 2, 20, b"\x7f" * 160)
    assert parse({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "#"}}) == Dtmf("#")
    assert parse({"event": "mark", "mark": {"name": "m-7"}}) == Mark("m-7")
    assert parse({"event": "stop", "stop": {"accountSid": "AC1", "callSid": "CA1"}}) == Stop("CA1")
    assert parse({"event": "text", "text": " हाँ "}) == Typed("हाँ")


def test_an_event_that_twilio_adds_is_ignored_by_name() -> None:
    assert parse({"event": "sentiment", "sentiment": {"mood": 3}}) == Ignored("sentiment")


def test_our_own_sound_coming_back_is_not_the_caller() -> None:
    assert parse(media(track="outbound")) == Ignored("media.outbound")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        "null",
        "[]",
        "{}",
        '{"event": 7}',
        '{"event": "media"}',
        '{"event": "media", "media": {"payload": "not base64!"}}',
        '{"event": "media", "media": {"payload": ""}}',
        '{"event": "dtmf", "dtmf": {"digit": "12"}}',
        '{"event": "dtmf", "dtmf": {"digit": "१"}}',
        '{"event": "dtmf"}',
        '{"event": "mark"}',
        '{"event": "start"}',
        '{"event": "start", "start": {"streamSid": "MZ1"}}',
        '{"event": "start", "start": {"streamSid": "MZ1", "callSid": "CA1", "customParameters": {"a": 1}}}',
        '{"event": "text", "text": ""}',
        "[" * 100_000,
        '{"event": "\ud800"}',
    ],
)
def test_what_is_no_message_is_malformed_and_never_a_hang_up(text: str) -> None:
    assert isinstance(stream.parse(text), Malformed)


def test_a_payload_of_more_than_a_second_is_malformed() -> None:
    assert isinstance(parse(media(b"\x00" * 8001)), Malformed)
    assert isinstance(parse(media(b"\x00" * 8000)), Media)


def test_numbers_that_are_none_count_as_missing() -> None:
    event = parse(media(chunk="one", timestamp=-4))
    assert isinstance(event, Media)
    assert (event.chunk, event.timestamp) == (None, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "text", "clear", ""]) | st.text()


@given(st.text() | st.binary())
def test_any_text_and_any_bytes_parse_to_an_event(data: str | bytes) -> None:
    assert isinstance(stream.parse(data), Ignored | Malformed | Connected | Stop)


@given(names, st.dictionaries(names, json_values, max_size=5))
def test_any_json_object_parses_to_an_event(event: str, body: dict[str, Any]) -> None:
    assert isinstance(stream.parse(json.dumps(body | {"event": event})), stream.Event)


@given(
    st.binary(min_size=1, max_size=400), st.text(max_size=20), st.text(alphabet="0123456789*#", min_size=1, max_size=1)
)
def test_what_the_exchange_sends_is_what_we_understand(audio: bytes, name: str, digit: str) -> None:
    messages = Messages("AC1", "CA1", "MZ1")
    assert stream.parse(messages.connected()) == Connected("Call", "1.0.0")
    assert stream.parse(messages.start({"a": name})) == Start("MZ1", "CA1", {"a": name})
    assert stream.parse(messages.media(audio)) == Media(2, 1, 0, audio)
    assert stream.parse(messages.media(audio)) == Media(3, 2, 20, audio)
    assert stream.parse(messages.dtmf(digit)) == Dtmf(digit)
    assert stream.parse(messages.mark(name)) == Mark(name)
    assert stream.parse(messages.stop()) == Stop("CA1")


def test_our_messages_have_twilios_form() -> None:
    assert json.loads(stream.media("MZ1", b"\xff\x00")) == {
        "event": "media",
        "streamSid": "MZ1",
        "media": {"payload": "/wA="},
    }
    assert json.loads(stream.mark("MZ1", "m")) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": "m"}}
    assert json.loads(stream.clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}
