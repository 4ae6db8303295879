from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from booking.desk.endings import abandon
from booking.desk.tasks import done, take, work_list
from booking.retention import Report, RetentionRules, retain
from models.queue import HandoffEvent
from models.store import Store
from tests.booking.desk.people import NOON, RULES, calls, does, stands

DAY = timedelta(days=1)
KEPT = RetentionRules(conversations_days=50, callbacks_days=30)


def test_words_and_numbers_go_and_the_figures_stay(store: Store) -> None:
    over, waits = calls(store, "c1", summary={"city": "raipur"}), calls(store, "c2", summary={"city": "durg"})
    does(store, abandon, RULES, over.id)
    with store.read() as session:
        task = work_list(session)[0].id
    assert retain(store, NOON + 50 * DAY, KEPT) == Report()
    does(store, take, task, "a1")
    does(store, done, task, "a1", "reached")
    assert retain(store, NOON + 31 * DAY, KEPT) == Report(tasks=1)
    assert retain(store, NOON + 51 * DAY, KEPT) == Report(handoffs=1)
    assert retain(store, NOON + 51 * DAY, KEPT) == Report()
    gone = stands(store, over.id)
    assert (gone.caller, gone.summary, gone.state, gone.entered_at) == (None, {}, "abandoned", NOON)
    assert stands(store, waits.id).caller is not None
    with store.read() as session:
        assert session.scalar(select(func.count(HandoffEvent.id))) == 1
