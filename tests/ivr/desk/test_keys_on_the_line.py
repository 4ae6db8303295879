"""Keys of a caller who waits, pressed on a real line: to a promised call at another number, and back to the bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from booking.desk.presence import Post, come, pause
from ivr.desk.asked import Asked
from models.callbacks import Callback
from tests.ivr.desk.office import Office, office, plays
from tests.ivr.whole import Telephone, at, soon


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    with office(monkeypatch, tmp_path / "var") as house:
        with house.store.begin() as session:  # somebody is at the desk, but nobody takes calls
            now = house.application.clock.now()
            come(session, now, "asha", Post())
            pause(session, now, "asha", "tea")
        yield house


def asked(house: Office, caller: Telephone) -> Asked:
    return Asked.from_json(house.handoff(caller).asked)


async def pressed(house: Office, caller: Telephone, keys: str, question: str) -> None:
    """Press keys and wait until the question that follows is open, and said."""
    spoken = caller.spoken
    await caller.phone.press(keys)
    await soon(lambda: asked(house, caller).question == question, lambda: f"{question}: {asked(house, caller)}")
    await soon(lambda: caller.spoken > spoken, lambda: f"the words of {question}")


def test_a_caller_is_promised_a_call_at_another_number_and_hears_a_goodbye(house: Office) -> None:
    async def scene() -> None:
        caller = await house.asks()
        await soon(lambda: asked(house, caller).rounds, lambda: "the first round")
        await pressed(house, caller, "1", "number")
        await pressed(house, caller, "2", "typing")
        await pressed(house, caller, "9812345678", "number")
        await pressed(house, caller, "1", "slot")
        await caller.phone.press("2")
        await house.state(caller, "callback")
        await soon(lambda: caller.ended, lambda: "the end of the call")
        with house.store.read() as session:
            (promise,) = session.scalars(select(Callback))
        assert promise.number == "+919812345678"

    plays(house, scene)


def test_a_caller_goes_on_with_the_bot_where_it_was_left(house: Office) -> None:
    async def scene() -> None:
        caller = await house.calls()
        await caller.answer(house.store, "language", "हिंदी")
        await caller.answer(house.store, "help", "पैन कार्ड बनवाना है")
        await caller.answer(house.store, "city", "0")
        await soon(lambda: house.of(caller) and asked(house, caller).rounds, lambda: "the first round")
        await caller.phone.press("2")
        await house.state(caller, "returned")
        await caller.asked(house.store, "city")
        await caller.settled()
        await caller.answer(house.store, "city", "दुर्ग")
        await caller.asked(house.store, "day")
        assert at(house.store, caller.phone.call).filled["service"] == "pan_card"
        assert house.happened(house.handoff(caller).id) == ["entered", "returned"]

    plays(house, scene)
