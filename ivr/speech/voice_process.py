"""Holds the process that speaks: starts it when needed, gives it one job at a time, replaces it when it is stuck."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from ivr.speech.errors import SpeechUnavailable

log = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("voice_worker.py")
START_TIMEOUT_S = 20.0  # on a busy machine; 0.3 s on an idle one
JOB_TIMEOUT_S = 10.0  # plus 10 ms a character; a sentence takes some 20 ms
TRIES = 2


class _Died(Exception):  # noqa: N818
    """The process ended or did not answer in time."""


class VoiceProcess:
    """One long-lived synthesis process. Thread-safe: callers take turns."""

    def __init__(self, timeout_s: float = JOB_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._voices: frozenset[str] = frozenset()
        self._unread = b""
        self._folder = ""

    @property
    def pid(self) -> int | None:
        """The id of the process while it runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def voices(self) -> frozenset[str]:
        """The ids of the voices there are, lower case (`inc/hi`). Raises SpeechUnavailable."""
        with self._turn:
            self._ensure_started()
            return self._voices

    def wav(self, text: str, voice: str, rate: int) -> bytes:
        """A WAV file of `text` (22,050 Hz mono), `rate` in words per minute. Raises SpeechUnavailable."""
        with self._turn:
            for attempt in range(1, TRIES + 1):
                self._ensure_started()
                self._check_voice(voice)
                try:
                    return self._ask({"text": text, "voice": voice, "rate": rate}, self._timeout_s + len(text) / 100)
                except _Died as error:
                    log.warning("Speech synthesis %s (attempt %d of %d); it is started anew.", error, attempt, TRIES)
                    self._kill()
        raise SpeechUnavailable(f"Speech synthesis gave no answer in {TRIES} attempts. Restart the server.")

    def stop(self) -> None:
        """End the process; the next job would start it again."""
        with self._turn:
            self._kill()

    def _ensure_started(self) -> None:
        if self.pid is not None:
            return
        self._kill()
        self._folder = tempfile.mkdtemp(prefix="mitan-voice-")
        command = [
            sys.executable,
            "-P",
            str(WORKER),
            self._folder,
        ]  # -P: modules beside the worker must not hide others
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._unread = b""
        try:
            head = self._head(time.monotonic() + START_TIMEOUT_S)
        except _Died as error:
            self._kill()
            raise SpeechUnavailable(f"Speech synthesis {error} at its start.") from None
        if "error" in head:
            self._kill()
            raise SpeechUnavailable(f"Speech cannot be made: {head['error']}. Run `make setup` again.")
        self._voices = frozenset(head["ready"])

    def _check_voice(self, voice: str) -> None:
        """espeak-ng ignores a name it does not know and goes on with the voice it had, in the wrong language."""
        base = voice.split("+")[0].lower()
        if base in self._voices:
            return
        near = sorted(v for v in self._voices if v.split("/")[-1][:2] == base.split("/")[-1][:2])
        raise SpeechUnavailable(
            f"There is no voice {voice!r}. Set speech.voice_hi or speech.voice_en in config.yaml to one of: "
            f"{', '.join(near or sorted(self._voices))}."
        )

    def _ask(self, job: dict[str, Any], timeout_s: float) -> bytes:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        deadline = time.monotonic() + timeout_s
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            raise _Died("ended") from None
        head = self._head(deadline)
        if "error" in head:
            raise SpeechUnavailable(f"This sentence cannot be spoken: {head['error']}.")
        return self._take(int(head["bytes"]), deadline)

    def _head(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._unread:
            self._read_more(deadline)
        line, self._unread = self._unread.split(b"\n", 1)
        head: dict[str, Any] = json.loads(line)
        return head

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self._unread) < size:
            self._read_more(deadline)
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def _read_more(self, deadline: float) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        with selectors.DefaultSelector() as wait:  # select() fails in a process with more than 1,024 sockets open
            wait.register(fd, selectors.EVENT_READ)
            if not wait.select(max(deadline - time.monotonic(), 0)):
                raise _Died("did not answer in time")
        piece = os.read(fd, 1 << 20)
        if not piece:
            raise _Died("ended")
        self._unread += piece

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()  # it then ends by itself and clears up
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)
