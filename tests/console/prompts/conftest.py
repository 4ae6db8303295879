"""A house whose prompts are edited: Asha administers, Ravi is an agent, Esha edits, Prem publishes."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import Clock
from tests.console.prompts.house import furnished


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    return furnished(store, clock)
