"""Media Streams messages from the carrier's side: what we send the application, and what it may send us. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


class _Payload(msgspec.Struct):
    payload: bytes


class _Name(msgspec.Struct):
    name: str


class Outbound(msgspec.Struct):
    """A message of the application: media, mark or clear."""

    event: str
    media: _Payload | None = None
    mark: _Name | None = None


_decoder = msgspec.json.Decoder(Outbound)


def parse(text: str | bytes) -> Outbound | None:
    """The application's message; None when it is not one (Twilio reports error 31951 and goes on)."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


@dataclass
class Messages:
    """Builds the messages of one stream, numbered as Twilio numbers them."""

    account_sid: str
    call_sid: str
    stream_sid: str
    _sequence: int = 0
    _chunk: int = 0

    def connected(self) -> str:
        """The first message."""
        return _encode({"event": "connected", "protocol": "Call", "version": "1.0.0"}).decode()

    def start(self, parameters: Mapping[str, str]) -> str:
        """The second: what stream this is."""
        return self._numbered(
            "start",
            {
                "accountSid": self.account_sid,
                "streamSid": self.stream_sid,
                "callSid": self.call_sid,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, frame: bytes) -> str:
        """20 ms of the caller."""
        self._chunk += 1
        at = str((self._chunk - 1) * 20)
        return self._numbered(
            "media", {"track": "inbound", "chunk": str(self._chunk), "timestamp": at, "payload": frame}
        )

    def dtmf(self, digit: str) -> str:
        """A key."""
        return self._numbered("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        """The application's mark was reached or cleared."""
        return self._numbered("mark", {"name": name})

    def stop(self) -> str:
        """The stream is over."""
        return self._numbered("stop", {"accountSid": self.account_sid, "callSid": self.call_sid})

    def text(self, text: str) -> str:
        """A typed turn: our own addition, which Twilio does not have."""
        return _encode({"event": "text", "streamSid": self.stream_sid, "text": text}).decode()

    def _numbered(self, event: str, body: Mapping[str, Any]) -> str:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), event: body, "streamSid": self.stream_sid}
        return _encode(message).decode()
