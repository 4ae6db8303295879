"""The figures of the benches."""

from __future__ import annotations

import subprocess
import sys

from bench.report import Spread, percentile, table
from ivr.settings import ROOT


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(v) for v in range(1, 101)]
    assert [percentile(values, q) for q in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 99) == 7.0
    assert percentile([], 99) == 0.0


def test_a_spread_is_of_sorted_and_scaled_values() -> None:
    assert Spread.of([0.3, 0.1, 0.2], 1000) == Spread(3, 200.0, 300.0, 300.0)
    assert Spread.of([]).row() == ["0", "-", "-", "-"]


def test_a_table_is_aligned() -> None:
    assert table(["ms", "n"], [["city", 1], ["a", 100]]).splitlines() == [
        "ms      n",
        "---------",
        "city    1",
        "a     100",
    ]


def test_the_benches_are_listed_and_a_wrong_name_is_refused() -> None:
    command = [sys.executable, "-m", "bench"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "latency" in listed
    assert "capacity" in listed
    assert subprocess.run([*command, "nothing"], cwd=ROOT, capture_output=True, check=False).returncode == 2
