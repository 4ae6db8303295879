"""What the benches over calls have in common on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

Figures = dict[str, Any]


def parser(name: str, about: str | None) -> argparse.ArgumentParser:
    """The options that every one has: models, JSON, pictures."""
    made = argparse.ArgumentParser(prog=f"python -m bench {name}", description=about)
    made.add_argument("--own-models", action="store_true", help="the configured models instead of the test models")
    made.add_argument("--json", action="store_true", help="one JSON object")
    made.add_argument("--plot", action="store_true", help=f"bench/out/{name}*.png as well")
    return made


def report(
    options: argparse.Namespace, figures: Figures, show: Callable[[Figures], None], plot: Callable[[Figures], None]
) -> None:
    """The figures in the form that was asked for."""
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
    if options.plot:
        plot(figures)
