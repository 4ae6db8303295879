"""A house with an administrator and an agent, on both stores."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, Browser, Clock, application, founded


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    founded(store)
    return application(store, clock)


@pytest.fixture
def asha(house: Flask) -> Browser:
    """The administrator, signed in."""
    browser = Browser(house)
    assert browser.sign_in(ASHA).status_code == 303
    return browser


@pytest.fixture
def ravi(house: Flask) -> Browser:
    """The agent, signed in."""
    browser = Browser(house)
    assert browser.sign_in(RAVI).status_code == 303
    return browser


@pytest.fixture
def outsider(house: Flask) -> Browser:
    return Browser(house)
