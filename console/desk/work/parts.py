"""What the pages of the work list share: their words, and what may come of each kind of task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Response, request

from booking.accounts.roles import SUPERVISOR
from console import showing
from console.desk.conversation.parts import talking
from console.desk.deps import desk
from console.desk.shown import helpers
from console.person import person
from console.words import Words, load

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))
LONGEST = 500  # characters of what is typed

CALLS = ("reached", "gone", "other")
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "callback": CALLS,
    "missed_call": CALLS,
    "voice_note": ("gone", "other"),
    "address": ("gone", "other"),
    "low_confidence": ("confirmed", "corrected", "gone", "other"),
    "visit_failed": CALLS,
    "unreported": CALLS,
    "overdue": CALLS,
    "closed_day": CALLS,
}
"""What may come of a task, by its kind; who types in an address is done by that."""
TYPED = ("voice_note", "address", "low_confidence")
"""Kinds at which name and address are typed in."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a form: a code for the words, and the field ("": none in particular)."""

    code: str
    field: str = ""


@dataclass(frozen=True)
class Given:
    """What was sent: the form it stood in ("": none), its fields, what is wrong with them."""

    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    return showing.show(
        f"work/{template}.html", WORDS, status, t=talking(), names_of=desk().names, leads=leads(),
        me=person().account_id, **helpers(), **values,
    )  # fmt: skip


def leads() -> bool:
    """Whether who asks gives work to others."""
    return SUPERVISOR in person().roles


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "")[:LONGEST].strip()
