"""One server for all tests of a file, with an empty line for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from models.listeners import Listener
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from tests.ivr.desk.office import Office, office


@pytest.fixture(scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch, office(patch, tmp_path_factory.mktemp("office") / "var") as house:
        yield house


@pytest.fixture
def house(_office: Office) -> Iterator[Office]:
    """The office, nobody in it."""
    _office.telephones.clear()
    _office.callers.clear()
    yield _office
    with _office.store.begin() as session:
        for table in (Listener, HandoffEvent, Handoff, Presence):
            session.execute(delete(table))
