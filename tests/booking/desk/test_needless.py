"""Looking through the work list every minute: in few questions however long it is, and nobody's work is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from booking.callbacks import Wanted, promise
from booking.desk import task_sources
from booking.desk.needless import Open, needless
from booking.desk.task_sources import gather
from booking.desk.tasks import kinds_open, take
from booking.hours import AgentHours
from models.callbacks import Callback
from models.store import Store
from tests.booking.desk.people import NOON, RULES, does
from tests.booking.life import AGENT, cancels
from tests.booking.town import at, holds_and_books

HOURS = AgentHours(8, 20)
NOW = at(22, 9)


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """The statements that the store is asked meanwhile."""
    statements: list[str] = []

    def note(*what: object) -> None:
        statements.append(str(what[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


def books_many(store: Store, first: int, count: int) -> None:
    for n in range(first, first + count):
        holds_and_books(store, f"c{n}", at(23 + n // 20, 8 + n % 10))


def open_tasks(store: Store) -> int:
    with store.read() as session:
        return sum(kinds_open(session).values())


def test_a_list_ten_times_as_long_is_looked_through_in_no_more_questions(town: Store) -> None:
    def questions() -> int:
        with asked(town) as statements:
            assert gather(town, NOW, RULES).closed == 0
        return len(statements)

    books_many(town, 0, 4)
    gather(town, NOW, RULES)
    few = questions()
    books_many(town, 4, 36)
    gather(town, NOW, RULES)
    assert open_tasks(town) == 40
    assert questions() <= few


def test_all_tasks_whose_cause_has_gone_are_closed_at_once(town: Store) -> None:
    numbers = [holds_and_books(town, f"c{n}", at(23, 8 + n)).number for n in range(6)]
    does(town, promise, HOURS, Wanted("+919812345615", "asked", "hi", "c9"), now=NOW)
    assert gather(town, NOW, RULES).made == 7
    for number in numbers[:4]:
        cancels(town, number, AGENT, now=NOW)
    with town.begin() as session:
        session.get_one(Callback, 1).done_at = NOW
    assert gather(town, NOW, RULES).closed == 5
    assert open_tasks(town) == 2


def test_a_task_that_somebody_takes_in_that_moment_stays_with_him(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = holds_and_books(town).number
    gather(town, NOW, RULES)
    cancels(town, number, AGENT, now=NOW)

    def slow(*what: object) -> list[Open]:
        found = needless(*what)  # type: ignore[arg-type]
        does(town, take, found[0].id, "a1", now=NOON)
        return found

    monkeypatch.setattr(task_sources, "needless", slow)
    assert gather(town, NOW + timedelta(minutes=1), RULES).closed == 0
    assert open_tasks(town) == 1
