"""Whole phrases of `phrases.yaml`: what administrators add there is understood as it stands, or a slip away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Indel

from dialogs.understand.sound import sound
from dialogs.understand.text import tokens
from dialogs.understand.thresholds import threshold

_SECTIONS = ("commands", "languages", "intents", "answers", "fixes", "complaints")
_SHORTEST_NEAR = 3  # words: shorter phrases must be said as they stand


@dataclass(frozen=True)
class Phrases:
    """Section and key of every whole phrase, by its words and by its sound."""

    exact: Mapping[tuple[str, ...], tuple[str, str]]
    sounds: Mapping[str, tuple[str, str]]

    def find(self, text: str) -> tuple[str, str] | None:
        """The section and key of exactly this phrase."""
        return self.exact.get(tokens(text))

    def near(self, text: str) -> tuple[str, str] | None:
        """The section and key of a longer phrase that sounds nearly so."""
        found = tokens(text)
        if len(found) < _SHORTEST_NEAR:
            return None
        key = " ".join(sound(t) for t in found)
        best = process.extractOne(
            key, list(self.sounds), scorer=Indel.normalized_similarity, score_cutoff=threshold("phrase")
        )
        return self.sounds[best[0]] if best else None


def build_phrases(languages: Mapping[str, Mapping[str, Any]]) -> Phrases:
    """Indexes the whole phrases (those without a place for a name) of all languages."""
    exact: dict[tuple[str, ...], tuple[str, str]] = {}
    sounds: dict[str, tuple[str, str]] = {}
    for data in languages.values():
        for section in _SECTIONS:
            for key, texts in (data.get(section) or {}).items():
                for text in texts:
                    if "{" in text:
                        continue
                    found = tokens(text)
                    exact.setdefault(found, (section, str(key)))
                    if len(found) >= _SHORTEST_NEAR and section in ("commands", "intents"):
                        sounds.setdefault(" ".join(sound(t) for t in found), (section, str(key)))
    return Phrases(exact, sounds)


def as_answer(found: tuple[str, str], asked: str) -> dict[str, Any]:
    """What a whole phrase means at the question `asked`; empty when it answers another question."""
    section, key = found
    if section == "commands":
        return {"intent": key}
    if section == "languages":
        return {"language": key} if asked == "language" else {}
    if section == "intents":
        return {"intent": key} if asked in ("intent", "language") else {}
    if section == "answers" and key in ("yes", "no", "all_right"):
        answers = {"yesno": "no" if key == "no" else "yes"}
        return answers if asked == "confirm" or (asked in ("yesno", "cancel") and key != "all_right") else {}
    if section == "answers" and key == "next":
        return {"intent": key} if asked == "yesno" else {}
    if section == "answers":
        return {"choice": key} if asked == "slot" else {}
    if section == "fixes":
        return {"fix": key} if asked == "confirm" else {}
    return {"complaint": key} if asked == "complaint" else {}
