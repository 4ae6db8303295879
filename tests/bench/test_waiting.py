"""The desk's line with a clock that jumps."""

from __future__ import annotations

import pytest

from bench.waiting import measure


def test_the_line_of_the_desk_waits_as_an_ideal_one_and_as_erlang_says() -> None:
    figures = measure(300, 5, 0.8)
    match = figures["match"]
    assert figures["wrong"] == []
    assert match["run_s"] == pytest.approx(match["ideal_s"], abs=0.001)
    assert match["run_s"][0] == pytest.approx(match["erlang_c_s"], rel=0.15)
