"""What a sentence can be assigned to: every list of phrases that means something by itself, under its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.language import language
from console.prompts.chosen import Chosen
from console.prompts.deps import prompt_deps
from console.prompts.meanings import list_name, section_of
from console.prompts.parts import WORDS
from console.words import LANGUAGES
from dialogs.understand.sentences import question
from prompts.contents import Spot

SECTIONS = ("services", "cities", "intents", "commands", "answers", "complaints", "fixes", "languages")
_LEADING = {
    "service": ("services",),
    "city": ("cities",),
    "complaint": ("complaints",),
    "intent": ("intents", "commands"),
}
"""The lists that lead to a value of an item."""


@dataclass(frozen=True)
class Target:
    """A list of phrases: its key, section, name, and what a search looks at: the name and its phrases."""

    key: str
    section: str
    name: str
    searched: str

    @property
    def place(self) -> int:
        """Where its section stands."""
        return SECTIONS.index(self.section)


def targets(shown: Chosen) -> dict[str, Target]:
    """The lists of a draft or edition by key, in the order of `SECTIONS`."""
    keys = dict.fromkeys(spot.key for spot in shown.contents if spot.kind == "phrases")
    return {key: _target(shown, key) for section in SECTIONS for key in _of(section, keys)}


def _of(section: str, keys: Mapping[str, None]) -> Iterator[str]:
    """The lists of a section, without services and cities that there are none of."""
    catalogue = prompt_deps().names.catalogue
    known = {"services": catalogue.service.keys(), "cities": catalogue.city.keys()}.get(section)
    for key in keys:
        id = key.partition(".")[2]
        if section_of(key) == section and question(section, id)[0] and (known is None or id in known):
            yield key


def _target(shown: Chosen, key: str) -> Target:
    name = list_name(WORDS[language()], key) or key
    phrases = (p for spoken in LANGUAGES for p in shown.contents.get(Spot("phrases", spoken, key), ()))
    return Target(key, section_of(key), name, " ".join((name, *phrases)).casefold())


def search(found: Mapping[str, Target], text: str) -> list[Target]:
    """Those with all words of `text`."""
    wanted = text.casefold().split()
    return [target for target in found.values() if all(word in target.searched for word in wanted)]


def suggested(meant: tuple[str, str] | None, found: Mapping[str, Target]) -> Target | None:
    """The list of phrases for what callers got across in the end: an item and its value."""
    if meant is None:
        return None
    keys = (f"{section}.{meant[1]}" for section in _LEADING.get(meant[0], ()))
    return next((found[key] for key in keys if key in found), None)
