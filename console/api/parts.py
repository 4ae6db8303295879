"""All parts of the interface."""

from __future__ import annotations

from console.api import bookings, catalogue, changes, meta, slots

PARTS = (meta.routes, catalogue.routes, slots.routes, bookings.routes, changes.routes)
