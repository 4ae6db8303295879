"""Who changes something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["caller", "agent", "executive", "office", "job", "admin"]


@dataclass(frozen=True)
class Actor:
    """A person or program that changes a record; `id` tells apart those of one role (never a telephone number)."""

    role: Role
    id: str = ""

    @property
    def with_citizen(self) -> bool:
        """Whether the citizen does it, or an agent on the citizen's word: whoever else does it, the citizen sleeps."""
        return self.role in ("caller", "agent")

    def __str__(self) -> str:
        """As it stands in the event rows: `agent:7`."""
        return f"{self.role}:{self.id}" if self.id else self.role


CALLER = Actor("caller")
JOB = Actor("job")
