"""The API on both stores, and the programs that use it."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.booking.town import found_town
from tests.console.api.programs import AGENT, ASHA, CITIZEN, RAVI, Clock, Program, service, token


@pytest.fixture
def town(store: Store) -> Store:
    found_town(store)
    return store


@pytest.fixture
def sqlite_town(sqlite_store: Store) -> Store:
    found_town(sqlite_store)
    return sqlite_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flask(town: Store, clock: Clock) -> Flask:
    return service(town, clock)


@pytest.fixture
def portal(town: Store, flask: Flask) -> Program:
    """The citizens' portal, used by Asha."""
    return Program(flask, token(town, *CITIZEN), ASHA)


@pytest.fixture
def stranger(town: Store, flask: Flask) -> Program:
    """The same kind of program, used by Ravi."""
    return Program(flask, token(town, *CITIZEN), RAVI)


@pytest.fixture
def agent(town: Store, flask: Flask) -> Program:
    """The agents' desk."""
    return Program(flask, token(town, *AGENT, office="desk"), ASHA)
