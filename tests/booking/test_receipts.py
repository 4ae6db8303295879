from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.notices import withdraw, write_notice
from booking.receipts import AGAIN, SENDINGS, Receipt, receive
from booking.sending import send_due
from models.bookings import Booking
from models.executives import Executive
from models.notices import Notice
from models.store import Store
from tests.booking.life import engages
from tests.booking.town import MINUTE, NOW, TEN, at, holds_and_books

DELIVERED = Receipt("SM1", "delivered")
UNDELIVERED = Receipt("SM1", "undelivered", "the handset cannot be reached now")
FAILED = Receipt("SM1", "failed", "the number does not exist")


@pytest.fixture
def sent(town: Store) -> Store:
    holds_and_books(town)
    send_due(town, NOW, lambda to, text: "SM1")
    return town


def notice(store: Store) -> Notice:
    with store.read() as session:
        return session.scalars(select(Notice)).one()


def test_a_delivered_notice_is_known_to_have_arrived(sent: Store) -> None:
    assert receive(sent, NOW + MINUTE, DELIVERED) == "noted"
    row = notice(sent)
    assert (row.state, row.sent_at, row.receipt_at, row.error) == ("delivered", NOW, NOW + MINUTE, None)


def test_one_that_did_not_arrive_is_kept_with_the_reason(sent: Store) -> None:
    assert receive(sent, NOW + MINUTE, UNDELIVERED) == "noted"
    assert (notice(sent).state, notice(sent).error) == ("undelivered", "the handset cannot be reached now")


def test_a_replayed_receipt_changes_nothing(sent: Store) -> None:
    receive(sent, NOW + MINUTE, DELIVERED)
    assert receive(sent, NOW + 2 * MINUTE, DELIVERED) == "known"
    assert notice(sent).receipt_at == NOW + MINUTE


@pytest.mark.parametrize("order", list(permutations([DELIVERED, UNDELIVERED, FAILED])))
def test_in_whatever_order_receipts_come_what_the_telephone_got_counts(sent: Store, order: tuple[Receipt, ...]) -> None:
    for n, receipt in enumerate(order):
        receive(sent, NOW + n * MINUTE, receipt)
    assert (notice(sent).state, notice(sent).error) == ("delivered", None)


@pytest.mark.parametrize("id", ["SM2", "", "SM1'; --"])
def test_a_receipt_of_another_message_changes_nothing(sent: Store, id: str) -> None:
    assert receive(sent, NOW, Receipt(id, "failed", "x")) == "unknown"
    assert notice(sent).state == "sent"


def test_a_receipt_does_not_revive_a_notice_that_was_not_sent(town: Store) -> None:
    holds_and_books(town)
    with town.begin() as session:
        session.execute(update(Notice).values(state="dropped", carrier_id="SM1"))
    assert receive(town, NOW, DELIVERED) == "known"
    assert notice(town).state == "dropped"


OFF = Receipt("SM1", "undelivered", "the handset cannot be reached now", passing=True)


def sends(store: Store, now: datetime, id: str) -> int:
    return send_due(store, now, lambda to, text: id).sent


def test_what_did_not_arrive_for_a_passing_reason_is_sent_again_some_times(sent: Store) -> None:
    now = NOW
    for n in range(1, SENDINGS):
        assert receive(sent, now, Receipt(f"SM{n}", "undelivered", "off", passing=True)) == "noted"
        again = now + AGAIN * 2 ** (n - 1)
        assert (notice(sent).state, notice(sent).due_at, notice(sent).error) == ("pending", again, "off")
        assert sends(sent, again - MINUTE, "too early") == 0
        assert sends(sent, again, f"SM{n + 1}") == 1
        now = again
    assert receive(sent, now, Receipt(f"SM{SENDINGS}", "undelivered", "off", passing=True)) == "noted"
    assert notice(sent).state == "undelivered"
    assert sends(sent, now + timedelta(days=1), "never") == 0


def test_a_telephone_that_is_off_at_night_is_tried_again_in_the_morning(sent: Store) -> None:
    receive(sent, at(22, 20, 45), OFF)
    assert notice(sent).due_at == at(23, 8)


def test_what_would_be_of_no_use_then_is_not_sent_again(sent: Store) -> None:
    receive(sent, TEN - AGAIN, OFF)
    assert notice(sent).state == "undelivered"


def test_a_replayed_receipt_of_what_waits_to_be_sent_again_changes_nothing(sent: Store) -> None:
    receive(sent, NOW, OFF)
    assert receive(sent, NOW + MINUTE, OFF) == "known"
    assert notice(sent).due_at == NOW + AGAIN


def test_what_arrived_after_all_is_not_sent_again(sent: Store) -> None:
    receive(sent, NOW, OFF)
    assert receive(sent, NOW + MINUTE, DELIVERED) == "noted"
    assert notice(sent).state == "delivered"
    assert sends(sent, NOW + AGAIN, "SM2") == 0


def test_a_receipt_of_an_earlier_sending_is_none_of_ours_any_more(sent: Store) -> None:
    receive(sent, NOW, OFF)
    sends(sent, NOW + AGAIN, "SM2")
    assert receive(sent, NOW + AGAIN, OFF) == "unknown"
    assert notice(sent).state == "sent"


NINE = at(22, 9)


def tells(store: Store, event: str) -> None:
    with store.begin() as session:
        booking = session.scalars(select(Booking)).one()
        booking.executive_id = session.scalar(select(Executive.id))
        write_notice(session, NINE, booking, event)


def states(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {n.event: n.state for n in session.scalars(select(Notice).order_by(Notice.id))}


@pytest.mark.parametrize(
    ("first", "then"),
    [("booked", "cancelled"), ("booked", "moved"), ("assigned", "reassigned"), ("reminder_soon", "cancelled")],
)
def test_what_is_not_true_any_more_is_not_sent_again(town: Store, first: str, then: str) -> None:
    holds_and_books(town)
    engages(town)
    if first != "booked":
        tells(town, first)
    with town.begin() as session:
        session.execute(update(Notice).where(Notice.event != first).values(state="delivered"))
    assert sends(town, NINE, "SM1") == 1
    tells(town, then)
    assert receive(town, NINE + MINUTE, OFF) == "noted"
    assert (states(town)[first], states(town)[then]) == ("undelivered", "pending")
    assert sends(town, NINE + 2 * AGAIN, "SM2") == 1
    assert (states(town)[first], states(town)[then]) == ("undelivered", "sent")


def test_what_was_withdrawn_while_it_was_being_sent_is_not_sent_again(town: Store) -> None:
    holds_and_books(town)
    ids: list[str] = []

    def slow(to: str, text: str) -> str:
        if not ids:
            tells(town, "cancelled")
        ids.append(f"SM{len(ids) + 1}")
        return ids[-1]

    send_due(town, NINE, slow)
    assert states(town)["booked"] == "sent"
    assert receive(town, NINE + MINUTE, OFF) == "noted"
    send_due(town, NINE + 2 * AGAIN, slow)
    assert (states(town), len(ids)) == ({"booked": "undelivered", "cancelled": "sent"}, 2)


def test_what_is_withdrawn_while_its_receipt_is_read_is_not_sent_again(
    sent: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin: Callable[[], AbstractContextManager[Session]] = sent.begin

    def meanwhile() -> AbstractContextManager[Session]:
        with begin() as session:
            withdraw(session, NOW, session.scalars(select(Booking)).one(), "booked")
        return begin()

    monkeypatch.setattr(sent, "begin", meanwhile)
    assert receive(sent, NOW, OFF) == "noted"
    assert (notice(sent).state, notice(sent).withdrawn_at) == ("undelivered", NOW)


def test_what_was_withdrawn_and_arrived_all_the_same_is_known_to_have_arrived(sent: Store) -> None:
    tells(sent, "cancelled")
    assert receive(sent, NOW + 2 * MINUTE, DELIVERED) == "noted"
    assert states(sent)["booked"] == "delivered"
