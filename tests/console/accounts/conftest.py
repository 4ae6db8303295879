"""A house with an administrator and an agent, on both stores."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import Browser, Clock, application, founded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    founded(store)
    return application(store, clock)


@pytest.fixture
def outsider(house: Flask) -> Browser:
    return Browser(house)
