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
    os.nice(5)  # calls in progress come before the next sentence
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # sent to the whole group; calls may yet say goodbye
        signal.signal(end, signal.SIG_IGN)
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs, folder), daemon=True).start()
    done = threading.Event()
    try:
        engine = _engine()
        engine.connect("finished-utterance", lambda name, completed: done.set() if completed else None)
        voices = {voice.id for voice in engine.getProperty("voices")}
    except Exception as error:
        _answer(answers, {"error": f"the speech synthesis does not start: {error}"})
        os._exit(1)
    _answer(answers, {"ready": sorted(voices)})
    while True:
        job = json.loads(jobs.get())
        try:
            data = _said(engine, done, job, folder / "said.wav")
        except Exception as error:
            _answer(answers, {"error": f"{type(error).__name__}: {error}"})
        else:
            _answer(answers, {"bytes": len(data)}, data)


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
    from pyttsx3.drivers import _espeak

    # Before each text pyttsx3 asks whether espeak is still playing; without a sound card it always is, and pyttsx3 then
    # cancels the new text if that is not done within the same moment (2 % of files were empty on a busy machine).
    _espeak.IsPlaying = lambda: 0
    return pyttsx3.init("espeak")


def _said(engine: Any, done: threading.Event, job: dict[str, Any], wav: Path) -> bytes:
    """The WAV file of a job.

    `runAndWait` does not wait: it returns after 10 ms, and espeak's thread writes the file when it has finished (one
    file in 200 was empty or cut when read at once). The event comes after the file is closed.
    """
    wav.unlink(missing_ok=True)
    done.clear()
    engine.setProperty("voice", job["voice"])
    engine.setProperty("rate", min(int(job["rate"]), MAX_RATE_WPM))
    engine.save_to_file(job["text"], str(wav))
    engine.runAndWait()
    done.wait()  # for ever: whoever waits for the answer ends this process
    _wait_until_idle()
    return wav.read_bytes()


def _wait_until_idle() -> None:
    """A late callback of one job must not fall into the next, whose audio it would end."""
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


def _answer(answers: BinaryIO, head: dict[str, Any], data: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    main()
