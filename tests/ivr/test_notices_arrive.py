"""A notice on its whole way: written with a booking, sent by the server's job, received, and its receipt noted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from booking.bookings import Order, book
from booking.slots import Wish, find
from booking.zone import local_day
from ivr.helpline import rules_of
from models.notices import Notice
from models.store import Store
from tests.ivr.whole import figure, get, rows, serving, settings, until

REACHED, OFF = "9826401715", "9826401716"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_booking_is_told_and_the_receipt_comes_back(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    configured = settings(monkeypatch, tmp_path, DATABASE_URL=url)
    with serving(configured) as running:
        application = running.application
        assert application.exchange is not None
        application.exchange.switched_off.add(f"+91{OFF}")
        store, now, rules = application.helpline.store, application.clock.now(), rules_of(configured)
        with store.begin() as session:
            # Days ahead: at night, what is sent again in the morning would else be too late for the visit.
            start = find(session, now, rules, Wish("raipur", local_day(now) + timedelta(days=3))).slots[0].starts_at
            for n, mobile in enumerate((REACHED, OFF)):
                book(session, now, rules, Order(f"c{n}", "birth_certificate", "raipur", start, mobile, "492001"))

        def arrived(store: Store = store) -> bool:
            return {(n.state, n.receipt_at is None) for n in rows(store, Notice)} == {
                ("delivered", False),
                ("pending", False),
            }

        until(arrived, "two receipts")
        told = {n.recipient: n for n in rows(store, Notice)}
        assert told[f"+91{REACHED}"].state == "delivered"
        assert told[f"+91{OFF}"].error == "the handset cannot be reached now (Twilio 30003)"
        assert told[f"+91{REACHED}"].receipt_at - told[f"+91{REACHED}"].sent_at < timedelta(minutes=5)
        assert len(application.exchange.messages) == 2
        text = get(f"{running.url}/metrics")[1]
        assert [figure(text, f'mitan_notices_total{{state="{s}"}}') for s in ("sent", "delivered", "undelivered")] == [
            2.0, 1.0, 1.0,
        ]  # fmt: skip
