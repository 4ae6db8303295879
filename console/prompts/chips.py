"""Placeholders as chips: a text in its parts, and what a chip says of its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prompts.template import PLACEHOLDER, RAW, placeholders


@dataclass(frozen=True)
class Part:
    """A piece of a text; of a chip `text` is the placeholder as it is written."""

    text: str
    chip: bool


def split(text: str) -> Sequence[Part]:
    """`text` in words and chips."""
    parts, start = [], 0
    for found in PLACEHOLDER.finditer(text):
        parts += [Part(text[start : found.start()], False), Part(found[0], True)]
        start = found.end()
    return [part for part in (*parts, Part(text[start:], False)) if part.text]


def label(words: Mapping[str, str], chip: str) -> str:
    """What a chip stands for: the value, and how it is said."""
    (found,) = placeholders(chip)
    name = found.name.replace("_", " ")
    return name if found.form == RAW else f"{name} · {words.get(f'form_{found.form}', found.form)}"
