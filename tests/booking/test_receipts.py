from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select, update

from booking.receipts import Receipt, receive
from booking.sending import send_due
from models.notices import Notice
from models.store import Store
from tests.booking.town import MINUTE, NOW, holds_and_books

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
