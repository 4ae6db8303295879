from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from booking.actors import CALLER
from booking.tries import LOCKED_FOR, Proved, locked_until, note_wrong
from booking.versions import lock
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint
from models.store import Store
from tests.booking.grievances import complains
from tests.booking.town import AT_ONCE, MINUTE, NOW, holds_and_books


def appealed(store: Store) -> Proved:
    row = Appeal(number="512345678", level=1, ground="late", mobile="9812345615", language="hi", stage="registered",
                 decide_by=date(2026, 12, 22), created_at=NOW, updated_at=NOW)  # fmt: skip
    with store.begin() as session:
        session.add(row)
    return row


@pytest.mark.parametrize(
    ("made", "table"),
    [(holds_and_books, Booking), (complains, Complaint), (appealed, Appeal)],
    ids=lambda p: p.__name__,
)
def test_three_wrong_tries_lock_each_kind_of_record_for_an_hour(
    town: Store, made: Callable[[Store], Proved], table: type[Proved]
) -> None:
    id = made(town).id
    for n in range(3):
        with town.begin() as session:
            record = session.get_one(table, id)
            lock(session, record)
            version = record.version
            assert locked_until(session, NOW + n * MINUTE, record) is None
            assert note_wrong(session, NOW + n * MINUTE, record, CALLER) == 2 - n
    with town.read() as session:
        record = session.get_one(table, id)
        assert record.version == version
        assert locked_until(session, NOW + timedelta(minutes=3), record) == NOW + LOCKED_FOR
        assert locked_until(session, NOW + LOCKED_FOR - AT_ONCE, record) is not None
        assert locked_until(session, NOW + LOCKED_FOR, record) is None
