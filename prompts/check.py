"""Checks prompt and phrase files: the same keys and placeholders in every language, and texts that can be said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prompts.errors import PromptError
from prompts.load import PHRASES, Texts, files, languages, read_prompts, read_yaml
from prompts.spoken.forms import FORMS, TONGUES
from prompts.template import PLACEHOLDER, placeholders

LONGEST = 220  # characters of a sentence: about fifteen seconds, more than a caller keeps in mind

# Latin words that a Hindi text may keep, because that is how they are known.
LATIN_ALLOWED = frozenset({"PIN", "SMS", "PAN", "OTP", "UPI", "WhatsApp"})

_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Problem:
    """Something wrong with `key` in `path`. A warning does not stop a release."""

    path: Path
    key: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.key}: {'warning: ' if self.warning else ''}{self.message}"


def check(root: Path) -> list[Problem]:
    """All problems of the prompts and phrases under `root`, errors before warnings."""
    problems = [*_check_prompts(root), *_check_phrases(root)]
    return sorted(problems, key=lambda p: p.warning)


def _check_prompts(root: Path) -> Iterator[Problem]:
    spoken = sorted({*TONGUES, *languages(root)})
    names = dict.fromkeys(path.name for language in spoken for path in files(root / language))
    read: dict[Path, Texts] = {}
    for name in names:
        same: dict[Path, Texts] = {}
        for path in (root / language / name for language in spoken):
            try:
                same[path] = read_prompts(path)
            except PromptError as error:
                yield Problem(path, "*", str(error).removeprefix(f"{path}: "))
        yield from _check_parallel(same)
        read.update(same)
    yield from _twice(read)


def _check_parallel(read: Mapping[Path, Texts]) -> Iterator[Problem]:
    """The problems of the same file in every language."""
    yield from _missing_keys({path: set(texts) for path, texts in read.items()})
    for path, texts in read.items():
        for key, parts in texts.items():
            yield from _check_text(path, key, parts)
    for key in sorted({key for texts in read.values() for key in texts}):
        yield from _differing_placeholders(key, {path: texts[key] for path, texts in read.items() if key in texts})


def _twice(read: Mapping[Path, Texts]) -> Iterator[Problem]:
    first: dict[tuple[Path, str], Path] = {}
    for path, texts in read.items():
        for key in texts:
            other = first.setdefault((path.parent, key), path)
            if other != path:
                yield Problem(path, key, f"stands in {other.parent.name}/{other.name}, too")


def _missing_keys(keys: Mapping[Path, set[str]]) -> Iterator[Problem]:
    known = {key: path for path, some in keys.items() for key in some}
    for path, some in keys.items():
        for key in sorted(known.keys() - some):
            yield Problem(path, key, f"missing; it stands in {known[key].parent.name}/{known[key].name}")


def _differing_placeholders(key: str, parts: Mapping[Path, tuple[str, ...]]) -> Iterator[Problem]:
    sets = {path: {str(p) for text in texts for p in placeholders(text)} for path, texts in parts.items()}
    every = set().union(*sets.values())
    for path, some in sets.items():
        if missing := sorted(every - some):
            yield Problem(path, key, f"does not say {', '.join(missing)}, another language does")


def _check_text(path: Path, key: str, parts: tuple[str, ...]) -> Iterator[Problem]:
    if not parts or not all(parts):
        yield Problem(path, key, "the text is empty")
    for text in parts:
        for placeholder in placeholders(text):
            if placeholder.form not in FORMS:
                yield Problem(path, key, f"{placeholder}: unknown form; there are {', '.join(FORMS)}")
        if len(text) > LONGEST:
            yield Problem(path, key, f"a sentence of {len(text)} characters; over {LONGEST} is hard to follow", True)
        plain = PLACEHOLDER.sub("", text)
        if re.search(r"\d", plain):
            yield Problem(path, key, "write numbers in words, or as {value:number}: voices read digits badly", True)
        yield from (_check_hindi if path.parent.name == "hi" else _check_latin)(path, key, plain)


def _check_hindi(path: Path, key: str, plain: str) -> Iterator[Problem]:
    if not _DEVANAGARI.search(plain) and any(c.isalpha() for c in plain):
        yield Problem(path, key, "Hindi without Devanagari")
    elif latin := sorted(set(_LATIN.findall(plain)) - LATIN_ALLOWED):
        yield Problem(path, key, f"Latin words in Hindi: {', '.join(latin)}", True)


def _check_latin(path: Path, key: str, plain: str) -> Iterator[Problem]:
    if _DEVANAGARI.search(plain):
        yield Problem(path, key, "Devanagari in a text for another voice", True)


def _check_phrases(root: Path) -> Iterator[Problem]:
    read: dict[Path, set[str]] = {}
    paths = sorted(root.glob(f"*/{PHRASES}"))
    for path in sorted({root / language / PHRASES for language in TONGUES} if paths else paths):
        try:
            groups = dict(_groups(read_yaml(path)))
        except PromptError as error:
            yield Problem(path, "*", str(error).removeprefix(f"{path}: "))
            continue
        read[path] = set(groups)
        for key, phrases in groups.items():
            yield from _check_phrase_list(path, key, phrases)
    yield from _missing_keys(read)


def _check_phrase_list(path: Path, key: str, phrases: object) -> Iterator[Problem]:
    if not phrases:
        yield Problem(path, key, "no phrase")
        return
    for phrase in phrases if isinstance(phrases, list) else [phrases]:
        if not isinstance(phrase, str) or not any(c.isalnum() for c in phrase):
            yield Problem(path, key, f"{phrase!r} is no phrase that could be said; put numbers in quotes")


def _groups(tree: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _groups(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
