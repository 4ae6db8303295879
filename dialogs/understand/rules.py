"""The patterns of `rules.yaml`."""

from __future__ import annotations

from functools import lru_cache

from dialogs.understand.data import load


@lru_cache(maxsize=2)
def rules(section: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Intents with their patterns, in the order in which they are tried; `section` is "commands" or "intents"."""
    return tuple((str(row["intent"]), tuple(row["said"])) for row in load("rules.yaml")[section])
