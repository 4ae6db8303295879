"""When agents were taken, from the store alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.taken import Taken, taken, watch
from booking.desk.answers import accept
from booking.desk.endings import finish
from booking.desk.refusals import no_answer, refuse
from models.store import Store
from tests.booking.desk.people import NOON, SECOND, calls, comes, does, offers


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.upgrade()
    watch(store)
    yield store
    store.close()


def times(store: Store) -> list[Taken]:
    with store.read() as session:
        return list(taken(session))


def test_an_agent_is_taken_from_the_offer_to_the_end_of_the_work_after_the_call(watched: Store) -> None:
    comes(watched, "a1")
    row = calls(watched, "c1")
    assert times(watched) == []
    offers(watched, NOON + SECOND)
    does(watched, accept, row.id, "a1", now=NOON + 4 * SECOND)
    assert times(watched) == [Taken("a1", NOON + SECOND, None)]
    does(watched, finish, row.id, "a1", "answered", now=NOON + 9 * SECOND)
    assert times(watched) == [Taken("a1", NOON + SECOND, NOON + 9 * SECOND)]


def test_who_refuses_is_free_at_once_and_whom_nobody_finds_only_when_he_says_so(watched: Store) -> None:
    comes(watched, "a1")
    row = calls(watched, "c1")
    offers(watched, NOON + SECOND)
    does(watched, refuse, row.id, "a1", now=NOON + 2 * SECOND)
    offers(watched, NOON + 20 * SECOND)
    does(watched, no_answer, row.id, "a1", now=NOON + 40 * SECOND)
    first, second = times(watched)
    assert (first.since, first.ready) == (NOON + SECOND, NOON + 2 * SECOND)
    assert (second.since, second.ready) == (NOON + 20 * SECOND, None)
    comes(watched, "a1", NOON + 60 * SECOND)
    assert times(watched)[1].ready == NOON + 60 * SECOND
