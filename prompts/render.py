"""Prompts become sentences to be said: `Prompts.load(root).render("hi", "service.ask", values, names, now)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from prompts.errors import FormError, PromptError
from prompts.load import FILE, Texts, files, joined, languages, read_prompts
from prompts.sentence import Sentence
from prompts.spoken.forms import FORMS, TONGUES, Names, Saying
from prompts.template import PLACEHOLDER, RAW, placeholders

__all__ = ["Names", "PromptError", "Prompts"]

DOCUMENT = "document."
Studio = Mapping[tuple[str, str], str]


class Prompts:
    """All prompts of all languages; immutable. `recorded` are those for which the product's recordings were made (None:
    these): a sentence that is another one now is not spoken by the old recording. `studio` are the digests of
    recordings that are played instead of whole prompts, by language and key."""

    def __init__(
        self, texts: Mapping[str, Texts], recorded: Prompts | None = None, studio: Studio | None = None
    ) -> None:
        self._texts = texts
        self._recorded = recorded._texts if recorded else texts
        self._studio = studio or {}

    @classmethod
    def load(cls, root: Path, recorded: Prompts | None = None, studio: Studio | None = None) -> Prompts:
        """The prompts under `root` (`hi/prompts.yaml` and the files beside it, `en/…`).

        Raises PromptError naming file and key when a file is missing or broken, or a text names an unknown form.
        """
        found = languages(root)
        for language in TONGUES:
            if language not in found:
                raise PromptError(f"{root / language / FILE}: no such file; every language needs its prompts.")
        for language in found:
            if language not in TONGUES:
                raise PromptError(f"{root / language}: no spoken forms for this language; see prompts/spoken/.")
        return cls({language: _read(root / language) for language in found}, recorded, studio)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that prompts exist in."""
        return tuple(self._texts)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of every language together."""
        return frozenset(key for texts in self._texts.values() for key in texts)

    def template(self, language: str, key: str) -> tuple[str, ...]:
        """The sentences of a prompt with their placeholders. Raises PromptError."""
        try:
            return self._texts[language][key]
        except KeyError:
            raise PromptError(f"{language}: {key}: no such prompt.") from None

    def fixed_sentences(self) -> list[Sentence]:
        """Every sentence without a variable part, for preparing its audio ahead."""
        return [
            sentence
            for language, texts in self._texts.items()
            for key, parts in texts.items()
            for sentence in self._played(language, key) or self._spoken(language, key, parts)
        ]

    def render(
        self, language: str, key: str, values: Mapping[str, Any], names: Names, now: datetime
    ) -> tuple[Sentence, ...]:
        """The sentences of the prompt `key` with `values` put in as people say them.

        `now` is aware, Asia/Kolkata: days are said relative to it. Raises PromptError naming key and placeholder.
        """
        if played := self._played(language, key):
            return played
        saying = Saying(language, now, names, lambda id: self._document(language, id))
        sentences = []
        for i, text in enumerate(self.template(language, key)):
            fixed = None if placeholders(text) else self._fixed(language, key, i)
            sentences.append(Sentence(_filled(f"{language}: {key}", text, values, saying), language, fixed))
        return tuple(sentences)

    def _played(self, language: str, key: str) -> tuple[Sentence, ...]:
        """The whole prompt as one sentence for its recording; empty when it has none or says values."""
        digest = self._studio.get((language, key))
        text = " ".join(self._texts.get(language, {}).get(key, ()))
        if digest is None or not text or placeholders(text):
            return ()
        return (Sentence(text, language, f"{key}@recorded", digest),)

    def _spoken(self, language: str, key: str, parts: tuple[str, ...]) -> list[Sentence]:
        plain = ((i, text) for i, text in enumerate(parts) if not placeholders(text))
        return [Sentence(text, language, self._fixed(language, key, i)) for i, text in plain]

    def _fixed(self, language: str, key: str, i: int) -> str:
        """What a recording of the sentence is called; no recording is called `…@new`."""
        same = self._recorded.get(language, {}).get(key, ())[i : i + 1] == self._texts[language][key][i : i + 1]
        return f"{key}.{i}" if same else f"{key}.{i}@new"

    def _document(self, language: str, id: str) -> str:
        key = id if "." in id else f"{DOCUMENT}{id}"
        return " ".join(self._texts[language][key]).rstrip(" ।.")


def _filled(where: str, text: str, values: Mapping[str, Any], saying: Saying) -> str:
    """`text` with its placeholders said; one pass, so that braces inside a value stay what they are."""

    def said(match: re.Match[str]) -> str:
        if values.get(match[1]) is None:
            raise PromptError(f"{where}: {match[0]}: the value is missing.")
        try:
            return FORMS[match[2] or RAW](values[match[1]], saying)
        except FormError as error:
            raise PromptError(f"{where}: {match[0]}: {error}.") from None

    return PLACEHOLDER.sub(said, text)


def _read(folder: Path) -> Texts:
    read = {path: read_prompts(path) for path in files(folder)}
    for path, texts in read.items():
        _refuse_unknown_forms(path, texts)
    return joined(read)


def _refuse_unknown_forms(path: Path, texts: Texts) -> None:
    for key, parts in texts.items():
        for placeholder in (p for part in parts for p in placeholders(part)):
            if placeholder.form not in FORMS:
                raise PromptError(f"{path}: {key}: {placeholder}: unknown form; there are {', '.join(FORMS)}.")
