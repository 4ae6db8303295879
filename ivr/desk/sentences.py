"""What is said around an agent: to the caller who comes to one or leaves one, and the whisper at the agent's ear."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from booking.desk.whisper import Whisper
from ivr.desk.topics import UNCLEAR, topic
from ivr.helpline import Helpline
from prompts.errors import PromptError
from prompts.sentence import Sentence

WHY_LETTERS = 120  # of what a colleague wrote; more would keep the caller waiting
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
STOP = {"hi": "।", "en": "."}
log = logging.getLogger(__name__)


def said(helpline: Helpline, language: str, *keys: str, **values: Any) -> tuple[Sentence, ...]:
    """The sentences of some prompts. One that cannot be said with these values is left out and logged: a call goes on
    without it."""
    found: list[Sentence] = []
    for key in keys:
        try:
            found += helpline.prompts.render(language, key, values, helpline.names, helpline.clock.now())
        except PromptError:
            log.exception("a prompt was left out")
    return tuple(found)


def goodbye(helpline: Helpline, language: str) -> tuple[Sentence, ...]:
    """What a caller hears whose talk with an agent is over."""
    return said(helpline, language, "bye.plain")


def whisper_sentences(helpline: Helpline, whisper: Whisper, language: str) -> tuple[Sentence, ...]:
    """What an agent hears in `language` before taking a call: one sentence about it, and to press 1."""
    parts = [s.text for key, values in _parts(whisper, language) for s in said(helpline, language, key, **values)]
    about = Sentence(", ".join(parts) + STOP[language], language)
    return (about, *said(helpline, language, "whisper.accept"))


def _parts(whisper: Whisper, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Prompts with their values, what matters most first."""
    about = list(_about(whisper))
    place = list(_reached(whisper))
    yield from about or ([] if place else [("whisper.new", {})])
    yield from place
    if whisper.language != language:
        yield f"whisper.{whisper.language}", {}
    if whisper.why and (language == "hi" or not _DEVANAGARI.search(whisper.why)):  # no other voice reads it
        yield "whisper.why", {"why": whisper.why[:WHY_LETTERS]}


def _about(whisper: Whisper) -> Iterator[tuple[str, dict[str, Any]]]:
    if whisper.reason == "confidential":
        yield "whisper.confidential", {}
    if whisper.service:
        yield "whisper.service", {"service": whisper.service}
    if whisper.city:
        yield "whisper.city", {"city": whisper.city}
    if whisper.when:
        yield "whisper.slot" if "T" in whisper.when else "whisper.day", {"when": whisper.when}
    if whisper.daypart:
        yield "whisper.daypart", {"daypart": whisper.daypart}


def _reached(whisper: Whisper) -> Iterator[tuple[str, dict[str, Any]]]:
    """The question at which the bot did not get on, or at which the caller asked for an agent."""
    gave_up = whisper.reason == "ladder"
    name = topic(whisper.stuck)
    if name == "complaint" and whisper.reason == "confidential":
        return  # said already
    if name:
        yield "whisper.stuck" if gave_up else "whisper.reached", {"topic": f"topic.{name}"}
    elif gave_up and whisper.stuck in UNCLEAR:
        yield "whisper.unclear", {}
