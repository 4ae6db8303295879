"""What tables and columns are called in either language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from booking.sheets.remarks import LANGUAGES

_Words = Mapping[str, Mapping[str, Mapping[str, str]]]


def title(table: str, language: str) -> str:
    """The name of a table."""
    return _words()[language]["table"][table]


def about(table: str, language: str) -> str:
    """What a table is for, in a sentence or two."""
    return _words()[language]["about"][table]


def label(table: str, column: str, language: str) -> str:
    """The name of a column."""
    return _own("column", table, column, language) or column


def hint(table: str, column: str, language: str) -> str:
    """What belongs into a field of the column; "" when its label says it."""
    return _own("hint", table, column, language)


def headings(table: str, columns: list[str]) -> dict[str, str]:
    """The columns by their labels in all languages, in small letters."""
    return {label(table, column, language).casefold(): column for language in LANGUAGES for column in columns}


def _own(part: str, table: str, column: str, language: str) -> str:
    words = _words()[language][part]
    return words.get(f"{table}.{column}") or words.get(column, "")


@cache
def _words() -> _Words:
    read: _Words = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return read
