"""Reads prompt files: nested YAML groups become dotted keys, texts become sentences."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

import yaml

from prompts.errors import PromptError
from prompts.template import sentences, stray_braces

FILE = "prompts.yaml"  # of every call; beside it files for single matters
PHRASES = "phrases.yaml"  # what may be heard
_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")

Texts = dict[str, tuple[str, ...]]


class _Strict(yaml.SafeLoader):
    """YAML that refuses a key written twice (the last would win in silence) and reads yes, no, on and off as texts."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping of `node`. Raises yaml.YAMLError on a key written twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} stands twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def languages(root: Path) -> tuple[str, ...]:
    """The languages under `root`: its folders with a prompts file."""
    return tuple(sorted(p.parent.name for p in root.glob(f"*/{FILE}")))


def files(folder: Path) -> tuple[Path, ...]:
    """The prompt files of a language, the common one first (whether or not it is there)."""
    beside = (p for p in folder.glob("*.yaml") if p.name not in (FILE, PHRASES))
    return (folder / FILE, *sorted(beside))


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in `path`; an empty file is an empty mapping. Raises PromptError naming the file and line."""
    try:
        return parsed(path, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None


def parsed(path: PurePath, text: str) -> dict[str, Any]:
    """The mapping in the `text` of a file. Raises PromptError naming the file and line."""
    try:
        data = yaml.load(text, Loader=_Strict)
    except yaml.YAMLError as error:
        raise PromptError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PromptError(f"{path}: must be a mapping of keys to texts, found {type(data).__name__}.")
    return data


def flat(path: PurePath, tree: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and leaves of a nested mapping. Raises PromptError for a key that is not a plain word."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if not isinstance(name, str):
            raise PromptError(f"{path}: {key}: put the key in quotes; YAML reads it as {type(name).__name__}.")
        if not _KEY.fullmatch(name):
            raise PromptError(f"{path}: {key}: a key has small letters, digits and _ only, joined by dots.")
        if isinstance(value, Mapping):
            yield from flat(path, value, f"{key}.")
        else:
            yield key, value


def read_prompts(path: Path) -> Texts:
    """The sentences of every prompt in `path`. Raises PromptError naming file and key."""
    texts: Texts = {}
    for key, value in flat(path, read_yaml(path)):
        if key in texts:
            raise PromptError(f"{path}: {key}: stands twice.")
        texts[key] = _sentences(path, key, value)
    return texts


def joined(read: Mapping[Path, Texts]) -> Texts:
    """The prompts of all files of a language. Raises PromptError naming a key that stands in two of them."""
    texts: Texts = {}
    for path, some in read.items():
        if twice := sorted(texts.keys() & some.keys()):
            raise PromptError(f"{path}: {twice[0]}: stands in another file of this language, too.")
        texts.update(some)
    return texts


def _sentences(path: Path, key: str, value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    parts = [p for p in given if isinstance(p, str)]
    if len(parts) < len(given):
        raise PromptError(f"{path}: {key}: must be a text or a list of texts; put numbers and yes/no in quotes.")
    if any(stray_braces(p) for p in parts):
        raise PromptError(f"{path}: {key}: has a brace that is no placeholder; write {{name}} or {{name:form}}.")
    if isinstance(value, list):
        return tuple(" ".join(p.split()) for p in parts)
    return sentences(parts[0])
