"""A complaint in whatever order things are done to it: what must always hold."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.actors import CALLER, JOB, Actor
from booking.complaint_stages import DONE, OPEN, allowed
from booking.complaints import answer, assign, close, close_due, rate, reopen, resolve
from booking.errors import BookingError
from booking.escalation import escalate_due
from models.complaints import Complaint
from models.store import Store
from tests.booking.grievances import AGENT, OFFICE, complains, found_levels, told
from tests.booking.town import NOW, found_town

ACTS = ("assign", "answer", "resolve", "rate", "close", "reopen", "escalate_due", "close_due")
ACTORS = st.sampled_from([CALLER, AGENT, OFFICE, JOB])
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), ACTORS, st.integers(0, 20), st.integers(1, 5)), max_size=12)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("machine") / "template.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    found_town(store)
    found_levels(store)
    store.close()
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_is_done_stages_events_levels_and_due_times_fit(
    template: Path, steps: list[tuple[str, Actor, int, int]]
) -> None:
    path = template.parent / "run.db"
    for old in template.parent.glob("run.db*"):
        old.unlink()
    shutil.copy(template, path)
    store = Store(f"sqlite:///{path}")
    try:
        _live(store, steps)
    finally:
        store.close()


def _live(store: Store, steps: list[tuple[str, Actor, int, int]]) -> None:
    made, now, level, reopened = complains(store), NOW, 1, 0
    for act, actor, days, rating in steps:
        now += timedelta(days=days)
        try:
            with store.begin() as session:
                _act(session, now, session.get_one(Complaint, made.id), (act, actor, rating))
        except BookingError:
            pass
        row = _holds(store, made)
        assert row.level >= level
        assert row.reopened in (reopened, reopened + 1)
        level, reopened = row.level, row.reopened


def _act(session: object, now: object, row: Complaint, what: tuple[str, Actor, int]) -> None:
    act, actor, rating = what
    if act in ("escalate_due", "close_due"):
        {"escalate_due": escalate_due, "close_due": close_due}[act](session, now)  # type: ignore[operator]
    elif act in ("answer", "resolve"):
        {"answer": answer, "resolve": resolve}[act](session, now, row, actor, f"Words {rating}.")  # type: ignore[operator]
    elif act == "rate":
        rate(session, now, row, rating, actor)  # type: ignore[arg-type]
    else:
        {"assign": assign, "close": close, "reopen": reopen}[act](session, now, row, actor, "why")  # type: ignore[operator]


def _holds(store: Store, made: Complaint) -> Complaint:
    with store.read() as session:
        row = session.get_one(Complaint, made.id)
        events = row.events
        assert row.version == len(events)  # one event a change
        assert events[-1].to_stage == row.stage
        stages = [(e.from_stage, e.to_stage, e.who.partition(":")[0]) for e in events[1:]]
        assert all(a == b.from_stage for a, b in zip((e.to_stage for e in events), events[1:], strict=False))
        assert all(a == b or allowed(a or "", b, who) for a, b, who in stages)  # type: ignore[arg-type]
        assert (row.stage in OPEN) != (row.stage in DONE)
        assert row.due_at is None or row.stage in OPEN
        assert row.due_at is not None or row.stage in DONE or any(e.what == "overdue" for e in events)
        assert (row.stage != "resolved") or (row.resolved_at is not None and row.answer)
        assert row.rating is None or row.resolved_at is not None
        assert row.reopened == sum(e.what == "reopened" for e in events)
    resolved = sum(b == "resolved" and a != b for a, b, _ in stages)
    assert told(store, complaint_id=made.id).count("complaint_resolved") == resolved
    return row
