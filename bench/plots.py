"""Plots of the benches, PNG files in bench/out (not in git). matplotlib is a development dependency."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "out"
Lines = Mapping[str, tuple[Sequence[float], Sequence[float]]]


@contextmanager
def _figure(name: str, panels: int = 1) -> Iterator[list[Any]]:
    """The axes of a new figure; afterwards it is stored as bench/out/<name>.png and its path named on stderr."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(panels, 1, figsize=(9, 1.5 + 3.2 * panels), squeeze=False)
    yield [row[0] for row in axes]
    figure.tight_layout()
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.png"
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
    print(f"plot: {path}", file=sys.stderr)


def lines(name: str, panels: Mapping[str, Lines], below: str) -> None:
    """One panel a title, in it a line a label of (x, y) values; `below` names the x axis."""
    with _figure(name, len(panels)) as axes:
        for axis, (title, series) in zip(axes, panels.items(), strict=True):
            for label, (x, y) in series.items():
                axis.plot(x, y, marker="o", markersize=3, label=label)
            axis.set_title(title, fontsize=10)
            axis.set_ylim(bottom=0)
            axis.grid(alpha=0.3)
            axis.legend(fontsize=8)
        axes[-1].set_xlabel(below)


def bars(name: str, title: str, groups: Mapping[str, Mapping[str, float]], limit: float | None = None) -> None:
    """For each group its bars side by side; `limit` is drawn as a line."""
    labels = list(dict.fromkeys(label for group in groups.values() for label in group))
    with _figure(name) as (axis,):
        width = 0.8 / max(len(labels), 1)
        for n, label in enumerate(labels):
            at = [place - 0.4 + width * (n + 0.5) for place in range(len(groups))]
            axis.bar(at, [group.get(label, 0) for group in groups.values()], width, label=label)
        _finish(axis, title, list(groups), limit)


def stacked(name: str, title: str, groups: Mapping[str, Mapping[str, float]], limit: float | None = None) -> None:
    """For each group one bar of parts on top of each other."""
    labels = list(dict.fromkeys(label for group in groups.values() for label in group))
    with _figure(name) as (axis,):
        below = [0.0] * len(groups)
        for label in labels:
            heights = [group.get(label, 0) for group in groups.values()]
            axis.bar(range(len(groups)), heights, 0.6, bottom=below, label=label)
            below = [low + high for low, high in zip(below, heights, strict=True)]
        _finish(axis, title, list(groups), limit)


def _finish(axis: Any, title: str, names: Sequence[str], limit: float | None) -> None:
    if limit is not None:
        axis.axhline(limit, color="black", linestyle="--", linewidth=1, label=f"limit {limit:g}")
    axis.set_xticks(range(len(names)), names, rotation=20 if len(names) > 5 else 0, fontsize=8)
    axis.set_title(title, fontsize=10)
    axis.grid(axis="y", alpha=0.3)
    axis.legend(fontsize=8)
