"""Changes are put into prompt files, which stay as they are otherwise: comments, order, quotes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from prompts.contents import Spot, Value, file_of, is_name
from prompts.errors import PromptError
from prompts.load import PHRASES

UNFOLDED = 1_000_000  # characters of a line


def filed(files: Mapping[str, str], changes: Mapping[Spot, Value]) -> dict[str, str]:
    """`files` with the changes in them. Phrases of a service or city that has none yet get a list of their own. Raises
    PromptError for what stands nowhere."""
    of_file: dict[str, dict[Spot, Value]] = {}
    for spot, value in changes.items():
        name = file_of(files, spot) or _file_of_new(files, spot)
        if name is None:
            raise PromptError(f"{spot.language}: {spot.key}: stands in no file of this edition.")
        of_file.setdefault(name, {})[spot] = value
    return {**files, **{name: _filed(files[name], some) for name, some in of_file.items()}}


def _file_of_new(files: Mapping[str, str], spot: Spot) -> str | None:
    name = f"{spot.language}/{PHRASES}"
    return name if is_name(spot) and name in files else None


def _filed(text: str, changes: Mapping[Spot, Value]) -> str:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = UNFOLDED
    tree, out = yaml.load(text), io.StringIO()
    for spot, value in changes.items():
        if is_name(spot):
            _ensure(tree, spot.key)
        _put(tree, spot, value)
    yaml.dump(tree, out)
    return out.getvalue()


def _ensure(tree: CommentedMap, key: str) -> None:
    """A place for the list `key`: first in its section, as comments below a section hang on its last list."""
    section, _, id = key.partition(".")
    group = tree.setdefault(section, CommentedMap())
    if id not in group:
        group.insert(0, id, CommentedSeq())


def _put(tree: CommentedMap, spot: Spot, value: Value) -> None:
    group, name = _place(tree, spot.key)
    quoted = [DoubleQuotedScalarString(part) for part in value]
    if spot.kind == "prompt":
        group[name] = quoted[0]
    elif isinstance(group[name], CommentedSeq):  # in place: comments below it hang on the list
        _replace(group[name], quoted)
    else:
        group[name] = quoted


def _replace(found: CommentedSeq, wanted: list[DoubleQuotedScalarString]) -> None:
    found[: len(found)] = wanted


def _place(tree: CommentedMap, key: str) -> tuple[CommentedMap, Any]:
    """The mapping in which the dotted `key` ends, and its name there."""
    for name, value in tree.items():
        if str(name) == key and not isinstance(value, CommentedMap):
            return tree, name
        if isinstance(value, CommentedMap) and key.startswith(f"{name}."):
            try:
                return _place(value, key.removeprefix(f"{name}."))
            except KeyError:
                continue
    raise KeyError(key)
