"""The store's one error."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used. The message says what to do and never holds a password."""
