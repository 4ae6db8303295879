"""The stages of a complaint: which change is allowed, and who may make it. Pure: a table and questions to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booking.actors import Role

Roles = frozenset[Role]

KINDS = ("delay", "bribe", "behaviour", "quality", "other")
CONFIDENTIAL_KINDS = frozenset({"bribe"})  # always; others when the citizen asks

_DESK: Roles = frozenset({"office", "agent", "admin"})
CITIZEN: Roles = frozenset({"caller", "agent"})
DECIDERS: Roles = frozenset({"office", "admin"})  # of appeals

# From each stage: the stages it may change to, and by whom. An agent closes or reopens on the citizen's word.
STAGES: Mapping[str, Mapping[str, Roles]] = {
    "registered": {"assigned": _DESK | {"job"}, "answered": _DESK, "resolved": _DESK, "closed": CITIZEN},
    "assigned": {"assigned": _DESK, "answered": _DESK, "resolved": _DESK, "closed": CITIZEN},
    "answered": {"answered": _DESK, "resolved": _DESK, "closed": CITIZEN},
    # Reopening leads to "assigned", at the next level; an office reopens only by its order on an appeal.
    "resolved": {"assigned": CITIZEN | DECIDERS, "closed": CITIZEN | {"job"}},
    "closed": {"assigned": CITIZEN | DECIDERS},
}

OPEN = frozenset({"registered", "assigned", "answered"})
DONE = frozenset({"resolved", "closed"})

SATISFIED = 3  # a rating from which on the citizen's word closes the complaint


@dataclass(frozen=True)
class ComplaintRules:
    """A complaint may be reopened, and is kept open, until `reopen_days` days after it was resolved."""

    reopen_days: int = 10


def allowed(from_stage: str, to_stage: str, role: Role) -> bool:
    """Whether `role` may take a complaint from one stage to the other; False for stages that do not exist."""
    return role in STAGES.get(from_stage, {}).get(to_stage, frozenset())
