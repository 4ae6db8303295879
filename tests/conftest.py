"""Shared by all tests."""

from __future__ import annotations

from hypothesis import settings

# Examples are timed on whatever machine this is; a busy one is no failure.
settings.register_profile("mitan", deadline=None)
settings.load_profile("mitan")
