"""The page's own labels by language, from `words.yaml`."""

from __future__ import annotations

from pathlib import Path

from console.words import Words, load

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LANGUAGES = tuple(WORDS)
"""Languages of the page; the first is the default."""
