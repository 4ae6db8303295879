"""Tries or fetches a Vosk model in a process of its own. Run as a script: `model_worker.py try|fetch NAME FOLDER`.

Apart, because the library ends the process on an unknown name or a failed download, has no time limit while it
downloads, and aborts on some damaged models. `fetch` lets it download NAME into FOLDER; both then open FOLDER/NAME and
decode a moment of silence at 8 kHz. Exit status 0: the model works; 1: it does not, with a word on standard output:
`offline`, `unknown`, `rate` or `damaged`.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

SOCKET_TIMEOUT_S = 20.0
RATE = 8000


def main(act: str, name: str, folder: str) -> str:
    """What is wrong with the model; empty when nothing."""
    import requests
    import vosk

    vosk.SetLogLevel(-1)
    vosk.Model.__del__ = lambda _: None  # it fails on a model that was never opened; this process ends soon anyway
    vosk.MODEL_DIRS[:] = [Path(folder)]
    socket.setdefaulttimeout(SOCKET_TIMEOUT_S)
    try:
        model = vosk.Model(model_name=name) if act == "fetch" else vosk.Model(model_path=str(Path(folder, name)))
    except SystemExit:
        return "unknown"
    except (requests.RequestException, OSError):  # urllib's errors are OSErrors, too
        return "offline"
    except Exception:
        return "damaged"
    return _decodes(vosk, model)


def _decodes(vosk: object, model: object) -> str:
    try:
        recogniser = vosk.KaldiRecognizer(model, RATE)  # type: ignore[attr-defined]
    except Exception:
        return "damaged"
    try:
        recogniser.AcceptWaveform(bytes(RATE))
        recogniser.FinalResult()
    except Exception:
        return "rate"
    return ""


if __name__ == "__main__":
    sys.stdout, answers = sys.stderr, sys.stdout  # the library prints, too
    problem = main(*sys.argv[1:])
    print(problem, file=answers, flush=True)
    sys.exit(1 if problem else 0)
