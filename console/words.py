"""Labels by language, from a `words.yaml` beside the page; and those that all signed-in pages share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

Words = Mapping[str, str]


def load(path: Path) -> dict[str, Words]:
    """The labels of `path`: language, key, text."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {language: {str(k): str(v) for k, v in words.items()} for language, words in raw.items()}


SHARED: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LANGUAGES = tuple(SHARED)
"""Languages of the pages; the first is the default."""
