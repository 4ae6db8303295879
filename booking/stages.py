"""The stages of a booking: which change is allowed, and who may make it. Pure: a table and questions to it."""

from __future__ import annotations

from collections.abc import Mapping

from booking.actors import Role

Roles = frozenset[Role]

_DESK: Roles = frozenset({"agent", "office", "admin"})
_ANYBODY: Roles = _DESK | {"caller"}
_SLOT: Roles = _ANYBODY | {"job"}
_PLAN: Roles = _DESK | {"job"}
_FIELD: Roles = _DESK | {"executive"}
_OFFICE: Roles = frozenset({"office", "admin"})
_CARRIED: Roles = _OFFICE | {"executive"}

# From each stage: the stages it may change to, and by whom. "booked" to "booked" is another slot.
STAGES: Mapping[str, Mapping[str, Roles]] = {
    "booked": {"booked": _SLOT, "assigned": _PLAN, "cancelled": _ANYBODY, "executive_absent": _PLAN},
    "assigned": {
        "booked": _SLOT,
        "visited": _FIELD,
        "cancelled": _ANYBODY,
        "citizen_absent": _FIELD,
        "executive_absent": _PLAN,
    },
    # Submitted without another payment after a second visit: the fee is paid once.
    "visited": {"fee_paid": _FIELD, "submitted": _FIELD, "documents_needed": _FIELD, "cancelled": _DESK},
    "fee_paid": {"submitted": _FIELD},
    "submitted": {"in_verification": _DESK},
    "in_verification": {"approved": _OFFICE, "rejected": _OFFICE, "documents_needed": _OFFICE},
    # "booked" is the slot of the second visit.
    "documents_needed": {
        "booked": _SLOT | {"executive"},
        "submitted": _FIELD,
        "rejected": _OFFICE,
        "cancelled": _DESK,
    },
    "approved": {"certificate_ready": _OFFICE},
    # An appeal that is allowed sends it back to be looked at again.
    "rejected": {"in_verification": _OFFICE},
    "certificate_ready": {"out_for_delivery": _CARRIED | {"agent", "job"}, "delivered": _CARRIED},
    # Back to certificate_ready when nobody was at home.
    "out_for_delivery": {"delivered": _CARRIED, "certificate_ready": _CARRIED | {"agent"}},
    "delivered": {},
    "cancelled": {},
    "citizen_absent": {"booked": _SLOT, "assigned": _PLAN, "cancelled": _ANYBODY},
    "executive_absent": {"booked": _SLOT, "assigned": _PLAN, "cancelled": _ANYBODY},
}

# Nothing more happens of its own accord (an appeal may still send a rejected one back).
FINAL = frozenset({"delivered", "cancelled", "rejected"})
ACTIVE = frozenset(STAGES) - FINAL

# What comes next in the ordinary course; None: nothing.
NEXT: Mapping[str, str | None] = {
    "booked": "assigned",
    "assigned": "visited",
    "visited": "fee_paid",
    "fee_paid": "submitted",
    "submitted": "in_verification",
    "in_verification": "approved",
    "approved": "certificate_ready",
    "certificate_ready": "out_for_delivery",
    "out_for_delivery": "delivered",
    "documents_needed": "booked",
    "citizen_absent": "booked",
    "executive_absent": "booked",
    "delivered": None,
    "cancelled": None,
    "rejected": None,
}

# A visit is ahead (or should have been): the move and cancel cut-off counts back from its start.
APPOINTED = frozenset({"booked", "assigned"})

# Stages that need more than a word (a slot, an executive): only by the function named. `staging.take` knows the way to
# all others.
DEEDS: Mapping[str, str] = {
    "booked": "moving.move or visits.second_visit",
    "assigned": "assignment.assign",
    "cancelled": "moving.cancel",
}


def allowed(from_stage: str, to_stage: str, role: Role) -> bool:
    """Whether `role` may take a booking from one stage to the other; False for stages that do not exist."""
    return role in STAGES.get(from_stage, {}).get(to_stage, frozenset())


def open_to(from_stage: str, role: Role) -> list[str]:
    """The stages to which `role` may take a booking from `from_stage`, in the order of the table."""
    return [to for to, roles in STAGES.get(from_stage, {}).items() if role in roles]
