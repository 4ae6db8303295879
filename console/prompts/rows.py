"""The rows of the list: every prompt with where it is said, both languages side by side, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from console.prompts.chosen import Chosen
from console.prompts.meanings import section_of
from console.words import LANGUAGES
from dialogs.check import CALL_PROMPTS, DESK_PROMPTS, used_prompts
from dialogs.flow import Graph
from models.drafts import DraftEntry
from prompts.contents import Kind, Spot, Value, contents, is_name
from prompts.load import PHRASES
from prompts.wording import names_in

MOST = 100  # rows of a search


@dataclass(frozen=True)
class Side:
    """A row in one language: what stands there (None: nothing), what the edition has, and who changed it."""

    spot: Spot
    value: Value | None
    base: Value | None
    entry: DraftEntry | None

    @property
    def changed(self) -> bool:
        """Whether the draft says something else than the edition."""
        return self.value != self.base

    @property
    def text(self) -> str:
        """As it is typed: phrases one a line."""
        return "\n".join(self.value or ())


@dataclass(frozen=True)
class Row:
    """One key. `matter` is its file (of phrases with their section: "phrases.services"); `where` the node of the flow,
    or a word for another place; `lacks` is "missing", "differs" (other placeholders) or ""."""

    kind: Kind
    key: str
    matter: str
    where: str
    sides: tuple[Side, ...]

    @property
    def changed(self) -> bool:
        """Whether the draft changes it in any language."""
        return any(side.changed for side in self.sides)

    @property
    def lacks(self) -> str:
        """What is wrong between the languages."""
        values = [side.value for side in self.sides]
        if None in values or (any(values) and not all(values)):
            return "missing"
        said = [set(names_in(side.value or ())) for side in self.sides]
        return "differs" if self.kind == "prompt" and any(one != said[0] for one in said) else ""

    def says(self, words: str) -> bool:
        """Whether `words` stand in the key or a text."""
        return words in self.key or any(words in side.text.casefold() for side in self.sides)


@dataclass(frozen=True)
class Asked:
    """Which rows: of a matter, with some words in them (in all matters then), only "changed" or "lacking" ones."""

    matter: str
    words: str
    only: str


def rows(shown: Chosen, graph: Graph) -> list[Row]:
    """All rows in the order of the files."""
    said = _said(graph)
    found: dict[tuple[Kind, str], str] = {}
    for name, text in shown.files.items():
        for spot in contents({name: text}):
            found.setdefault((spot.kind, spot.key), _matter(name, spot))
    for spot in shown.base:
        if is_name(spot):
            found.setdefault((spot.kind, spot.key), _matter(PHRASES, spot))
    made = [_row(shown, kind, key, (matter, _where(said, kind, key))) for (kind, key), matter in found.items()]
    first = list(matters(made))
    return sorted(made, key=lambda row: first.index(row.matter))


def one(shown: Chosen, graph: Graph, kind: str, key: str) -> Row | None:
    """The row of a key; None: there is none."""
    return next((row for row in rows(shown, graph) if (row.kind, row.key) == (kind, key)), None)


def matters(every: Sequence[Row]) -> Mapping[str, int]:
    """How many rows each matter has: that of every call first, what callers say last."""
    counted: dict[str, int] = {}
    for row in every:
        counted[row.matter] = counted.get(row.matter, 0) + 1
    order = {"prompts": -1, "phrases": 1}
    return dict(sorted(counted.items(), key=lambda item: order.get(item[0].partition(".")[0], 0)))


def wanted(every: Sequence[Row], asked: Asked) -> list[Row]:
    """The rows asked for."""
    words = " ".join(asked.words.casefold().split())
    found = [row for row in every if row.says(words)] if words else list(every)
    if asked.only == "changed":
        return [row for row in found if row.changed]
    if asked.only == "lacking":
        return [row for row in found if row.lacks]
    return found if words else [row for row in found if f"{row.matter}.".startswith(f"{asked.matter}.")]


def _row(shown: Chosen, kind: Kind, key: str, about: tuple[str, str]) -> Row:
    spots = (Spot(kind, language, key) for language in LANGUAGES)
    sides = (Side(s, shown.contents.get(s), shown.base.get(s), shown.entries.get(s)) for s in spots)
    return Row(kind, key, *about, tuple(sides))


def _matter(name: str, spot: Spot) -> str:
    stem = PurePosixPath(name).stem
    return stem if spot.kind == "prompt" else f"{stem}.{section_of(spot.key)}"


def _said(graph: Graph) -> Mapping[str, str]:
    return used_prompts(graph) | dict.fromkeys(CALL_PROMPTS, "call")


def _where(said: Mapping[str, str], kind: Kind, key: str) -> str:
    if kind == "phrases":
        return "heard"
    return said.get(key) or ("desk" if key.startswith(DESK_PROMPTS) else "inside")


def sides(row: Row) -> Iterator[tuple[str, Side]]:
    """The sides by their language."""
    return zip(LANGUAGES, row.sides, strict=True)
