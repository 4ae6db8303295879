"""The real flow over the seed catalogue, for tests of the dialog."""

from __future__ import annotations

from functools import cache

from dialogs.flow import Flow
from ivr.helpline import flow_of
from ivr.settings import load
from tests.dialogs.seed import catalogue


@cache
def flow() -> Flow:
    """The helpline's flow with the project's settings."""
    return flow_of(load(), catalogue())
