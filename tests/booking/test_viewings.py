"""Who has a record open on the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import func, select

from booking.viewings import FORGOTTEN, GONE, looks, others, stands
from models.store import Store
from models.viewings import Viewing
from tests.booking.life import moves
from tests.booking.town import AT_ONCE, NOW, at, holds_and_books

THIS = "booking:12345678"
SECOND = timedelta(seconds=1)


def sees(store: Store, agent: str, now: datetime = NOW, subject: str = THIS) -> None:
    with store.begin() as session:
        looks(session, now, subject, agent)


def there(store: Store, agent: str, now: datetime = NOW) -> list[tuple[str, datetime]]:
    with store.read() as session:
        return [(row.agent, row.since) for row in others(session, now, THIS, agent)]


def test_agents_see_each_other_and_not_themselves(store: Store) -> None:
    sees(store, "a")
    sees(store, "b", NOW + SECOND)
    sees(store, "c", subject="booking:87654321")
    assert there(store, "a", NOW + SECOND) == [("b", NOW + SECOND)]
    assert there(store, "c", NOW + SECOND) == [("a", NOW), ("b", NOW + SECOND)]


def test_who_gives_no_sign_of_life_has_gone(store: Store) -> None:
    sees(store, "a")
    assert there(store, "b", NOW + GONE - AT_ONCE) == [("a", NOW)]
    assert there(store, "b", NOW + GONE) == []


def test_who_stays_is_known_since_the_beginning_and_who_comes_back_since_then(store: Store) -> None:
    sees(store, "a")
    sees(store, "a", NOW + 20 * SECOND)
    sees(store, "a", NOW + 40 * SECOND)
    assert there(store, "b", NOW + 40 * SECOND) == [("a", NOW)]
    sees(store, "a", NOW + 90 * SECOND)
    assert there(store, "b", NOW + 90 * SECOND) == [("a", NOW + 90 * SECOND)]


def test_old_rows_are_cleared_by_whoever_looks_next(store: Store) -> None:
    sees(store, "a")
    sees(store, "b", NOW + FORGOTTEN + SECOND)
    with store.read() as session:
        assert session.scalars(select(Viewing.agent)).all() == ["b"]


def test_many_pages_at_once_are_one_row_each(store: Store) -> None:
    ready, wrong = Barrier(8), []

    def page(n: int) -> None:
        try:
            ready.wait(30)
            for _ in range(5):
                sees(store, f"a{n % 2}")
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=page, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Viewing)) == 2


def test_what_stands_changes_when_somebody_comes_or_the_record_changes_and_not_by_a_sign_of_life(town: Store) -> None:
    def now() -> object:
        with town.read() as session:
            return stands(session)

    number = holds_and_books(town, start=at(25, 10)).number
    assert now() == []
    sees(town, "a", subject=f"booking:{number}")
    first = now()
    sees(town, "a", NOW + SECOND, subject=f"booking:{number}")
    assert now() == first == [(f"booking:{number}", "a", NOW, 1)]
    moves(town, number, at(26, 10))
    assert now() == [(f"booking:{number}", "a", NOW, 2)]
