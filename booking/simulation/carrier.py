"""A carrier that outlives the processes: it notes every message it takes in a file, and fails now and then."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from booking.errors import SendFailed

RETRY, NEVER = 0.01, 0.001  # shares of messages that fail at first, and that are refused


class Carrier:
    """A channel (`booking.channels.Channel`) that writes to `file`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._refused: set[str] = set()

    def send(self, recipient: str, text: str, template_id: str, variables: Mapping[str, str]) -> str:
        """Take a message; raises SendFailed."""
        key = fingerprint(recipient, text)
        share = int(key[:8], 16) / 16**8
        if share < NEVER:
            raise SendFailed("no such number", permanent=True)
        if share < NEVER + RETRY and key not in self._refused:
            self._refused.add(key)
            raise SendFailed("busy", permanent=False)
        self._note(key)
        return key[:32]

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """The id of a message that was taken; times are not looked at, as no text comes twice."""
        key = fingerprint(recipient, text)
        return key[:32] if key in set(self._keys()) else None

    def taken(self) -> Counter[str]:
        """How often each message was taken, by fingerprint."""
        return Counter(self._keys())

    def _keys(self) -> Iterator[str]:
        if self._file.exists():
            with self._file.open(encoding="ascii") as lines:
                yield from (line.rstrip("\n") for line in lines)

    def _note(self, key: str) -> None:
        # One write to a file opened for appending: what a killed process has written is whole, and stays.
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb", 0) as out:
            out.write(f"{key}\n".encode("ascii"))


def fingerprint(recipient: str, text: str) -> str:
    """What a message is recognised by."""
    return sha256(f"{recipient}\t{text}".encode()).hexdigest()
