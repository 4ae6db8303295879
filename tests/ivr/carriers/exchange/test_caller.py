"""A scripted caller on a real line: speaks when the bot has spoken, and tells what was not as expected."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ivr.carriers.exchange.caller import Caller, Means
from ivr.carriers.exchange.phone import Phone
from ivr.script import Script, parse
from ivr.speech import wav
from tests.ivr.carriers.house import TONE, House, Running

SPEED = 20.0


@pytest.fixture
def house() -> Iterator[House]:
    with Running(House(speed=SPEED)) as house:
        yield house


def follow(house: House, script: Script, folder: Path = Path()) -> tuple[Phone, list[str]]:
    """The call of a script; what is spoken is a tone, what the bot says is "one", "two" … a prompt."""

    async def voice(text: str, language: str) -> bytes:
        return TONE if language == "en" else TONE * 2

    async def heard() -> Sequence[str]:
        played = sum(event.startswith(("mark", "typed")) for call in house.calls for event in call.events)
        return ["one", "two", "three", "four", "five"][:played]

    async def run() -> tuple[Phone, list[str]]:
        async with await Phone.dial("ws" + house.url[4:], caller=script.caller, agent=script.agent) as phone:
            caller = Caller(phone, script, Means(voice, heard, folder, SPEED))
            await caller.run()
            return phone, caller.problems

    return asyncio.run(run())


def test_every_act_is_done_in_its_turn(house: House, tmp_path: Path) -> None:
    wav.write_wav(tmp_path / "clip.wav", b"\x00\x20" * 4000)
    script = parse(
        "language: en\nturns: [{hears: one, type: hello}, {wait: 1}, {type: again}, {keys: 7},"
        " {say: yes}, {keys: 7}, {audio: clip.wav}, {keys: 3}]"
    )
    phone, problems = follow(house, script, tmp_path)
    assert problems == []
    assert phone.reason == "finished"
    events = [event for event in house.calls[0].events if event != "mark m1"]
    assert events == [
        "typed hello",
        "mark typed",
        "typed again",
        "mark typed",
        "key 7",
        "mark long",
        "mark heard",
        "key 7",
        "mark long",
        "mark heard",
        "key 3",
        "gone",
    ]


def test_clips_and_spoken_turns_reach_the_call(house: House, tmp_path: Path) -> None:
    wav.write_wav(tmp_path / "clip.wav", b"\x00\x20" * 4000)
    follow(house, parse("language: en\nturns: [{say: yes}, {hang_up: true}]"), tmp_path)
    follow(house, parse("language: hi\nturns: [{say: yes}, {hang_up: true}]"), tmp_path)
    follow(house, parse("turns: [{audio: clip.wav}, {hang_up: true}]"), tmp_path)
    assert [call.loud for call in house.calls] == [len(TONE) // 160, 2 * len(TONE) // 160, 25]


def test_what_was_not_heard_is_told_with_its_line(house: House) -> None:
    _, problems = follow(house, parse("turns:\n  - hears: [one, seven]\n    keys: 3\nexpect: {hears: bye}"))
    assert problems == ["turn 1 (line 2): 'seven' was not heard", "after the last turn 'bye' was not heard"]


def test_a_call_that_ends_too_early_is_told(house: House) -> None:
    _, problems = follow(house, parse("turns:\n  - keys: 3\n  - keys: 1"))
    assert problems == ["the call ended (finished) before turn 2 (line 3)"]
