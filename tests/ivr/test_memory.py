from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.memory import ARENAS
from ivr.settings import ROOT

# How many arenas there are after 20 threads have allocated at once, as the C library itself counts them.
PROGRAM = """
import ctypes, sys, threading
from ivr.memory import few_arenas
if sys.argv[1] == "few":
    few_arenas()
all_up = threading.Barrier(20)
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
def work():
    kept = [libc.malloc(5000) for _ in range(100)]
    all_up.wait()
    for piece in kept:
        libc.free(piece)
threads = [threading.Thread(target=work) for _ in range(20)]
[t.start() for t in threads]
[t.join() for t in threads]
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


def arenas(way: str, folder: Path) -> int:
    out = folder / "arenas.xml"
    subprocess.run([sys.executable, "-c", PROGRAM, way, str(out)], cwd=ROOT, check=True)
    return out.read_text().count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="the allocator of glibc")
def test_threads_share_two_arenas_instead_of_filling_one_each(tmp_path: Path) -> None:
    assert arenas("many", tmp_path) > ARENAS
    assert arenas("few", tmp_path) <= ARENAS
