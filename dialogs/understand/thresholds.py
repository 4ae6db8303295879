"""Thresholds of acceptance, read once from `thresholds.yaml`."""

from __future__ import annotations

from functools import lru_cache

from dialogs.understand.data import load


@lru_cache(maxsize=1)
def thresholds() -> dict[str, float]:
    """All thresholds by kind."""
    return {k: float(v) for k, v in load("thresholds.yaml").items()}


def threshold(kind: str) -> float:
    """The threshold of `kind`, 0..1."""
    return thresholds()[kind]
