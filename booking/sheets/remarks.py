"""What is said of a table, its rows and cells: a code for the sentence in either language, and its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("hi", "en")
QUOTED = 60  # characters of a cell that are repeated in a sentence


@dataclass(frozen=True)
class Remark:
    """A sentence: `code` in `remarks.yaml`, and the values that stand in it."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    def said(self, language: str) -> str:
        """The sentence in `hi` or `en`."""
        return _sentences()[language][self.code].format(**dict(self.values))

    def __str__(self) -> str:
        return self.said("en")


def remark(code: str, **values: object) -> Remark:
    """A remark; long values are cut."""
    return Remark(code, tuple((name, _short(str(value))) for name, value in values.items()))


class Wrong(ValueError):  # noqa: N818
    """A cell cannot be taken: the remark says why and what to write instead."""

    def __init__(self, code: str, **values: object) -> None:
        self.remark = remark(code, **values)
        super().__init__(str(self.remark))


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of the file and what to do about it; row 1 is the heading, row 0 the file itself."""

    row: int
    column: str
    remark: Remark

    def __str__(self) -> str:
        """`row 3, mobile: …`."""
        place = f"row {self.row}" if self.row else "the file"
        return f"{place}{f', {self.column}' if self.column else ''}: {self.remark}"


class SheetError(Exception):
    """The file is no table that could be checked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def unreadable(code: str, row: int = 0, column: str = "", **values: object) -> SheetError:
    """The error that a file, or its heading, cannot be taken at all."""
    return SheetError(Problem(row, column, remark(code, **values)))


def _short(text: str) -> str:
    return text if len(text) <= 4 * QUOTED else f"{text[:QUOTED]}…"


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    text = Path(__file__).with_name("remarks.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return read
