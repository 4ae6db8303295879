"""Twilio Media Streams messages: text to frozen events, and the messages we send. Pure; parsing never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

MAX_PAYLOAD = 8_000  # bytes: one second of mu-law in one message; Twilio sends 160
MAX_TYPED = 500  # characters of a typed turn


@dataclass(frozen=True)
class Connected:
    """The socket is open; what protocol and version the carrier speaks."""

    protocol: str
    version: str


@dataclass(frozen=True)
class Start:
    """The stream begins. `parameters` are the `<Parameter>`s of the TwiML."""

    stream_sid: str
    call_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    """Caller's audio: 8 kHz mu-law. `chunk` counts from 1, `timestamp` is ms since the stream began; None: not sent."""

    sequence: int | None
    chunk: int | None
    timestamp: int | None
    payload: bytes


@dataclass(frozen=True)
class Dtmf:
    """The caller pressed the key `digit` (0-9, *, #, A-D)."""

    digit: str


@dataclass(frozen=True)
class Mark:
    """All audio before our mark `name` was played, or thrown away by a clear."""

    name: str


@dataclass(frozen=True)
class Stop:
    """The stream is over: the caller hung up or the call was redirected."""

    call_sid: str


@dataclass(frozen=True)
class Typed:
    """Words typed by the caller: only our own exchange sends these."""

    text: str


@dataclass(frozen=True)
class Ignored:
    """An event we do not know; carriers add some over time."""

    name: str


@dataclass(frozen=True)
class Malformed:
    """Not a message. To be counted and logged, never taken for a hang-up."""

    reason: str


Event = Connected | Start | Media | Dtmf | Mark | Stop | Typed | Ignored | Malformed


class _Start(msgspec.Struct):
    streamSid: str = ""  # noqa: N815 - the wire's names
    callSid: str = ""  # noqa: N815
    customParameters: dict[str, str] = {}  # noqa: N815


class _Media(msgspec.Struct):
    payload: bytes
    chunk: str | int | None = None
    timestamp: str | int | None = None
    track: str = "inbound"


class _Dtmf(msgspec.Struct):
    digit: str


class _Mark(msgspec.Struct):
    name: str


class _Stop(msgspec.Struct):
    callSid: str = ""  # noqa: N815


class _Message(msgspec.Struct):
    event: str
    sequenceNumber: str | int | None = None  # noqa: N815
    streamSid: str = ""  # noqa: N815
    protocol: str = ""
    version: str = ""
    start: _Start | None = None
    media: _Media | None = None
    dtmf: _Dtmf | None = None
    mark: _Mark | None = None
    stop: _Stop | None = None
    text: str | None = None


_decoder = msgspec.json.Decoder(_Message)
_encode = msgspec.json.Encoder().encode


def parse(text: str | bytes) -> Event:
    """The event in one socket message. Anything that is not one becomes `Malformed`."""
    try:
        message = _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Malformed(f"{type(error).__name__}: {error}"[:200])
    build = _BUILDERS.get(message.event)
    return build(message) if build else Ignored(message.event[:40])


def _connected(message: _Message) -> Event:
    return Connected(message.protocol, message.version)


def _start(message: _Message) -> Event:
    start = message.start
    if start is None or not start.callSid or not (start.streamSid or message.streamSid):
        return Malformed("start without streamSid and callSid")
    return Start(start.streamSid or message.streamSid, start.callSid, start.customParameters)


def _media(message: _Message) -> Event:
    media = message.media
    if media is None:
        return Malformed("media without payload")
    if media.track == "outbound":
        return Ignored("media.outbound")
    if not 0 < len(media.payload) <= MAX_PAYLOAD:
        return Malformed(f"media of {len(media.payload)} bytes")
    return Media(_number(message.sequenceNumber), _number(media.chunk), _number(media.timestamp), media.payload)


def _dtmf(message: _Message) -> Event:
    if message.dtmf is None or not re.fullmatch(r"[0-9*#A-Da-d]", message.dtmf.digit, re.ASCII):
        return Malformed("dtmf without one key")
    return Dtmf(message.dtmf.digit)


def _mark(message: _Message) -> Event:
    return Mark(message.mark.name) if message.mark else Malformed("mark without name")


def _stop(message: _Message) -> Event:
    return Stop(message.stop.callSid if message.stop else "")


def _typed(message: _Message) -> Event:
    text = (message.text or "").strip()
    return Typed(text) if 0 < len(text) <= MAX_TYPED else Malformed(f"typed text of {len(text)} characters")


_BUILDERS = {
    "connected": _connected,
    "start": _start,
    "media": _media,
    "dtmf": _dtmf,
    "mark": _mark,
    "stop": _stop,
    "text": _typed,
}


def _number(value: str | int | None) -> int | None:
    """Twilio writes its numbers as strings; anything else that is no count is as good as missing."""
    if isinstance(value, str):
        return int(value) if len(value) <= 15 and value.isascii() and value.isdigit() else None
    return value if value is not None and 0 <= value < 10**15 else None


def media(stream_sid: str, audio: bytes) -> str:
    """The message that queues mu-law `audio` for the caller."""
    return _encode({"event": "media", "streamSid": stream_sid, "media": {"payload": audio}}).decode()


def mark(stream_sid: str, name: str) -> str:
    """The message that asks to be told when everything sent before it has been played."""
    return _encode({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}}).decode()


def clear(stream_sid: str) -> str:
    """The message that throws away what is queued and not yet played."""
    return _encode({"event": "clear", "streamSid": stream_sid}).decode()
