"""Two hundred callers and fifty agents: each is served once or promised a call back, none lost, order kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bench.verdict import Rows, verdict
from models.store import Store
from tests.booking.desk.crowd import Crowd

CALLERS, AGENTS = 200, 50


@pytest.fixture
def processes(store: Store) -> Iterator[list[Store]]:
    """Four processes' stores on the same place."""
    url = store.engine.url.render_as_string(hide_password=False)
    stores = [Store(url) for _ in range(4)]
    yield stores
    for one in stores:
        one.close()


def test_nobody_is_lost_nobody_is_served_twice_and_the_order_is_kept(processes: list[Store]) -> None:
    crowd = Crowd(processes)
    crowd.run(CALLERS, AGENTS, limit_s=150)
    assert crowd.wrong == []
    with processes[0].read() as session:
        rows = Rows.of(session)
    assert verdict(rows) == []
    assert len({r.caller for r in rows.handoffs}) == CALLERS
    states = Counter(row.state for row in rows.handoffs)
    assert states["done"] > CALLERS / 3  # it was a desk at work, and all of it happened
    assert states["callback"] > 0
    assert states["returned"] > 0
