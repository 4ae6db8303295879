"""A carrier that outlives the processes: it notes every message it takes in a file, and fails now and then."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from booking.errors import SendFailed

LINE = 76  # bytes of a fingerprint, a moment in seconds and the line's end
APART_S = 3600  # more than any two clocks are ever apart
RETRY, NEVER = 0.01, 0.001  # shares of messages that fail at first, and that are refused


class Carrier:
    """A channel (`booking.channels.Channel`) that writes to `file`; `now` is its clock."""

    def __init__(self, file: Path, now: datetime = datetime(2000, 1, 1, tzinfo=UTC)) -> None:
        self._file, self.now = file, now
        self._refused: set[str] = set()
        self._taken: dict[str, float] = {}  # when last, seconds
        self._read = 0  # of the file, in bytes

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
        return _id(key, self.now.timestamp())

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """The id of a message that was taken since then."""
        key = fingerprint(recipient, text)
        self._catch_up(since.timestamp())
        last = self._taken.get(key, 0.0)
        return _id(key, last) if last >= since.timestamp() else None

    def taken(self) -> Counter[str]:
        """How often each message was taken, by fingerprint."""
        lines = self._file.read_text(encoding="ascii").splitlines() if self._file.exists() else []
        return Counter(line.split()[0] for line in lines)

    def _catch_up(self, since: float) -> None:
        """Read what has come to the file, by this process or others, since it was read; at first, what is not much
        older than `since`: of a season there are millions of lines, nearly in the order of their moments."""
        if not self._file.exists():
            return
        with self._file.open("rb") as file:
            if not self._taken:
                lines = range(file.seek(0, os.SEEK_END) // LINE)
                self._read = LINE * bisect_left(lines, since - APART_S, key=lambda n: _moment(file, n))
            file.seek(self._read)
            new = file.read()
        whole = new[: len(new) // LINE * LINE]
        self._read += len(whole)
        for line in whole.decode("ascii").splitlines():
            key, moment = line.split()
            self._taken[key] = max(float(moment), self._taken.get(key, 0.0))

    def _note(self, key: str) -> None:
        # One write to a file opened for appending: what a killed process has written is whole, and stays.
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb", 0) as out:
            out.write(f"{key} {self.now.timestamp():010.0f}\n".encode("ascii"))


def _id(key: str, moment: float) -> str:
    return f"{key[:22]}{moment:010.0f}"  # the same words at another time are another message


def _moment(file: BinaryIO, line: int) -> float:
    file.seek(line * LINE)
    return float(file.read(LINE).split()[1])


def fingerprint(recipient: str, text: str) -> str:
    """What a message is recognised by."""
    return sha256(f"{recipient}\t{text}".encode()).hexdigest()
