"""A server in a process of its own for a bench, and what it costs there.

The child (`python -m bench.served`) serves a fresh store with the test models (or those that VOSK_MODEL_PATH and
config.yaml name, with --own-models) and answers each line on its standard input with its cost so far.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from ivr.settings import ROOT
from ivr.timings import Timings

TEST_MODELS = {
    "VOSK_MODEL_PATH": str(ROOT / "tests" / "vosk"),
    "MITAN_SPEECH__MODEL_HI": "vosk-model-test-hi-0.1",
    "MITAN_SPEECH__MODEL_EN": "vosk-model-test-en-0.1",
}
TICK = os.sysconf("SC_CLK_TCK")


class Served:
    """The parent's side: start with `with`, then `cost()`."""

    def __init__(self, own_models: bool = False, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mitan-bench-")
        own = {k: v for k, v in os.environ.items() if not k.startswith(("TWILIO_", "DATABASE_URL", "PORT"))}
        folder = {"MITAN_SERVER__VAR_DIR": self._folder.name, "MITAN_SERVER__PORT": "0"}
        self._env = own | ({} if own_models else TEST_MODELS) | folder | settings
        self.url = self.token = self.store = ""

    def __enter__(self) -> Served:
        # -m puts the working folder on the path, so it has to be the project's.
        self._child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "bench.served"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._env,
            cwd=ROOT,
        )
        about = self._answer()
        self.url, self.token, self.store = about["url"], about["token"], about["store"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.communicate(timeout=60)
        self._folder.cleanup()

    def cost(self) -> dict[str, Any]:
        """CPU seconds by kind of thread and of the child processes, resident MB, and the timings of all turns."""
        assert self._child.stdin is not None
        self._child.stdin.write("cost\n")
        self._child.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended with status {self._child.wait()}; its messages are above")
        answer: dict[str, Any] = json.loads(line)
        return answer


class _Turns(logging.Handler):
    """Collects the timings that live calls log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.turns: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and isinstance(record.args[-1], Timings):
            self.turns.append(asdict(record.args[-1]))


def _cpu(stat: str) -> float:
    fields = Path(stat).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _children(pid: int) -> list[int]:
    direct = Path(f"/proc/{pid}/task/{pid}/children")
    every = [int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()]
    return every if direct.exists() else []


def _cost() -> dict[str, Any]:
    threads: Counter[str] = Counter()
    for thread in threading.enumerate():
        kind = re.split(r"[-_ (]\d*", thread.name)[0]
        try:
            threads[kind] += _cpu(f"/proc/self/task/{thread.native_id}/stat")  # type: ignore[assignment]
        except OSError:
            continue  # it ended meanwhile
    status = Path("/proc/self/status").read_text()
    resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    children = sum(_cpu(f"/proc/{pid}/stat") for pid in _children(os.getpid()))
    return {"cpu_s": _cpu("/proc/self/stat"), "threads": threads, "children_s": children, "resident_mb": resident}


def _serve() -> None:
    from ivr.application import Running
    from ivr.assembly import build
    from ivr.commands.prepare import make_ready
    from ivr.logs import configure
    from ivr.settings import load

    out = sys.stdout
    settings = load()
    configure(settings)
    turns = _Turns()
    calls = logging.getLogger("ivr.call")
    calls.addHandler(turns)
    calls.setLevel(logging.DEBUG)
    logging.getLogger().handlers[0].setLevel(settings.server.log_level)
    with redirect_stdout(sys.stderr):
        make_ready(settings, download=False)
        application = build(settings)
        running = Running(application)
    assert application.exchange is not None
    about = {"url": running.url, "token": application.exchange.shared.trunk.token, "store": settings.store_url}
    print(json.dumps(about), file=out, flush=True)
    with running:
        for _ in sys.stdin:
            print(json.dumps(_cost() | {"turns": turns.turns}), file=out, flush=True)


if __name__ == "__main__":
    _serve()
