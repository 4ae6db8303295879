"""WhatsApp messages against the exchange's REST: plain ones, templates, receipts, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from booking.errors import SendFailed
from booking.receipts import Outcome, Receipt
from ivr.carriers.twilio import receipts
from ivr.carriers.twilio.whatsapp import WhatsApp
from tests.ivr.carriers.house import House, Running, until

NUMBER, OURS = "+919826401715", "+917710014545"


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[House, list[Receipt]]]:
    house, taken = House(), []

    def received(receipt: Receipt) -> Outcome:
        taken.append(receipt)
        return "noted"

    house.flask.register_blueprint(receipts.blueprint(house.signatures, received))
    with Running(house):
        yield house, taken


def channel(house: House) -> WhatsApp:
    return WhatsApp(house.client(callback=f"{house.url}{receipts.MESSAGE}"), OURS)


def test_a_message_goes_out_and_its_receipt_comes_back(house: tuple[House, list[Receipt]]) -> None:
    here, taken = house
    sid = channel(here).send(NUMBER, "मितान: बुकिंग 12345678", "", {})
    assert (here.exchange.messages[-1].to, here.exchange.messages[-1].text) == (
        f"whatsapp:{NUMBER}",
        "मितान: बुकिंग 12345678",
    )
    until(lambda: Receipt(sid, "delivered") in taken)


def test_a_message_that_was_taken_is_found_again_but_no_sms_is_taken_for_it(
    house: tuple[House, list[Receipt]],
) -> None:
    here, before = house[0], house[0].clock.now() - timedelta(minutes=1)
    here.client().send_message(NUMBER, "one")
    assert channel(here).sent(NUMBER, "one", before) is None
    sid = channel(here).send(NUMBER, "one", "", {})
    assert channel(here).sent(NUMBER, "one", before) == sid


def test_a_registered_template_goes_out_with_its_variables(house: tuple[House, list[Receipt]]) -> None:
    channel(house[0]).send(NUMBER, "मितान बुकिंग", "HX1", {"name": "मितान", "number": "12345678"})
    template, _, variables = house[0].exchange.messages[-1].text.partition(" ")
    assert template == "HX1"
    assert json.loads(variables) == {"name": "मितान", "number": "12345678"}


def test_a_number_that_is_none_fails_for_good(house: tuple[House, list[Receipt]]) -> None:
    with pytest.raises(SendFailed) as failed:
        channel(house[0]).send("12345", "x", "", {})
    assert failed.value.permanent
