"""All parts of the interface."""

from __future__ import annotations

from console.api import catalogue, meta

PARTS = (meta.routes, catalogue.routes)
