"""Sentences as they are compared: without numbers, in one spelling, and by how they sound."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256

from booking.masking import without_numbers
from dialogs.flow import Graph, Node
from dialogs.understand.sound import sound
from dialogs.understand.text import tokens

PRIVATE = ("text", "about", "digits")  # the caller's own words, and numbers that lead to a person
_DEVANAGARI = re.compile("[\u0900-\u097f]")


def questions(graph: Graph) -> dict[str, Node]:
    """The questions whose answers may be shown: not those about names, addresses and numbers."""
    return {id: node for id, node in graph.nodes.items() if node.kind == "ask" and not _private(node)}


def _private(node: Node) -> bool:
    return node.expect in PRIVATE or node.also in PRIVATE


@lru_cache(maxsize=20_000)
def shown(text: str) -> str:
    """`text` with its numbers masked."""
    return " ".join(without_numbers(text).split())


@lru_cache(maxsize=20_000)
def digest(text: str) -> str:
    """The same for all spellings of a sentence, and nothing that could be read."""
    return sha256(" ".join(tokens(text)).encode()).hexdigest()


@lru_cache(maxsize=20_000)
def sounding(text: str) -> str:
    """How the words of a sentence sound, in a fixed order: what likeness is told by."""
    return " ".join(sorted(sound(token) for token in tokens(text)))


def language_of(text: str) -> str:
    """The language in whose file a phrase belongs: its script says so."""
    return "hi" if _DEVANAGARI.search(text) else "en"
