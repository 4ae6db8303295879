"""All parts of the interface."""

from __future__ import annotations

from console.api import appeals, bookings, catalogue, changes, complaints, executives, meta, slots, waiting

PARTS = (
    meta.routes,
    catalogue.routes,
    slots.routes,
    bookings.routes,
    changes.routes,
    executives.routes,
    waiting.routes,
    complaints.routes,
    appeals.routes,
)
