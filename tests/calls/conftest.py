"""One helpline for all scripts, and a store for each as it stood on the script's day."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from booking.seed import seed
from ivr.clock import Clock
from ivr.helpline import Helpline, helpline, rules_of
from ivr.settings import Settings
from models.store import Store
from tests.calls.player import PinnedClock, on

Town = Callable[[datetime], tuple[Helpline, PinnedClock]]


def _seeded(store: Store, now: datetime) -> Store:
    with store.begin() as session:
        seed(session, now, rules_of(Settings()))
    return store


@pytest.fixture(scope="session")
def shared(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Helpline:
    """The parts that all calls share; its store is replaced by each test's own."""
    path = tmp_path_factory.mktemp("shared") / "mitan.db"
    shutil.copy(_sqlite_template, path)
    now = datetime.fromisoformat("2026-11-20T10:00+05:30")
    store = _seeded(Store(f"sqlite:///{path}"), now)
    made = helpline(Settings(), store, Clock(now))
    store.close()
    return made


@pytest.fixture(scope="session")
def _days(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[datetime], Path]:
    """The store as it is on a day, made once a day."""
    made: dict[date, Path] = {}
    folder = tmp_path_factory.mktemp("days")

    def of(now: datetime) -> Path:
        if now.date() not in made:
            path = folder / f"{now:%Y-%m-%d}.db"
            shutil.copy(_sqlite_template, path)
            _seeded(Store(f"sqlite:///{path}"), now).close()
            made[now.date()] = path
        return made[now.date()]

    return of


@pytest.fixture
def town(shared: Helpline, _days: Callable[[datetime], Path], tmp_path: Path) -> Iterator[Town]:
    """The helpline over a seeded SQLite store of this test, at a moment."""
    opened: list[Store] = []

    def at(now: datetime) -> tuple[Helpline, PinnedClock]:
        path = tmp_path / f"town-{len(opened)}.db"
        shutil.copy(_days(now), path)
        opened.append(Store(f"sqlite:///{path}"))
        clock = PinnedClock(now)
        return on(shared, opened[-1], clock), clock

    yield at
    for store in opened:
        store.close()


@pytest.fixture
def postgres_town(shared: Helpline, postgres_url: str) -> Iterator[Town]:
    """The same over PostgreSQL."""
    store = Store(postgres_url)

    def at(now: datetime) -> tuple[Helpline, PinnedClock]:
        clock = PinnedClock(now)
        return on(shared, _seeded(store, now), clock), clock

    yield at
    store.close()
