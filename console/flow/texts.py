"""What the nodes of the flow say, in the present edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.words import LANGUAGES
from dialogs.flow import Line, Node
from prompts import editions
from prompts.contents import Spot, Value, contents

PARTS = ("say", "again", "keypad", "repeat")


@dataclass(frozen=True)
class Texts:
    """The prompts of an edition by their spots."""

    edition: int
    prompts: Mapping[Spot, Value]

    def of(self, key: str, language: str) -> str:
        """The text of a prompt; "" where there is none."""
        return (self.prompts.get(Spot("prompt", language, key)) or ("",))[0]

    def first(self, node: Node) -> Mapping[str, str]:
        """The first text that a node says, by language; nothing for a language in which it says none."""
        said = ((language, next(iter(_own(node.say, language)), None)) for language in LANGUAGES)
        return {language: self.of(line.key, language) for language, line in said if line}

    def more(self, node: Node) -> int:
        """How many texts more it may say."""
        return max((len(_own(node.say, language)) for language in LANGUAGES), default=0) - 1


def lines(node: Node) -> list[tuple[str, Sequence[Line]]]:
    """The lines of a node by what they are for, without what says nothing; `wrong` is for digits that do not fit."""
    found: list[tuple[str, Sequence[Line]]] = [(part, getattr(node, part)) for part in PARTS]
    found.append(("wrong", (Line(node.wrong),) if node.wrong else ()))
    return [(part, some) for part, some in found if some]


def texts(session: Session, edition: int, first: Mapping[str, str]) -> Texts:
    """Those of an edition; `first` are the files of edition 0."""
    return Texts(edition, contents(editions.files_of(session, edition, first)))


def _own(said: Sequence[Line], language: str) -> list[Line]:
    return [line for line in said if line.language in (None, language)]
