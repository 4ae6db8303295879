"""A helpline with its pages of misses, on both stores. Esha edits, Prem publishes, Asha administers, Ravi answers."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from ivr.helpline import Helpline
from tests.calls.conftest import Town, _days, postgres_town, shared, town  # noqa: F401 - fixtures
from tests.console.misses.house import furnished

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")


@pytest.fixture(params=["town", "postgres_town"])
def anywhere(request: pytest.FixtureRequest) -> Helpline:
    """A helpline, once on each kind of store."""
    made: Town = request.getfixturevalue(request.param)
    return made(NOW)[0]


@pytest.fixture
def helpline(town: Town) -> Helpline:  # noqa: F811 - the fixture
    return town(NOW)[0]


@pytest.fixture
def house(helpline: Helpline) -> Flask:
    return furnished(helpline)


@pytest.fixture
def pages(anywhere: Helpline) -> Flask:
    """The pages, once on each kind of store."""
    return furnished(anywhere)
