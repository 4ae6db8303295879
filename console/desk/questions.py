"""The short names of the flows' questions, for people at the desk."""

from __future__ import annotations

from pathlib import Path

from console.words import Words, load

QUESTIONS: dict[str, Words] = load(Path(__file__).with_name("questions.yaml"))


def question(node: str | None, language: str) -> str:
    """What the question `node` of a flow is about; "" for none and for nodes at which nothing is asked."""
    return QUESTIONS[language].get(node or "", "")
