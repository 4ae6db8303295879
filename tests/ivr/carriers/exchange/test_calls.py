"""Whole calls through the exchange, from a telephone to the application and back, on a real server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from ivr.carriers.exchange.phone import Cue, Phone, Sms, State
from tests.ivr.carriers.house import PATIENCE_S, TONE, House, Running, soon
from tests.pace import at_best

SPEECH = bytes(range(40, 120)) * 100  # 1 s that is not silence


@pytest.fixture
def house() -> Iterator[House]:
    with Running(House()) as house:
        yield house


@pytest.fixture
def keypad() -> Iterator[House]:
    with Running(House(speech=False)) as house:
        yield house


async def dial(house: House, **options: str) -> Phone:
    return await Phone.dial("ws" + house.url[4:], **options)


async def hears(phone: Phone, name: str = "quiet") -> None:
    """Wait for a cue."""
    while (event := await phone.next(PATIENCE_S)) is not None:
        if event == Cue(name):
            return
    raise AssertionError(f"the call ended ({phone.reason}) before {name}")


async def ends(phone: Phone) -> str:
    async for _ in phone.events():
        pass
    return phone.reason


def test_a_call_is_answered_heard_and_ended_by_the_bot(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone:
            await hears(phone)
            assert phone.audio == TONE
            await phone.press("3")
            assert await ends(phone) == "finished"
            assert phone.conversation == "conversation-1"
        sid, status, seconds = house.closed[0]
        assert (sid, status) == (phone.call, "completed")
        assert seconds >= 1
        assert house.calls[0].events == ["mark m1", "key 3", "gone"]

    asyncio.run(run())


def test_what_the_caller_says_reaches_the_call_whole(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone:
            await hears(phone)
            await phone.say(SPEECH)
            await hears(phone, "said")
            await phone.hang_up()
            assert await ends(phone) == "hung up"
        call = house.calls[0]
        assert call.loud == len(SPEECH) // 160
        assert call.frames > call.loud
        assert call.events[-1] == "gone"

    asyncio.run(run())


def test_typed_words_are_passed_on(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone:
            await hears(phone)
            await phone.type("जन्म प्रमाण पत्र")
            await hears(phone)
        await soon(lambda: house.closed)
        assert "typed जन्म प्रमाण पत्र" in house.calls[0].events

    asyncio.run(run())


def test_a_clear_stops_the_sound_and_gives_its_mark_back_at_once(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone:
            await hears(phone)
            await phone.press("7")
            await hears(phone, "speaking")
            await phone.press("8")
            await hears(phone, "clear")
            await soon(lambda: "mark long" in house.calls[0].events)
            assert len(phone.audio) < len(TONE) * 11

    asyncio.run(run())


def test_a_caller_who_vanishes_is_a_caller_who_hung_up(house: House) -> None:
    async def run() -> None:
        phone = await dial(house)
        await hears(phone)
        phone.socket.transport.abort()
        await soon(lambda: house.closed and not house.exchange.calls)
        await soon(lambda: house.calls[0].events[-1] == "gone")

    asyncio.run(run())


def test_a_lost_socket_is_connected_again(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone:
            await hears(phone)
            await phone.press("5")
            await hears(phone)
            await phone.press("9")  # a fault in the call is as good as a lost socket
            await hears(phone)
            await phone.press("3")
            assert await ends(phone) == "finished"
        assert [call.start.parameters["conversation"] for call in house.calls] == ["conversation-1"] * 3
        assert len({call.start.stream_sid for call in house.calls}) == 3

    asyncio.run(run())


@pytest.mark.parametrize(("agent", "dialled"), [("no-answer", 1), ("busy", 1)])
def test_where_no_agent_answers_the_conversation_goes_on(house: House, agent: str, dialled: int) -> None:
    async def run() -> None:
        async with await dial(house, agent=agent) as phone:
            await hears(phone)
            await phone.press("0")
            while (event := await phone.next(10)) and not (isinstance(event, State) and event.state == "agent"):
                pass
            await hears(phone, "quiet")
            await soon(lambda: len(house.calls) == 2)
            await hears(phone, "quiet")
            house.outcomes[phone.call] = None
            await phone.press("3")
            assert await ends(phone) == "finished"
        assert len(house.dials) == dialled

    asyncio.run(run())


def test_an_agent_who_answers_ends_the_bots_part(house: House) -> None:
    async def run() -> None:
        async with await dial(house, agent="completed") as phone:
            await hears(phone)
            await phone.press("0")
            states = []
            async for event in phone.events():
                if isinstance(event, State):
                    states.append((event.state, event.reason))
            assert states == [("agent", "ringing"), ("agent", "answered"), ("ended", "finished")]
        assert house.dials == []

    asyncio.run(run())


def test_a_call_by_keypad_alone_goes_through_questions_digits_and_a_note(keypad: House) -> None:
    async def run() -> None:
        async with await dial(keypad) as phone:
            await hears(phone)
            await phone.press("1")
            await hears(phone)
            await phone.press("492001")
            await hears(phone)
            await phone.press("2")
            await hears(phone)  # the prompt
            await hears(phone)  # the beep
            await phone.say(SPEECH * 2)
            await hears(phone, "said")
            await phone.press("#")
            await hears(phone)
            await phone.press("3")
            assert await ends(phone) == "finished"
        said = keypad.talks[phone.call].said
        assert said == ["begin", "keyed 1", "keyed 492001", "keyed 2", "recorded True True", "keyed 3"]
        assert {"welcome", "pin", "again", "note", "thanks", "bye"} <= keypad.fetched

    asyncio.run(run())


def test_by_keypad_silence_is_an_answer_and_an_empty_note_is_told(keypad: House) -> None:
    async def run() -> None:
        async with await dial(keypad) as phone:
            await hears(phone)
            await hears(phone)  # six seconds later: still there?
            await phone.press("2")
            await soon(lambda: "recorded False False" in keypad.talks[phone.call].said)
            assert "silent" in keypad.talks[phone.call].said

    asyncio.run(run())


def test_a_key_stops_the_keypads_prompt(keypad: House) -> None:
    async def run() -> None:
        async with await dial(keypad) as phone:
            await hears(phone, "speaking")
            await phone.press("3")
            await hears(phone, "clear")
            assert await ends(phone) == "finished"

    asyncio.run(run())


def test_a_wrong_number_rings_and_ends(house: House) -> None:
    async def run() -> None:
        async with await dial(house, to="112") as phone:
            assert await ends(phone) == "wrong-number"
        assert house.opened == []
        assert house.closed == []

    asyncio.run(run())


def test_a_failing_application_ends_the_call_with_a_reason(house: House) -> None:
    async def run() -> None:
        house.exchange.shared.trunk.__dict__["voice"] = "/twilio/nowhere"
        async with await dial(house) as phone:
            last = None
            async for event in phone.events():
                last = event
            assert isinstance(last, State)
            assert (last.reason, last.detail) == ("failed", "/twilio/nowhere answered 404")

    asyncio.run(run())


def test_a_message_reaches_the_telephone_during_and_after_the_call(house: House) -> None:
    async def run() -> None:
        async with await dial(house) as phone, await dial(house, caller="+917000000001") as other:
            await hears(phone)
            await asyncio.to_thread(house.client().send_message, "+919826401715", "one")
            await soon(lambda: house.exchange.messages)
            await phone.hang_up()
            await ends(phone)
            await asyncio.to_thread(house.client().send_message, "+919826401715", "two")
            assert await phone.next(PATIENCE_S) == Sms("two")
            assert phone.texts == ["one", "two"]
            await other.hang_up()
            await ends(other)
            assert other.texts == []

    asyncio.run(run())


def test_time_runs_at_the_clocks_speed(house: House) -> None:
    async def run() -> float:
        async with await dial(house) as phone:
            await hears(phone)
            began = time.monotonic()
            await phone.press("7")
            await hears(phone)
            return time.monotonic() - began

    took = at_best(lambda: asyncio.run(run()), lambda took: took < 3 * 6 / 20)
    assert 0.9 * 6 / 20 < took < 3 * 6 / 20  # 6 s of sound at speed 20


def test_thirty_calls_at_once_are_all_heard(house: House) -> None:
    async def one(n: int) -> int:
        async with await dial(house, caller=f"+9198264{n:05}") as phone:
            await hears(phone)
            await phone.press("3")
            assert await ends(phone) == "finished"
            return len(phone.audio)

    async def run() -> None:
        assert await asyncio.gather(*(one(n) for n in range(30))) == [len(TONE)] * 30

    asyncio.run(run())
    assert len(house.closed) == 30
