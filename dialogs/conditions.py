"""Conditions in flow files: `has X`, `no X`, `several X`, `few X`, `many X`, `X is VALUE`, `X is not VALUE`, joined
by `and`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FEW = 3


class ConditionError(ValueError):
    """A condition in a flow file is not of the form `has X`, `no X`, `several X`, `few X`, `many X` or `X is VALUE`."""


def holds(condition: str, facts: Mapping[str, Any]) -> bool:
    """Whether `condition` is true of `facts`; an empty condition is. Raises ConditionError."""
    return all(_holds(part.split(), facts) for part in condition.split(" and ")) if condition else True


def _holds(words: list[str], facts: Mapping[str, Any]) -> bool:
    match words:
        case ["has", name]:
            return bool(facts.get(name))
        case ["no", name]:
            return not facts.get(name)
        case ["several", name]:
            return len(facts.get(name) or ()) > 1
        case ["few", name]:
            return 0 < len(facts.get(name) or ()) <= FEW
        case ["many", name]:
            return len(facts.get(name) or ()) > FEW
        case [name, "is", value]:
            return str(facts.get(name)) == value
        case [name, "is", "not", value]:
            return str(facts.get(name)) != value
    raise ConditionError(f"{' '.join(words)!r}: say `has X`, `no X`, `several X`, `few X`, `many X` or `X is VALUE`")
