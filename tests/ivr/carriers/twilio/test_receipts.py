"""Status callbacks of messages: from the exchange, over HTTP, signed, into the domain."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Timer

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from booking.receipts import Outcome, Receipt
from ivr.carriers.twilio import receipts
from ivr.carriers.twilio.signature import HEADER, Signatures
from tests.ivr.carriers.house import TOKEN, House, Running, until

PUBLIC = "https://mitan.example.in"
NUMBER = "+919826401715"
FORM = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": NUMBER, "From": "+9114545"}


class Desk:
    """Takes receipts and knows some messages."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)
        self.taken: list[Receipt] = []

    def __call__(self, receipt: Receipt) -> Outcome:
        self.taken.append(receipt)
        return "noted" if receipt.carrier_id in self.known else "unknown"

    def app(self) -> Flask:
        flask = Flask("receipts")
        flask.register_blueprint(receipts.blueprint(Signatures(TOKEN, lambda: PUBLIC), self))
        return flask


def post(desk: Desk, form: dict[str, str], signature: str | None = None) -> int:
    made = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}{receipts.MESSAGE}", form)
    headers = {HEADER: made if signature is None else signature}
    return desk.app().test_client().post(receipts.MESSAGE, data=form, headers=headers).status_code


@pytest.mark.parametrize(
    ("status", "code", "receipt"),
    [
        ("delivered", "", Receipt("SM1", "delivered")),
        ("read", "", Receipt("SM1", "delivered")),
        (
            "undelivered",
            "30003",
            Receipt("SM1", "undelivered", "the handset cannot be reached now (Twilio 30003)", True),
        ),
        ("failed", "30005", Receipt("SM1", "failed", "the number does not exist (Twilio 30005)")),
        ("canceled", "", Receipt("SM1", "failed", "the carrier gave no known reason (Twilio without code)")),
        ("failed", "x", Receipt("SM1", "failed", "the carrier gave no known reason (Twilio without code)")),
    ],
)
def test_each_end_of_a_message_is_a_receipt(status: str, code: str, receipt: Receipt) -> None:
    desk = Desk("SM1")
    assert post(desk, FORM | {"MessageStatus": status, "ErrorCode": code}) == 204
    assert desk.taken == [receipt]


@pytest.mark.parametrize("changed", [{"MessageStatus": s} for s in ("queued", "sent", "sending", "x", "")] +
                                    [{"MessageSid": ""}])  # fmt: skip
def test_a_message_under_way_and_a_form_that_says_nothing_are_no_receipts(changed: dict[str, str]) -> None:
    desk = Desk("SM1")
    assert post(desk, FORM | changed) == 204
    assert desk.taken == []


@pytest.mark.parametrize("signature", ["", "bm90IGEgc2lnbmF0dXJl", "ü"])
def test_who_is_not_our_carrier_is_refused(signature: str, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk("SM1")
    with caplog.at_level(logging.WARNING):
        assert post(desk, FORM, signature) == 403
    assert desk.taken == []
    assert "refused unsigned request" in caplog.text
    assert "9826401715" not in caplog.text


def test_a_receipt_of_nobodys_message_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "WAITS_S", (0.0, 0.0))
    desk = Desk()
    assert post(desk, FORM) == 204
    assert len(desk.taken) == 3


def test_a_receipt_that_overtakes_the_carriers_answer_is_not_lost() -> None:
    desk = Desk()
    Timer(0.3, lambda: desk.known.add("SM1")).start()
    assert post(desk, FORM) == 204
    assert len(desk.taken) >= 2
    assert desk.taken[-1].carrier_id in desk.known


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[House, Desk]]:
    house, desk = House(), Desk()
    house.flask.register_blueprint(receipts.blueprint(house.signatures, desk))
    with Running(house):
        yield house, desk


def test_the_exchange_tells_what_became_of_a_message(house: tuple[House, Desk]) -> None:
    exchange, desk = house[0], house[1]
    client = exchange.client(callback=f"{exchange.url}{receipts.MESSAGE}")
    sid = client.send_message(NUMBER, "one")
    desk.known.add(sid)
    until(lambda: Receipt(sid, "delivered") in desk.taken)
    exchange.exchange.switched_off.add(NUMBER)
    sid = client.send_message(NUMBER, "two")
    desk.known.add(sid)
    until(lambda: [r.arrival for r in desk.taken if r.carrier_id == sid])
    assert desk.taken[-1].arrival == "undelivered"
    assert "cannot be reached" in desk.taken[-1].reason


def test_the_exchange_asks_nobody_but_the_application(
    house: tuple[House, Desk], caplog: pytest.LogCaptureFixture
) -> None:
    client = house[0].client(callback="http://127.0.0.1:9/elsewhere")
    with caplog.at_level(logging.WARNING):
        client.send_message(NUMBER, "three")
        until(lambda: "asks nobody else" in caplog.text)
