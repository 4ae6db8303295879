"""A house whose calendar is kept: Asha administers, Ravi is an agent, Esha edits, Prem publishes."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, Browser, Clock
from tests.console.closures.house import ESHA, PREM, furnished


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, clock: Clock) -> Flask:
    return furnished(store, clock)


def entered(house: Flask, login: str) -> Browser:
    browser = Browser(house)
    assert browser.sign_in(login).status_code == 303
    return browser


@pytest.fixture
def asha(house: Flask) -> Browser:
    return entered(house, ASHA)


@pytest.fixture
def esha(house: Flask) -> Browser:
    return entered(house, ESHA)


@pytest.fixture
def prem(house: Flask) -> Browser:
    return entered(house, PREM)


@pytest.fixture
def ravi(house: Flask) -> Browser:
    return entered(house, RAVI)
