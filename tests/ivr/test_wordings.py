"""A process takes the wording of notices over from the store by itself."""

from __future__ import annotations

from datetime import datetime

from booking.audit import Who
from booking.live_wording import Edit
from booking.notice_wordings import Change, save
from booking.wording import notices
from booking.zone import ZONE
from ivr.wordings import Wordings
from models.store import Store
from tests.ivr.whole import until

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
VALUES = {"number": "1", "service": "PAN card"}
EDIT = Edit({"hi": "{name} {number}: सौंप दिया", "en": "{name} {number}: delivered"}, {})


def test_a_change_made_elsewhere_is_taken_over_without_a_restart(store: Store) -> None:
    process = Wordings(store, notices())
    process.begin()
    try:
        with store.begin() as session:
            save(session, NOW, Who("esha"), notices(), Change("delivered", EDIT, 0))
        until(lambda: process.notices.compose("delivered", "en", VALUES).text == "Mitan 1: delivered")
    finally:
        process.end()
