"""Sound files of any common format become 8 kHz PCM, in a process of their own with bounded time and memory."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ivr.speech.errors import FileRefused

WORKER = Path(__file__).with_name("decode_worker.py")
LONGEST_S = 120.0  # of audio: more than any prompt
MOST_BYTES = 40_000_000  # two minutes of studio WAV (48 kHz, stereo, 24 bit) are 35 MB
PART_BYTES = 65_536
TIMEOUT_S = 60.0  # a busy machine; an idle one needs a second
AT_ONCE = 2  # processes of some 100 MB
log = logging.getLogger(__name__)
_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Decoded:
    """8 kHz mono 16-bit PCM, and the share (0 to 1) of the file's samples that stand at full scale."""

    pcm: bytes
    clipped: float


def decoded(file: IO[bytes]) -> Decoded:
    """The audio of a file; of a film its first sound track. Raises FileRefused: empty, big, unknown, soundless, long,
    broken, slow."""
    command = [sys.executable, str(WORKER), str(LONGEST_S)]
    with tempfile.TemporaryFile() as copy:  # never whole in this process, in which calls are
        _copy(file, copy)
        try:
            with _turn:
                done = subprocess.run(command, stdin=copy, capture_output=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise FileRefused("slow") from None
    return _answer(done)


def _copy(file: IO[bytes], copy: IO[bytes]) -> None:
    """The file from the beginning. Raises FileRefused."""
    file.seek(0)
    while copy.tell() <= MOST_BYTES and (part := file.read(PART_BYTES)):
        copy.write(part)
    if copy.tell() > MOST_BYTES:
        raise FileRefused("big")
    if not copy.tell():
        raise FileRefused("empty")
    copy.seek(0)


def _answer(done: subprocess.CompletedProcess[bytes]) -> Decoded:
    line, _, pcm = done.stdout.partition(b"\n")
    if done.stderr:
        log.info("a sound file was not read: %s", done.stderr.decode(errors="replace").strip()[-500:])
    if not line:  # it was ended from outside: too much memory or time, or FFmpeg broke down
        raise FileRefused("broken")
    head = json.loads(line)
    if "error" in head:
        raise FileRefused(head["error"])
    return Decoded(pcm, head["clipped"] / max(head["samples"], 1))
