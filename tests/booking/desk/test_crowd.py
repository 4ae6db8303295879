"""Two hundred callers and fifty agents: each is served once or promised a call back, none lost, order kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.callbacks import Callback
from models.presence import Presence
from models.queue import Handoff, HandoffEvent
from models.store import Store
from models.tasks import Task
from tests.booking.desk.crowd import Crowd

CALLERS, AGENTS = 200, 50
OVER = {"done", "returned", "callback", "abandoned"}


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
        rows = session.scalars(select(Handoff).order_by(Handoff.id)).all()
        events = session.scalars(select(HandoffEvent).order_by(HandoffEvent.id)).all()
        promised = set(session.scalars(select(Callback.conversation_id)))
        listed = set(session.scalars(select(Task.subject)))
        busy = session.scalars(select(Presence).where(Presence.state.in_(("offered", "talking")))).all()
    assert Counter(r.state for r in rows if r.state not in OVER) == {}
    assert len({r.caller for r in rows}) == CALLERS
    assert busy == []
    _each_is_served_or_promised(rows, promised, listed)
    _no_agent_has_two_callers(events)
    _first_come_first_offered(rows, events)


def _each_is_served_or_promised(rows: list[Handoff], promised: set[str], listed: set[str]) -> None:
    for row in rows:
        if row.state == "done":
            assert row.answered_at is not None
        elif row.state == "callback":
            assert row.conversation_id in promised
        elif row.state == "abandoned":
            assert f"handoff:{row.id}" in listed
    states = Counter(row.state for row in rows)
    assert states["done"] > CALLERS / 3  # it was a desk at work, and all of it happened
    assert states["callback"] > 0
    assert states["returned"] > 0


def _no_agent_has_two_callers(events: list[HandoffEvent]) -> None:
    """Between accepting a call and its end an agent accepts no other; a call is accepted once for each offer."""
    ends = {"done", "returned", "transferred", "parted"}
    holds: dict[str, int] = {}
    offered: dict[int, str | None] = defaultdict(lambda: None)
    for event in events:
        if event.what == "offered":
            assert offered[event.handoff_id] is None
            offered[event.handoff_id] = (event.data or {})["to"]
        elif event.what in ("refused", "no_answer", "left", "gone", "dropped"):
            offered[event.handoff_id] = None
        elif event.what == "accepted":
            agent = event.who.removeprefix("agent:")
            assert offered[event.handoff_id] == agent
            assert agent not in holds
            assert event.handoff_id not in holds.values()
            offered[event.handoff_id], holds[agent] = None, event.handoff_id
        elif event.what in ends:
            held = {a: h for a, h in holds.items() if h == event.handoff_id}
            for agent in held:
                del holds[agent]
            if event.what == "transferred" and (event.data or {}).get("to"):
                offered[event.handoff_id] = (event.data or {})["to"]
            elif event.what == "parted":
                holds[(event.data or {})["agent"]] = event.handoff_id
            else:
                offered[event.handoff_id] = None


def _first_come_first_offered(rows: list[Handoff], events: list[HandoffEvent]) -> None:
    """Of those whose line never broke, nobody is offered to an agent before who came first."""
    broken = {e.handoff_id for e in events if e.what == "dropped"}
    ahead = {e.handoff_id for e in events if e.what == "entered" and "after" in (e.data or {})}
    came = {r.id: (r.waiting_since, r.id) for r in rows if r.id not in broken | ahead}
    first: dict[int, None] = {}
    for event in events:
        if event.what == "offered" and event.handoff_id in came:
            first.setdefault(event.handoff_id)
    order = [came[handoff] for handoff in first]
    assert len(order) > 20
    assert order == sorted(order)
