"""Meanings as people read them: by the names of the lists of phrases that lead to them."""

from __future__ import annotations

from collections.abc import Mapping

from console.misses.targets import Target
from dialogs.understand import Meaning
from dialogs.understand.compare import outcome

_LISTS = {"service": ("services",), "city": ("cities",), "complaint": ("complaints",), "fix": ("fixes",),
          "language": ("languages",), "intent": ("intents", "commands", "answers"), "yesno": ("answers",),
          "choice": ("answers",)}  # fmt: skip


def target_of(item: str, value: str, lists: Mapping[str, Target]) -> Target | None:
    """The list of phrases that leads to this value of an item; None: there is none."""
    keys = (f"{section}.{value}" for section in _LISTS.get(item, ()))
    return next((lists[key] for key in keys if key in lists), None)


def told(meaning: Meaning, lists: Mapping[str, Target]) -> str:
    """A meaning in words; "" where nothing is understood."""
    return ", ".join(_told(item, value, lists) for item, value in outcome(meaning).items())


def _told(item: str, value: object, lists: Mapping[str, Target]) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    names = ((target_of(item, str(one), lists), one) for one in values)
    return " / ".join(target.name if target else str(one) for target, one in names)
