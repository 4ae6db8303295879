"""What the carrier's webhooks tell the queue: who comes back, who has left a room, who has hung up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ivr.bridge import Step
from tests.ivr.carriers.counter import Counter, say
from tests.ivr.carriers.house import House, Running

CALL = "CA" + "1" * 32


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def house(counter: Counter) -> Iterator[House]:
    with Running(House(desk=counter)) as house:
        yield house


def posted(house: House, path: str, **form: str) -> str:
    """The document that a webhook of the call answers."""
    trunk = house.exchange.shared.trunk
    return asyncio.run(trunk.post(path, {"CallSid": CALL, "From": "+919826401715", "To": "14545", **form}))


def test_a_new_call_of_who_has_a_place_goes_straight_to_it(house: House, counter: Counter) -> None:
    counter.kept.add(CALL)
    document = posted(house, "/twilio/voice", CallStatus="ringing")
    assert "/twilio/desk/wait" in document
    assert "<Connect>" not in document


def test_a_call_of_anybody_else_begins_with_the_bot(house: House) -> None:
    assert "<Connect" in posted(house, "/twilio/voice", CallStatus="ringing")


def test_who_has_left_a_room_and_is_on_the_line_hears_what_follows(house: House, counter: Counter) -> None:
    counter.steps["left"] = Step("end", say("goodbye"))
    document = posted(house, "/twilio/desk/left", CallStatus="in-progress")
    assert "<Play>" in document
    assert counter.over == []


def test_who_has_left_a_room_by_hanging_up_is_over(house: House, counter: Counter) -> None:
    document = posted(house, "/twilio/desk/left", CallStatus="completed")
    assert "<Play>" not in document
    assert counter.over == [CALL]


def test_the_queue_hears_of_every_call_that_ends(house: House, counter: Counter) -> None:
    posted(house, "/twilio/voice", CallStatus="ringing")
    posted(house, "/twilio/voice/status", CallStatus="completed", CallDuration="3")
    assert counter.over == [CALL]
