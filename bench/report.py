"""Figures and plain tables of a bench."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """Median, 95th and 99th percentile of `n` values."""

    n: int
    median: float
    p95: float
    p99: float

    @classmethod
    def of(cls, values: Iterable[float], scale: float = 1.0) -> Spread:
        """Of `values` times `scale`; all 0 when there are none."""
        ordered = sorted(v * scale for v in values)
        return cls(len(ordered), *(round(percentile(ordered, q), 1) for q in (50, 95, 99)))

    def row(self) -> list[str]:
        """The cells of a table."""
        return [str(self.n), *(f"{v:.0f}" if self.n else "-" for v in (self.median, self.p95, self.p99))]


def percentile(ordered: Sequence[float], q: float) -> float:
    """The `q`-th percentile (0-100) of sorted values, the nearest rank."""
    if not ordered:
        return 0.0
    return ordered[max(0, -(-len(ordered) * int(q) // 100) - 1)]


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A plain table: the first column to the left, the others to the right."""
    cells = [[str(c) for c in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def flush_ms(times: int = 200) -> float:
    """What a commit waits for on this disk, milliseconds: a page written and flushed, the median."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(bytes(4096))
            began = time.perf_counter()
            file.flush()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return round(percentile(sorted(took), 50) * 1000, 2)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
