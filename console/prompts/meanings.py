"""Meanings and lists of phrases in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from console.language import language
from console.prompts.deps import prompt_deps
from console.words import Words
from dialogs.understand import Meaning
from dialogs.understand.compare import outcome
from dialogs.understand.sentences import question

_WORDS_OF = {"intent": "intent", "yesno": "answer", "complaint": "complaint", "daypart": "daypart", "vague": "vague",
             "language": "spoken", "fix": "means", "choice": "answer"}  # fmt: skip
_LISTS = {"commands": "intent", "intents": "intent", "languages": "spoken", "answers": "answer", "fixes": "means",
          "complaints": "complaint"}  # fmt: skip


def told(words: Words, meaning: Meaning) -> str:
    """A meaning as one line: what is named and its value, or that nothing was understood."""
    found: Mapping[str, object] = outcome(meaning)
    return (
        " · ".join(f"{words['means_' + f]}: {_value(words, f, v)}" for f, v in found.items()) or words["means_nothing"]
    )


def _value(words: Words, field: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(words, field, one) for one in value)
    names, text = prompt_deps().names, str(value)
    if field in ("service", "city", "area"):
        named: str = getattr(names, field)(text, language())
        return named
    return words.get(f"{_WORDS_OF.get(field)}_{text}", text)


def section_of(key: str) -> str:
    """The section of phrases in which a list stands."""
    return key.partition(".")[0]


def heard_at(words: Words, key: str) -> str:
    """The question at which the phrases of a list answer; "" for those that answer none by themselves."""
    expect, _, _ = question(section_of(key), key.partition(".")[2])
    return words[f"question_{expect}"] if expect else ""


def list_name(words: Words, key: str) -> str:
    """What a list of phrases is for: the service or city it names, the answer it gives; "" for a list that is a whole
    section, or one known by its key alone."""
    section, _, id = key.partition(".")
    if section == "services":
        return prompt_deps().names.service(id, language())
    if section == "cities":
        return prompt_deps().names.city(id, language())
    return words.get(f"{_LISTS.get(section)}_{id}", "") if id else words.get(f"heard_{section}", "")
