"""Every outcome that the operations of the flow may have, with data as the operations give it."""

from __future__ import annotations

from typing import Any

OFFERS = ("2026-11-22T08:00:00", "2026-11-22T12:00:00", "2026-11-23T16:00:00")

Outcomes = tuple[tuple[str, dict[str, Any]], ...]

_BOOKING: dict[str, Any] = {
    "kind": "booking",
    "number": "20418833",
    "service": "pan_card",
    "city": "durg",
    "area": "",
    "stage": "booked",
    "slot": "2026-11-23T10:00:00",
    "ends": "2026-11-23T11:00:00",
    "day": "2026-11-20",
    "until": "2026-11-22T10:00:00",
    "version": 1,
}
_COMPLAINT: dict[str, Any] = {
    "kind": "complaint",
    "number": "300000003",
    "what": "kind.delay",
    "state": "open",
    "day": "2026-11-20",
    "version": 1,
}
_APPEAL: dict[str, Any] = {
    "kind": "appeal",
    "number": "500000009",
    "state": "open",
    "day": "2026-11-20",
    "decide_by": "2026-12-20",
    "version": 1,
}
STAGES = (
    "booked assigned visited fee_paid submitted in_verification approved documents_needed rejected certificate_ready "
    "out_for_delivery delivered cancelled citizen_absent executive_absent"
).split()


def bookings() -> list[dict[str, Any]]:
    """A booking at every stage, and with what may be told beside it."""
    return [
        *({**_BOOKING, "stage": stage} for stage in STAGES),
        {**_BOOKING, "stage": "assigned", "executive": "Sita Sahu", "badge": "RPR7"},
        {**_BOOKING, "stage": "submitted", "due": "2026-12-01"},
        {**_BOOKING, "late": True},
        {**_BOOKING, "stage": "assigned", "executive": "Sita Sahu", "badge": "RPR7", "late": True},
        {**_BOOKING, "stage": "submitted", "due": "2026-11-01", "overdue": True},
        {**_BOOKING, "stage": "submitted", "due": "2026-11-01", "overdue": True, "appealable": True},
        {**_BOOKING, "stage": "rejected", "appealable": True},
        {**_BOOKING, "stage": "rejected", "reason": "निवास का प्रमाण नहीं"},
        {**_BOOKING, "stage": "documents_needed", "missing": ["identity", "two_photos"]},
    ]


def complaints() -> list[dict[str, Any]]:
    """A complaint and an appeal in every state."""
    return [
        _COMPLAINT,
        {**_COMPLAINT, "state": "answered", "answer": "जाँच हो रही है"},
        {**_COMPLAINT, "state": "resolved", "ratable": True},
        {**_COMPLAINT, "state": "resolved", "answer": "काम हो गया", "ratable": True},
        {**_COMPLAINT, "state": "resolved", "unsatisfied": True},
        {**_COMPLAINT, "state": "closed"},
        _APPEAL,
        {**_APPEAL, "state": "allowed"},
        {**_APPEAL, "state": "dismissed"},
    ]


def _found(*names: str) -> Outcomes:
    return tuple((name, {"records": [record]}) for name in names for record in (*bookings(), *complaints()))


_PLAIN: dict[str, str] = {
    "hold": "ok taken closed error",
    "prove": "too_many not_found error",
    "cancel": "ok too_late conflict unfit not_owner error",
    "move": "ok too_late conflict hold_lost taken closed service_closed unfit not_owner error",
    "rate_complaint": "ok low conflict not_owner unfit error",
    "can_rate": "ok not_yet unfit not_owner error",
    "rate": "ok not_yet not_owner unfit error",
    "can_move": "ok too_late unfit not_owner error",
    "can_cancel": "ok too_late unfit not_owner error",
    "send_documents": "ok none error",
    "join_waiting": "ok service_closed error",
    "decline_freed": "ok ended unfit error",
}

OUTCOMES: dict[str, Outcomes] = {
    **{op: tuple((name, {}) for name in names.split()) for op, names in _PLAIN.items()},
    "find_slots": (
        ("exact", {"offers": list(OFFERS), "relation": "exact", "why": None}),
        ("same_day", {"offers": list(OFFERS[:1]), "relation": "same_day", "why": None}),
        ("later", {"offers": list(OFFERS[:2]), "relation": "later", "why": "closed"}),
        ("later", {"offers": [OFFERS[0], OFFERS[2]], "relation": "later", "why": None}),
        ("later", {"offers": [OFFERS[0], OFFERS[1], OFFERS[1]], "relation": "later", "why": "too_soon"}),
        ("later", {"offers": list(OFFERS), "relation": "later", "why": "past"}),
        ("later", {"offers": list(OFFERS), "relation": "later", "why": "too_far"}),
        ("none", {"offers": [], "relation": "none", "why": "too_far"}),
        ("none", {"offers": [], "relation": "none", "why": None}),
        ("error", {}),
    ),
    "book": (("ok", {"number": "20418833"}), ("hold_lost", {}), ("service_closed", {}), ("error", {})),
    "reach_agent": (("open", {}), ("promised", {"due": "2026-11-22T08:00:00"}), ("no_number", {}), ("error", {})),
    "promise_callback": (("promised", {"due": "2026-11-22T08:00:00"}), ("no_number", {}), ("error", {})),
    "find_mine": (
        *_found("one"),
        ("several", {"records": [_BOOKING, {**_BOOKING, "stage": "delivered"}, _COMPLAINT, _APPEAL]}),
        ("several", {"records": [_COMPLAINT, _BOOKING]}),
        ("several", {"records": [_APPEAL, _BOOKING]}),
        ("several", {"records": [{**_COMPLAINT, "state": "resolved", "ratable": True}, _BOOKING], "older": True}),
        ("perhaps", {"records": [_BOOKING, _COMPLAINT]}),
        ("perhaps", {"records": [_COMPLAINT]}),
        ("none", {}),
        ("unknown", {}),
        ("error", {}),
    ),
    "find_number": (
        *_found("ok"),
        ("not_owner", {}),
        ("not_found", {}),
        ("too_many", {}),
        ("unfit", {}),
        ("error", {}),
    ),
    "prove": (
        ("ok", {"records": [_BOOKING], "proven": "20418833"}),
        ("wrong", {"tries": 1}),
        ("too_many", {"tries": 3}),
        ("not_found", {}),
        ("error", {}),
    ),
    "reread": (("ok", {"records": [_BOOKING]}), ("ok", {"records": [_COMPLAINT]}), ("not_found", {}), ("error", {})),
    "whereabouts": (
        ("coming", {"records": [{**_BOOKING, "stage": "assigned", "executive": "Sita Sahu", "badge": "RPR7"}]}),
        ("later", {}),
        ("unassigned", {}),
        ("late", {}),
        ("unfit", {}),
        ("not_owner", {}),
        ("error", {}),
    ),
    "find_earlier": (("found", {"records": [{**_COMPLAINT, "state": "resolved", "ratable": True}]}), ("none", {}),
                     ("found", {"records": [_COMPLAINT]}), ("error", {})),
    "register_complaint": (("ok", {"complaint_number": "300000003"}), ("error", {})),
    "can_appeal": (
        ("ok", {"appeal_level": 1, "appeal_ground": "ground.refused", "appeal_until": "2026-12-20"}),
        ("ok", {"appeal_level": 2, "appeal_ground": "ground.late", "appeal_until": None}),
        ("not_yet", {"appeal_from": "2026-12-02"}),
        ("not_yet", {}),
        ("too_late", {"appeal_until": "2026-11-02"}),
        ("too_late", {}),
        ("pending", {"decide_by": "2026-12-21"}),
        ("ok", {"appeal_level": 1, "appeal_ground": "ground.unsatisfied", "appeal_until": "2026-12-20"}),
        ("commission", {}),
        ("allowed", {}),
        ("no", {}),
        ("unfit", {}),
        ("not_owner", {}),
        ("error", {}),
    ),
    "register_appeal": (
        ("ok", {"appeal_number": "500000009", "decide_by": "2026-12-21"}),
        ("not_yet", {"appeal_from": "2026-12-02"}),
        ("too_late", {"appeal_until": "2026-11-02"}),
        ("pending", {"decide_by": "2026-12-21"}),
        ("allowed", {}),
        ("no", {}),
        ("not_owner", {}),
        ("error", {}),
    ),
    "reopen": (
        ("ok", {"higher": True}),
        *((name, {}) for name in ("ok", "too_late", "unfit", "conflict", "not_owner", "error")),
    ),
    "take_freed": (
        ("ok", {"number": "20418833"}),
        *((name, {}) for name in ("hold_lost", "taken", "closed", "too_late", "unfit", "error")),
    ),
}  # fmt: skip

_BOOKINGS_ONLY = ("move", "cancel", "executive", "feedback")


def outcomes(op: str, task: str | None) -> Outcomes:
    """Those that `op` may have for a task: no complaint is moved."""
    if task not in _BOOKINGS_ONLY:
        return OUTCOMES[op]
    return tuple((o, d) for o, d in OUTCOMES[op] if not any(r["kind"] != "booking" for r in d.get("records", ())))
