"""The process that speaks: pyttsx3 with the espeak-ng of the package espeakng-loader. Run as a script by voice_process,
with the folder to work in as its argument; the folder is deleted at the end.

Jobs come as JSON lines on standard input ({"text", "voice", "rate"}); each answer is a JSON line on standard output,
{"error"} or {"bytes"} followed by so many bytes of a WAV file. One engine, one job at a time: a second engine, or two
jobs in one `runAndWait`, hang or lose audio. The process ends when its standard input does, so it cannot outlive the
one that started it, not even one that was killed.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

MAX_RATE_WPM = 450  # above it espeak-ng changes its method


def main() -> None:
    """Answer jobs until standard input ends."""
    answers = _own_stdout()
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it, too, but calls may still have to say goodbye
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs, folder), daemon=True).start()
    try:
        engine = _engine()
        voices = {voice.id for voice in engine.getProperty("voices")}
    except Exception as error:
        _answer(answers, {"error": f"the speech synthesis does not start: {error}"})
        os._exit(1)
    _answer(answers, {"ready": sorted(voices)})
    while True:
        _work(engine, json.loads(jobs.get()), folder / "said.wav", answers)


def _own_stdout() -> BinaryIO:
    """Standard output for answers alone: pyttsx3 prints to it, so what it sees there is standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _read_jobs(jobs: queue.SimpleQueue[str], folder: Path) -> None:
    for line in sys.stdin:
        jobs.put(line)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # even while espeak is at work or hangs


def _engine() -> Any:
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    if espeakng_loader.load_library() is None:  # before pyttsx3, which then finds it by name without a system package
        raise RuntimeError("the package espeakng-loader has no library for this machine")
    import pyttsx3

    return pyttsx3.init("espeak")


def _work(engine: Any, job: dict[str, Any], wav: Path, answers: BinaryIO) -> None:
    try:
        wav.unlink(missing_ok=True)
        engine.setProperty("voice", job["voice"])
        engine.setProperty("rate", min(int(job["rate"]), MAX_RATE_WPM))
        engine.save_to_file(job["text"], str(wav))
        engine.runAndWait()
        data = wav.read_bytes()
    except Exception as error:
        _answer(answers, {"error": f"{type(error).__name__}: {error}"})
        return
    _answer(answers, {"bytes": len(data)}, data)


def _answer(answers: BinaryIO, head: dict[str, Any], data: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    main()
