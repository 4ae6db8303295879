"""The conversations of a trial are played in a process of their own: calls under way must not wait for them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from ivr.settings import ROOT
from ivr.trials.keeping import broke
from models.store import Store

LIMIT_S = 300.0  # some ten seconds are usual
COMMAND = (sys.executable, str(ROOT / "app.py"), "prompts", "rehearse")
log = logging.getLogger(__name__)


class Rehearsals:
    """Begins such processes, one after another."""

    def __init__(self, store: Store, url: str, now: Callable[[], datetime], command: Sequence[str] = COMMAND) -> None:
        self._store, self._url, self._now, self._command = store, url, now, command
        self._alone = threading.Lock()

    def begin(self, trial: int) -> None:
        """Play them soon; what comes of it stands in the store."""
        threading.Thread(target=self._run, args=(trial,), name=f"trial-{trial}", daemon=True).start()

    def _run(self, trial: int) -> None:
        with self._alone:
            why = self._played(trial)
        if why:
            log.error("trial %d: %s", trial, why)
            broke(self._store, self._now(), trial, why)

    def _played(self, trial: int) -> str:
        """Why it came to no end; "" when it did."""
        environment = {**os.environ, "DATABASE_URL": self._url}
        try:
            done = subprocess.run(
                [*self._command, str(trial)], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=LIMIT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"stopped after {LIMIT_S:.0f} s"
        except OSError as error:
            return str(error)
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return "" if done.returncode == 0 else last or f"ended with {done.returncode}"
