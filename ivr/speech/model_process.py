"""Runs model_worker.py: bounded in time, its half-finished downloads never taken for a model."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WORKER = Path(__file__).with_name("model_worker.py")
TRY_TIMEOUT_S = 60.0
STALL_S = 30.0  # without a byte: the download is given up
_PART = ".part-"


def tried(name: str, folder: Path) -> str:
    """What is wrong with the model folder/name ("damaged", "rate"); empty when it works."""
    command = [sys.executable, "-P", str(WORKER), "try", name, str(folder)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=TRY_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return "damaged"
    return "" if done.returncode == 0 else done.stdout.decode().strip() or "damaged"


def fetched(name: str, cache: Path, stall_s: float = STALL_S) -> str:
    """Download the model into `cache`; what went wrong ("offline", "unknown", "disk" ...), empty when it is there.

    It is downloaded and unpacked in a folder of its own and moved to its place when it has been found to work.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _clear_old(cache)
        with _part(cache) as part:
            problem = _downloaded(name, part, stall_s)
            if problem:
                return problem
            if not (cache / name).exists():
                (part / name).rename(cache / name)
    except OSError:
        return "" if (cache / name).is_dir() else "disk"
    return ""


@contextlib.contextmanager
def _part(cache: Path) -> Iterator[Path]:
    part = Path(tempfile.mkdtemp(dir=cache, prefix=f"{_PART}{os.getpid()}-"))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _clear_old(cache: Path) -> None:
    """Folders of processes that were killed while they downloaded."""
    for part in cache.glob(f"{_PART}*"):
        pid = part.name.removeprefix(_PART).split("-")[0]
        if not pid.isdecimal() or not _alive(int(pid)):
            shutil.rmtree(part, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _downloaded(name: str, part: Path, stall_s: float) -> str:
    command = [sys.executable, "-P", str(WORKER), "fetch", name, str(part)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # its progress bar goes to our standard error
        try:
            _watch(process, part, stall_s)
        except BaseException:
            process.kill()
            raise
        said = process.stdout.read().decode().strip() if process.stdout else ""
    if process.returncode == 0 and (part / name).is_dir():
        return ""
    return said if said and said != "damaged" else "offline" if process.returncode == -signal.SIGKILL else "spoilt"


def _watch(process: subprocess.Popen[bytes], part: Path, stall_s: float) -> None:
    """Wait for the end of a download; kill it when nothing has come for `stall_s` seconds."""
    size, since = -1, time.monotonic()
    while process.poll() is None:
        now = _size(part)
        if now != size:
            size, since = now, time.monotonic()
        if time.monotonic() - since > stall_s:
            process.kill()
            process.wait()
        time.sleep(0.1)


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total
