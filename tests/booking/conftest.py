from __future__ import annotations

import pytest

from models.store import Store
from tests.booking.town import found_town


@pytest.fixture
def town(store: Store) -> Store:
    """The small town on each kind of store."""
    found_town(store)
    return store


@pytest.fixture
def sqlite_town(sqlite_store: Store) -> Store:
    """The small town on SQLite, for what does not depend on the store."""
    found_town(sqlite_store)
    return sqlite_store
