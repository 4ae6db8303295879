"""The recogniser models of a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import vosk

LANGUAGES = ("hi", "en")


@dataclass(frozen=True)
class Models:
    """Models by language; what is `missing` has a sentence with the remedy instead; `warnings` are to be shown."""

    loaded: Mapping[str, vosk.Model] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
