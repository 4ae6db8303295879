"""The REST client against the exchange's REST, and the table of failures."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import pytest

from booking.errors import AccountRefused, SendFailed
from ivr.carriers.exchange.recordings import wav_of
from ivr.carriers.twilio import errors
from ivr.carriers.twilio.client import TwilioClient
from ivr.carriers.twilio.rest import Account
from tests.ivr.carriers.house import House, Running

NUMBER = "+919826401715"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Running(House()) as house:
        yield house


def test_a_message_is_taken_and_can_be_read_by_its_receiver_only(house: House) -> None:
    sid = house.client().send_message(NUMBER, "मितान: बुकिंग 12345678")
    assert sid.startswith("SM")
    with urllib.request.urlopen(f"{house.url}/exchange/messages?to=%2B919826401715") as answer:
        assert "बुकिंग 12345678" in answer.read().decode()
    with urllib.request.urlopen(f"{house.url}/exchange/messages?to=%2B919826401716") as answer:
        assert answer.read() == b'{"messages":[]}'
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(f"{house.url}/exchange/messages")


def test_a_message_that_was_taken_is_found_again_by_its_text_and_time(house: House) -> None:
    client, before = house.client(), house.clock.now() - timedelta(minutes=1)
    sid = client.send_message(NUMBER, "मितान: बुकिंग 87654321")
    client.send_message("+919826401716", "मितान: बुकिंग 55555555")
    assert client.sent_message(NUMBER, "मितान: बुकिंग 87654321", before) == sid
    assert client.sent_message(NUMBER, "मितान: बुकिंग 87654321", house.clock.now() + timedelta(hours=1)) is None
    assert client.sent_message(NUMBER, "मितान: बुकिंग 55555555", before) is None


@pytest.mark.parametrize(("to", "text"), [("12345", "hello"), (NUMBER, ""), (NUMBER, "x" * 1601)])
def test_a_message_that_can_never_be_sent_fails_for_good(house: House, to: str, text: str) -> None:
    with pytest.raises(SendFailed) as failed:
        house.client().send_message(to, text)
    assert failed.value.permanent
    assert NUMBER not in str(failed.value)


def test_wrong_credentials_are_our_affair_and_say_nothing_about_the_message(house: House) -> None:
    client = TwilioClient(Account(house.exchange.shared.trunk.account_sid, "wrong", NUMBER, house.url))
    before = house.clock.now() - timedelta(minutes=1)
    for ask in (
        lambda: client.send_message(NUMBER, "hello"),
        lambda: client.send_whatsapp("+15005550006", NUMBER, "hello", ("", {})),
        lambda: client.sent_message(NUMBER, "hello", before),
    ):
        with pytest.raises(AccountRefused, match="check TWILIO_ACCOUNT_SID") as failed:
            ask()
        assert not failed.value.permanent


@pytest.mark.parametrize(
    ("code", "status", "ours"),
    [
        (20003, 401, True),
        (20404, 404, True),
        (None, 401, True),
        (99999, 403, True),
        (None, 404, True),
        (21606, 400, True),
        (30002, 400, True),
        (21610, 403, False),
        (21211, 400, False),
        (20429, 429, False),
        (None, 400, False),
        (None, 503, False),
        (None, 0, False),
    ],
)
def test_what_is_wrong_with_our_account_is_told_from_what_is_wrong_with_a_message(
    code: int | None, status: int, ours: bool
) -> None:
    assert errors.ours(code, status) is ours


def test_a_carrier_that_cannot_be_reached_is_tried_again() -> None:
    client = TwilioClient(Account("AC1", "token", NUMBER, "http://127.0.0.1:9"))
    with pytest.raises(SendFailed) as failed:
        client.send_message(NUMBER, "hello")
    assert not failed.value.permanent


def test_a_recording_is_fetched_and_one_that_is_not_there_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.carriers.twilio.client.RECORDING_WAITS_S", (0.0,))
    sid = house.exchange.shared.recordings.keep(b"\x10" * 800)
    account = house.exchange.shared.trunk.account_sid
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/"
    assert house.client().fetch_recording(url + sid) == wav_of(b"\x10" * 800)
    with pytest.raises(SendFailed):
        house.client().fetch_recording(url + "RE0")
    with pytest.raises(SendFailed, match="outside"):
        house.client().fetch_recording("https://api.twilio.com.evil.example/RE0")


@pytest.mark.parametrize(
    ("code", "status", "permanent"),
    [
        (21610, 400, True),
        (21211, 400, True),
        (20429, 429, False),
        (30003, 400, False),
        (None, 429, False),
        (None, 500, False),
        (None, 503, False),
        (None, 404, True),
        (99999, 400, True),
        (99999, 502, False),
    ],
)
def test_failures_are_permanent_or_worth_another_try(code: int | None, status: int, permanent: bool) -> None:
    assert errors.permanent(code, status) is permanent
    assert errors.reason(code, status)


def test_no_code_is_both_permanent_and_retryable() -> None:
    assert not errors.PERMANENT.keys() & errors.RETRYABLE.keys()
