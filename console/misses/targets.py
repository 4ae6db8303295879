"""What a sentence can be assigned to: every list of phrases that means something by itself, under its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.prompts.chosen import Chosen
from console.prompts.deps import prompt_deps
from console.words import LANGUAGES, Words
from dialogs.catalogue import Catalogue
from dialogs.understand.sentences import question
from prompts.contents import Spot

SECTIONS = ("services", "cities", "intents", "commands", "answers", "complaints", "fixes", "languages")


@dataclass(frozen=True)
class Target:
    """A list of phrases: its key, section, name, and what a search looks at: names in both languages, phrases."""

    key: str
    section: str
    name: str
    searched: str


def targets(shown: Chosen, words: Mapping[str, Words], language: str) -> dict[str, Target]:
    """The lists of a draft or edition by key, in the order of `SECTIONS`."""
    keys = dict.fromkeys(spot.key for spot in shown.contents if spot.kind == "phrases")
    made = (_target(shown, key, words, language) for section in SECTIONS for key in _of(section, keys))
    return {target.key: target for target in made if target.name}


def _of(section: str, keys: Mapping[str, None]) -> Iterator[str]:
    for key in keys:
        head, _, rest = key.partition(".")
        if head == section and question(head, rest)[0]:
            yield key


def _target(shown: Chosen, key: str, words: Mapping[str, Words], language: str) -> Target:
    names = {spoken: _name(key, words[spoken], spoken) for spoken in LANGUAGES}
    phrases = (p for spoken in LANGUAGES for p in shown.contents.get(Spot("phrases", spoken, key), ()))
    searched = " ".join((*names.values(), *phrases)).casefold()
    return Target(key, key.partition(".")[0], names[language], searched)


def _name(key: str, words: Words, language: str) -> str:
    """Its name; "" for a service or city that there is not."""
    section, _, id = key.partition(".")
    catalogue: Catalogue = prompt_deps().names.catalogue
    if section in ("services", "cities"):
        found = catalogue.service.get(id) if section == "services" else catalogue.city.get(id)
        return getattr(found, language, "")
    return words.get(f"target_{section}_{id}", id)


def search(found: Mapping[str, Target], text: str) -> list[Target]:
    """Those with all words of `text`."""
    wanted = text.casefold().split()
    return [target for target in found.values() if all(word in target.searched for word in wanted)]
