"""A server in a process of its own for a bench (`bench.child`), with a fresh store and by default the test models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from ivr.settings import ROOT

TEST_MODELS = {
    "VOSK_MODEL_PATH": str(ROOT / "tests" / "vosk"),
    "MITAN_SPEECH__MODEL_HI": "vosk-model-test-hi-0.1",
    "MITAN_SPEECH__MODEL_EN": "vosk-model-test-en-0.1",
}


# A bench measures where quality ends; the server must not turn calls away before.
ALL_CALLS = {
    "MITAN_LIMITS__MAX_CALLS": "10000",
    "MITAN_LIMITS__KEYPAD_LAG_MS": "60000",
    "MITAN_LIMITS__BUSY_LAG_MS": "60000",
}


class Served:
    """The parent's side: start with `with`, then `cost()`."""

    def __init__(self, own_models: bool = False, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mitan-bench-")
        self._log = Path(self._folder.name) / "server.log"
        own = {k: v for k, v in os.environ.items() if not k.startswith(("TWILIO_", "DATABASE_URL", "PORT", "BENCH_"))}
        folder = {"MITAN_SERVER__VAR_DIR": self._folder.name, "MITAN_SERVER__PORT": "0"}
        self._env = own | ({} if own_models else TEST_MODELS) | ALL_CALLS | folder | settings
        self.url = self.token = self.store = ""

    def __enter__(self) -> Served:
        # -m puts the working folder on the path, so it has to be the project's.
        with self._log.open("w") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bench.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
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
        try:
            self._child.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
        self._folder.cleanup()

    def ask(self, what: str) -> dict[str, Any]:
        """An answer of the child: what there is to ask stands in `bench.child`."""
        assert self._child.stdin is not None
        self._child.stdin.write(f"{what}\n")
        self._child.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            last = "\n".join(self._log.read_text().splitlines()[-20:])
            raise RuntimeError(f"the server ended with status {self._child.wait()}:\n{last}")
        answer: dict[str, Any] = json.loads(line)
        return answer
