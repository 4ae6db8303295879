"""What agents have typed and not sent: kept, never overwritten silently, and forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from booking.desk import unsent
from booking.desk.unsent import Place
from booking.errors import Conflict
from booking.retention import RetentionRules, retain
from models.store import Store
from tests.booking.town import NOW

NOTE = Place("a1", "handoff:7", "finish")


def typed(store: Store, place: Place = NOTE) -> dict[str, str] | None:
    with store.read() as session:
        row = unsent.find(session, place)
        return row.fields if row else None


def keep(store: Store, version: int, place: Place = NOTE, **fields: str) -> int:
    with store.begin() as session:
        return unsent.keep(session, NOW, place, fields, version)


def test_what_is_typed_is_there_again_and_belongs_to_one_agent_one_call_and_one_form(store: Store) -> None:
    assert keep(store, 0, note="wants the fee") == 1
    assert keep(store, 1, note="wants the fee back", disposition="other") == 2
    assert typed(store) == {"note": "wants the fee back", "disposition": "other"}
    for other in (
        Place("a2", "handoff:7", "finish"),
        Place("a1", "handoff:8", "finish"),
        Place("a1", "handoff:7", "new"),
    ):
        assert typed(store, other) is None


def test_two_pages_of_one_agent_do_not_overwrite_each_other_silently(store: Store) -> None:
    keep(store, 0, note="from the first")
    for version in (0, 2):
        with pytest.raises(Conflict):
            keep(store, version, note="from the second")
    assert typed(store) == {"note": "from the first"}


def test_of_many_changes_at_once_one_is_kept(store: Store) -> None:
    def change(n: int) -> bool:
        try:
            return bool(keep(store, 0, note=str(n)))
        except Conflict:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(change, range(8))) == 1


def test_what_was_sent_does_not_come_back_by_a_page_that_is_late(store: Store) -> None:
    keep(store, 0, note="half a senten")
    with store.begin() as session:
        unsent.sent(session, NOW, NOTE)
    for version in (0, 1):
        with pytest.raises(Conflict):
            keep(store, version, note="half a sentence")
    assert typed(store) == {}


def test_sending_before_anything_was_kept_shuts_out_a_late_page_too(store: Store) -> None:
    with store.begin() as session:
        unsent.sent(session, NOW, NOTE)
    with pytest.raises(Conflict):
        keep(store, 0, note="late")


def test_an_aadhaar_number_is_not_kept(store: Store) -> None:
    keep(store, 0, note="her number is 2345 6789 0123")
    assert typed(store) == {"note": "her number is xxxx xxxx xxxx"}


def test_the_form_that_was_typed_into_last_is_known_until_it_is_sent(store: Store) -> None:
    complaint = Place("a1", "handoff:7", "complaint")
    keep(store, 0, Place("a1", "handoff:7", "new"), name="सीमा")
    with store.begin() as session:
        unsent.keep(session, NOW + timedelta(seconds=1), complaint, {"text": "late"}, 0)
        assert unsent.latest(session, "a1", "handoff:7") == "complaint"
        unsent.sent(session, NOW + timedelta(seconds=2), complaint)
        assert unsent.latest(session, "a1", "handoff:7") == "new"
        assert unsent.latest(session, "a2", "handoff:7") == ""


def test_it_is_forgotten_after_a_day(store: Store) -> None:
    keep(store, 0, note="never sent")
    assert retain(store, NOW + timedelta(hours=23), RetentionRules()).unsent == 0
    assert retain(store, NOW + timedelta(hours=25), RetentionRules()).unsent == 1
    assert typed(store) is None
