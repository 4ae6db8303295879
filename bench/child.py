"""The child of `bench.served`: a server that answers each line on its standard input with a line of JSON.

"cost": CPU seconds by kind of thread and of its own child processes, what decoding took of them, resident MB, threads,
open files and sockets; "left": objects that belong to a call and are still in memory; "turns": the timings of all
turns; "bare": the speech that the calls decoded, decoded again with nothing but Vosk, in one thread. BENCH_KEPT: turns
whose timings and sound are kept for this (0 for long runs).
"""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, TextIO

import vosk

from ivr import assembly
from ivr.actions import Listen
from ivr.application import Running
from ivr.assembly import Application, build
from ivr.call import LiveCall
from ivr.carriers.twilio.socket import StreamEndpoint
from ivr.commands.prepare import make_ready
from ivr.conversation import Conversation
from ivr.gathering import Gathered
from ivr.line import Ear
from ivr.logs import configure
from ivr.settings import load
from ivr.speech.codec import RATE, seconds, to_pcm
from ivr.speech.recognise import Recognisers
from ivr.speech.track import Track
from ivr.speech.vocabulary import Vocabulary
from ivr.timings import Timings

TICK = os.sysconf("SC_CLK_TCK")
CHUNK = 1600  # bytes of 16-bit PCM given to Vosk at once: 100 ms
OF_A_CALL = (LiveCall, Conversation, Track, Gathered)
KEPT = int(os.environ.get("BENCH_KEPT", "400"))


class Turns(logging.Handler):
    """Collects the timings that live calls log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.turns: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the timings of a log line that has some."""
        if len(self.turns) < KEPT * 10 and isinstance(record.args, tuple) and isinstance(record.args[-1], Timings):
            self.turns.append(asdict(record.args[-1]))


class TappedEar:
    """An ear that keeps what it was fed."""

    def __init__(self, ear: Ear, kept: bytearray | None) -> None:
        self.partial, self.finish, self.discard = ear.partial, ear.finish, ear.discard
        self._ear, self._kept = ear, kept

    def feed(self, audio: bytes) -> None:
        """As the ear's."""
        if self._kept is not None:
            self._kept += audio
        self._ear.feed(audio)


class TappedEars(Recognisers):
    """Recognisers that keep the audio and the question of every turn."""

    made: ClassVar[list[TappedEars]] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.turns: list[tuple[Listen, bytearray]] = []
        self.opened = 0
        self.made.append(self)

    def taken(self) -> dict[str, float]:
        """What decoding has taken so far, both languages together; MB of sound that is kept here."""
        names = ("audio_s", "cpu_s", "again_s", "again_cpu_s")
        kept = sum(len(audio) for _, audio in self.turns) / 2**20
        return {name: sum(getattr(t, name) for t in self.tallies.values()) for name in names} | {"kept_mb": kept}

    def ear(self, listen: Listen) -> Ear:  # type: ignore[override]  # nothing but an ear is made of it
        """As the recognisers', tapped."""
        kept = bytearray() if len(self.turns) < KEPT else None
        self.opened += 1
        if kept is not None:
            self.turns.append((listen, kept))
        return TappedEar(super().ear(listen), kept)


class Streams(StreamEndpoint):
    """The streams' endpoint, found again for its counts."""

    made: ClassVar[list[StreamEndpoint]] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.made.append(self)


def bare(turns: Sequence[tuple[Listen, bytearray]], models: dict[str, vosk.Model]) -> dict[str, float]:
    """Decode the turns with Vosk alone: CPU seconds, and the seconds of speech (once for each language)."""
    words = {language: Vocabulary(model, language) for language, model in models.items()}
    free = {language: vosk.KaldiRecognizer(model, RATE) for language, model in models.items()}
    for recogniser in free.values():
        _decode(recogniser, bytes(RATE * 2))  # warm
    spoken, began = 0.0, time.thread_time()
    for listen, audio in turns:
        phrases = dict(listen.grammar)
        for language in listen.languages:
            grammar = words[language].grammar(phrases[language]) if phrases.get(language) else None
            if listen.free or grammar is None:
                recogniser = free[language]
            else:
                recogniser = vosk.KaldiRecognizer(models[language], RATE, grammar.json)
            recogniser.SetWords(True)
            _decode(recogniser, to_pcm(bytes(audio)))
            spoken += seconds(bytes(audio))
    return {"cpu_s": time.thread_time() - began, "speech_s": spoken, "turns": float(len(turns))}


def _decode(recogniser: vosk.KaldiRecognizer, pcm: bytes) -> None:
    for at in range(0, len(pcm), CHUNK):
        recogniser.AcceptWaveform(pcm[at : at + CHUNK])
    recogniser.FinalResult()


def cost() -> dict[str, Any]:
    """What this process has used so far. A thread's kind is its name up to its number."""
    threads: Counter[str] = Counter()
    for thread in threading.enumerate():
        try:
            spent = _cpu(Path(f"/proc/self/task/{thread.native_id}/stat"))
        except OSError:
            continue  # it ended meanwhile
        threads[re.split(r"[-_ (]*\d", thread.name)[0]] += round(spent * 1000)
    status = Path("/proc/self/status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+)", status)
    return {
        "cpu_s": _cpu(Path("/proc/self/stat")),
        "threads_ms": threads,
        "children_s": sum(_cpu(Path(f"/proc/{child}/stat")) for child in _children()),
        "resident_mb": int(resident[1]) / 1024 if resident else 0,
        "threads": threading.active_count(),
        **_handles(),
    }


def left() -> dict[str, int]:
    """What of single calls is still in memory, by class."""
    gc.collect()
    found = Counter(type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, OF_A_CALL))
    return dict(found)


def _handles() -> dict[str, int]:
    """Open files, and the sockets among them."""
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            found.append(str(handle.readlink()))
    return {"files": len(found), "sockets": sum(name.startswith("socket:") for name in found)}


def _cpu(stat: Path) -> float:
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _children() -> list[str]:
    tasks = Path("/proc/self/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


def _answers(application: Application, turns: Turns, ears: TappedEars) -> dict[str, Callable[[], Any]]:
    return {
        "cost": lambda: cost() | {"vosk": ears.taken(), "frames": sum((s.counts for s in Streams.made), Counter())},
        "left": left,
        "turns": lambda: {"turns": turns.turns},
        "bare": lambda: bare(ears.turns, dict(application.models.loaded)) | {"all_turns": ears.opened},
    }


def serve(out: TextIO) -> None:
    """Serve until standard input is closed."""
    settings = load()
    configure(settings)
    turns, calls = Turns(), logging.getLogger("ivr.call")
    calls.addHandler(turns)
    calls.setLevel(logging.DEBUG)
    logging.getLogger().handlers[0].setLevel(logging.WARNING)
    make_ready(settings, download=False)
    vars(assembly).update(StreamEndpoint=Streams, Recognisers=TappedEars)
    application = build(settings)
    answers = _answers(application, turns, TappedEars.made[-1])
    with Running(application) as running:
        assert application.exchange is not None
        token = application.exchange.shared.trunk.token
        print(json.dumps({"url": running.url, "token": token, "store": settings.store_url}), file=out, flush=True)
        for line in sys.stdin:
            print(json.dumps(answers[line.strip()]()), file=out, flush=True)


if __name__ == "__main__":
    real, sys.stdout = sys.stdout, sys.stderr  # what is printed on the way is no answer
    with redirect_stdout(sys.stderr):
        serve(real)
