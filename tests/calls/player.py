"""The scripts of this folder and those that the product comes with, and how tests play them."""

from __future__ import annotations

import csv
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from ivr.clock import ZONE
from ivr.helpline import Helpline
from ivr.script import Script, load
from ivr.trials.play import PinnedClock, Played, on, play
from ivr.trials.play import Talking as Plain
from ivr.trials.rehearsal import CONVERSATIONS

__all__ = ["CALLS", "PinnedClock", "Played", "Talking", "on", "play", "script_of", "scripts", "start_of", "told"]

CALLS = Path(__file__).parent
AUDIO = CALLS.parent / "audio"


def scripts() -> list[Path]:
    return sorted([*CONVERSATIONS.glob("*/*.yaml"), *CALLS.glob("*/*.yaml")])


@cache
def transcripts() -> dict[str, str]:
    with (AUDIO / "clips.tsv").open(encoding="utf-8") as rows:
        return {row["file"]: row["transcript"] for row in csv.DictReader(rows, delimiter="\t")}


class Talking(Plain):
    """Straight into the conversation; clips are what stands in their transcripts."""

    def __init__(self, helpline: Helpline, script: Script, *, fresh: bool = False) -> None:
        super().__init__(helpline, script, words=lambda file: transcripts()[Path(file).name], fresh=fresh)


def script_of(path: Path) -> Script:
    return load(path)


def start_of(script: Script) -> datetime:
    assert script.now is not None, f"{script.name}: the clock must be pinned by `now`"
    return script.now.astimezone(ZONE)


def told(played: Played) -> dict[str, Any]:
    """For a failing test: everything that was said."""
    return {"problems": played.problems, "call": "\n".join(played.said)}
