"""The agent's page on both stores, at a time that a test sets, and two agents with their accounts' ids."""

from __future__ import annotations

import pytest
from flask import Flask

from models.store import Store
from tests.console.accounts.house import Clock, account
from tests.console.desk.at_the_desk import desk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flask(store: Store, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return desk(store, clock, tmp_path_factory.getbasetemp())


@pytest.fixture
def ravi(store: Store) -> str:
    return account(store, "ravi", name="रवि वर्मा")


@pytest.fixture
def sunita(store: Store) -> str:
    return account(store, "sunita", name="सुनीता साहू")
