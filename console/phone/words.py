"""The page's own labels by language, from `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

Words = Mapping[str, str]


def _load(path: Path) -> dict[str, Words]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {language: {str(k): str(v) for k, v in words.items()} for language, words in raw.items()}


WORDS: dict[str, Words] = _load(Path(__file__).with_name("words.yaml"))
LANGUAGES = tuple(WORDS)
"""Languages of the page; the first is the default."""
