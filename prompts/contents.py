"""What stands in prompt files: each text and each list of phrases under its spot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Literal

from prompts.load import PHRASES, flat, parsed

Kind = Literal["prompt", "phrases", "recording"]
Value = tuple[str, ...]
NAMES = ("services", "cities")  # sections of phrases by ids of the catalogue


@dataclass(frozen=True, order=True)
class Spot:
    """One prompt, its recording, or the phrases of one meaning, in one language."""

    kind: Kind
    language: str
    key: str


def contents(files: Mapping[str, str]) -> dict[Spot, Value]:
    """Every text (alone in its tuple) and every list of phrases of `files`, in their order. Raises PromptError."""
    found: dict[Spot, Value] = {}
    for name, text in files.items():
        found.update(_contents(name, text))
    return found


def file_of(files: Mapping[str, str], spot: Spot) -> str | None:
    """The file in which `spot` stands; None: in none."""
    return next((name for name, text in files.items() if spot in _contents(name, text)), None)


@lru_cache(maxsize=200)  # reading all files takes a second, and editions share most of them
def _contents(name: str, text: str) -> Mapping[Spot, Value]:
    path = PurePosixPath(name)
    leaves = flat(path, parsed(path, text)) if path.name != PHRASES else _phrases(parsed(path, text))
    kind: Kind = "phrases" if path.name == PHRASES else "prompt"
    return {Spot(kind, path.parent.name, key): made for key, value in leaves if (made := _value(kind, value))}


def _phrases(tree: Mapping[Any, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Dotted keys and leaves; keys of phrases are whatever they stand for ("1", a whole word)."""
    found: list[tuple[str, Any]] = []
    for name, value in tree.items():
        here = f"{prefix}{name}"
        found += _phrases(value, f"{here}.") if isinstance(value, Mapping) else [(here, value)]
    return found


def _value(kind: Kind, value: object) -> Value:
    """A text as people edit it; nothing for what is none."""
    given = [str(v) for v in value] if isinstance(value, list) else [] if value is None else [str(value)]
    return tuple(given) if kind == "phrases" else (" ".join(" ".join(given).split()),)


def is_name(spot: Spot) -> bool:
    """Whether it is the phrases that name a service or city, of which the catalogue may have more than the files."""
    return spot.kind == "phrases" and spot.key.partition(".")[0] in NAMES


def with_names(found: Mapping[Spot, Value], ids: Mapping[str, Iterable[str]]) -> dict[Spot, Value]:
    """`found` with empty lists for the names (`ids` by section) of which it has none, in all its languages."""
    languages = dict.fromkeys(spot.language for spot in found)
    names = [f"{section}.{id}" for section in ids for id in ids[section]]
    lacking = [Spot("phrases", language, name) for name in names for language in languages]
    return {**found, **{spot: () for spot in lacking if spot not in found}}


def phrase_trees(found: Mapping[Spot, Value]) -> dict[str, dict[str, Any]]:
    """The phrases of `found` by language as they stand in their files: section, key, list (or section, list)."""
    trees: dict[str, dict[str, Any]] = {}
    for spot, value in found.items():
        if spot.kind == "phrases":
            tree = trees.setdefault(spot.language, {})
            section, _, key = spot.key.partition(".")
            if key:
                tree.setdefault(section, {})[key] = list(value)
            else:
                tree[section] = list(value)
    return trees
