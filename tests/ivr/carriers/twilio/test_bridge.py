"""The handoff over Twilio's contract, through the exchange: from waiting to the talk with an agent, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from ivr.bridge import BridgeFailed, Ring, RoomEvent, Seat, Step
from tests.ivr.carriers.counter import Counter, say
from tests.ivr.carriers.exchange.talkers import A, B, C, Talker, all_speak, hears
from tests.ivr.carriers.house import RINGS_S, House, Running, soon
from tests.pace import TRIES

Test = Callable[["Scene"], Awaitable[None]]


class Scene:
    """A caller who has been handed over and waits, and two agents at their telephones."""

    def __init__(self, house: House, counter: Counter) -> None:
        self.house, self.counter = house, counter
        self.bridge = house.bridge()
        self.citizen: Talker
        self.asha: Talker
        self.ravi: Talker

    async def do(self, deed: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Something that blocks, as the queue does it: off the event loop."""
        return await asyncio.to_thread(deed, *args, **options)

    @property
    def call(self) -> str:
        return self.citizen.phone.call

    def inside(self, room: str = "r1") -> set[str]:
        found = self.house.exchange.shared.rooms.get(room)
        return set(found.members) if found else set()

    async def waits(self) -> None:
        """The caller asks for an agent and waits."""
        await soon(lambda: self.house.calls)
        await self.citizen.phone.press("0")
        await soon(lambda: self.counter.rounds)

    async def accepts(self, agent: Talker, name: str, seat: Seat, key: str = "1") -> str:
        """An agent is called, hears the whisper and presses a key; the leg."""
        self.counter.seats[name] = seat
        agent.heard.clear()
        leg: str = await self.do(self.bridge.ring, Ring(name, f"client:{name}", RINGS_S))
        await agent.answers()
        await soon(lambda: len(agent.heard) > 800)
        await agent.phone.press(key)
        return leg

    async def talk(self) -> str:
        """Asha has accepted, and the caller has been brought to her; her leg."""
        await self.waits()
        leg = await self.accepts(self.asha, "asha", Seat("r1"))
        await soon(lambda: leg in self.inside())
        await self.do(self.bridge.join, self.call, "r1")
        await soon(lambda: self.inside() == {leg, self.call})
        return leg


def through_the_exchange(test: Test) -> Callable[[House], None]:
    def run(house: House) -> None:
        async def whole() -> None:
            assert isinstance(house.desk, Counter)
            scene = Scene(house, house.desk)
            async with AsyncExitStack() as stack:
                scene.citizen = await Talker.caller(house, A)
                scene.asha, scene.ravi = await Talker.named(house, "asha", B), await Talker.named(house, "ravi", C)
                for talker in (scene.citizen, scene.asha, scene.ravi):
                    stack.push_async_callback(talker.close)
                await asyncio.wait_for(test(scene), 60)

        asyncio.run(whole())

    run.__name__ = test.__name__
    return run


@pytest.fixture
def house() -> Iterator[House]:
    with Running(House(desk=Counter())) as house:
        yield house


async def silence(scene: Scene) -> float:
    """The longest that the caller hears nothing in the next minute, which is more than two rounds of waiting."""
    clock, heard, quiet = scene.house.clock, len(scene.citizen.heard), [0.0]
    since = began = clock.steady()
    while clock.steady() - began < 60:
        if len(scene.citizen.heard) > heard:
            quiet.append(clock.steady() - since)
            since, heard = clock.steady(), len(scene.citizen.heard)
        await asyncio.sleep(0.001)
    return max(quiet)


@through_the_exchange
async def test_a_caller_waits_with_announcements_and_music_and_never_in_silence(scene: Scene) -> None:
    await scene.waits()
    for _ in range(TRIES):
        longest = await silence(scene)
        if longest < 4:
            break
    assert longest < 4
    assert len(scene.counter.rounds) >= 3
    assert "you are the first" in scene.house.fetched
    assert scene.call in scene.house.admission.under_way


@through_the_exchange
async def test_an_agent_is_asked_accepts_and_talks_to_the_caller(scene: Scene) -> None:
    leg = await scene.talk()
    assert "whisper asha" in scene.house.fetched
    assert scene.counter.answers == [("asha", True)]
    assert leg not in scene.house.admission.under_way, "an agent's leg is no call of ours"
    await all_speak(scene.house, scene.citizen, scene.asha)
    assert hears(scene.citizen.heard, B)
    assert hears(scene.asha.heard, A)
    await soon(lambda: len(scene.counter.events) > 2)
    kinds = [(e.kind, e.call) for e in scene.counter.events]
    assert kinds == [("entered", leg), ("entered", scene.call), ("began", "")]
    assert [e.state for e in scene.counter.legs] == ["calling", "ringing", "answered"]


@pytest.mark.parametrize(("way", "why"), [("key", "completed"), ("refuses", "busy"), ("no answer", "no-answer")])
def test_an_agent_who_does_not_take_the_call_is_told_of_and_the_caller_waits_on(
    house: House, way: str, why: str
) -> None:
    @through_the_exchange
    async def run(scene: Scene) -> None:
        await scene.waits()
        if way == "key":
            await scene.accepts(scene.asha, "asha", Seat("r1"), key="2")
        else:
            await scene.do(scene.bridge.ring, Ring("asha", "client:asha", 5 if way == "no answer" else RINGS_S))
            await scene.asha.rings()
            if way == "refuses":
                await scene.asha.phone.refuse()
        await soon(lambda: scene.counter.ended("asha") == why)
        assert scene.counter.answers == ([("asha", False)] if way == "key" else [])
        rounds = len(scene.counter.rounds)
        await soon(lambda: len(scene.counter.rounds) > rounds)

    run(house)


@through_the_exchange
async def test_an_agent_who_presses_nothing_has_not_accepted(scene: Scene) -> None:
    await scene.do(scene.bridge.ring, Ring("asha", "client:asha", RINGS_S))
    await scene.asha.answers()
    assert await scene.asha.ended() == "finished"
    assert scene.counter.answers == [("asha", False)]


@through_the_exchange
async def test_ringing_is_given_up_when_the_caller_is_gone(scene: Scene) -> None:
    leg = await scene.do(scene.bridge.ring, Ring("asha", "client:asha", RINGS_S))
    await scene.asha.rings()
    await scene.do(scene.bridge.hang_up, leg)
    await soon(lambda: scene.counter.ended("asha") == "canceled")
    await scene.do(scene.bridge.hang_up, leg)  # over is over


@through_the_exchange
async def test_a_waiting_caller_chooses_by_key_and_goes_back_to_the_bot(scene: Scene) -> None:
    scene.counter.steps["2"] = Step("bot", say("good"))
    await scene.waits()
    scene.house.outcomes[scene.call] = None
    await scene.citizen.phone.press("5")
    await soon(lambda: scene.counter.keys == ["5"])
    await scene.citizen.phone.press("2")
    await soon(lambda: len(scene.house.calls) == 2)
    assert scene.house.calls[-1].start.parameters["conversation"] == "conversation-1"


@through_the_exchange
async def test_a_number_is_keyed_in_one_go_and_a_pause_hands_over_what_there_is(scene: Scene) -> None:
    scene.counter.steps["1"] = Step("wait", say("ten digits"), keys=10)
    scene.counter.steps["98264"] = Step("wait", say("five more"), keys=5)
    await scene.waits()
    await scene.citizen.phone.press("1")
    await soon(lambda: scene.counter.keys == ["1"])
    await soon(lambda: "ten digits" in scene.house.fetched)
    await scene.citizen.phone.press("98264")
    await soon(lambda: scene.counter.keys == ["1", "98264"])
    await soon(lambda: "five more" in scene.house.fetched)
    await scene.citizen.phone.press("01715")
    await soon(lambda: scene.counter.keys == ["1", "98264", "01715"])


@through_the_exchange
async def test_a_wait_can_end_with_goodbye(scene: Scene) -> None:
    scene.counter.steps["waiting"] = Step("end", say("we call you back"))
    await scene.waits()
    assert await scene.citizen.ended() == "finished"
    assert "we call you back" in scene.house.fetched


@through_the_exchange
async def test_when_the_queue_fails_the_caller_hears_music_and_is_asked_about_again(scene: Scene) -> None:
    await scene.waits()
    scene.counter.broken = True
    heard, rounds = len(scene.citizen.heard), len(scene.counter.rounds)
    await scene.house.clock.sleep(40)
    assert len(scene.citizen.heard) > heard + 8000 * 20
    scene.counter.broken = False
    await soon(lambda: len(scene.counter.rounds) > rounds)


@through_the_exchange
async def test_hold_mute_and_an_announcement(scene: Scene) -> None:
    leg = await scene.talk()
    await scene.do(scene.bridge.hold, "r1", scene.call, on=True)
    assert [(m.call, m.held) for m in await scene.do(scene.bridge.members, "r1")] == [(leg, False), (scene.call, True)]
    await scene.house.clock.sleep(1)
    await all_speak(scene.house, scene.citizen, scene.asha)
    assert hears(scene.asha.heard)
    assert len(scene.citizen.heard) > 8000, "music"
    await scene.do(scene.bridge.hold, "r1", scene.call, on=False)
    await scene.do(scene.bridge.mute, "r1", leg, on=True)
    await all_speak(scene.house, scene.citizen, scene.asha)
    assert hears(scene.citizen.heard)
    assert hears(scene.asha.heard, A)
    await scene.do(scene.bridge.mute, "r1", leg, on=False)
    scene.citizen.heard.clear()
    await scene.do(scene.bridge.announce, "r1", scene.call, say("still there")[0])
    await soon(lambda: len(scene.citizen.heard) > 4000)
    assert [e.kind for e in scene.counter.events[3:]] == ["held", "resumed", "muted", "unmuted"]


@through_the_exchange
async def test_a_second_agent_is_added_and_the_first_leaves_them_alone(scene: Scene) -> None:
    first = await scene.talk()
    second = await scene.accepts(scene.ravi, "ravi", Seat("r1"))
    await soon(lambda: second in scene.inside())
    await all_speak(scene.house, scene.citizen, scene.asha, scene.ravi)
    assert hears(scene.citizen.heard, B, C)
    await scene.do(scene.bridge.remove, "r1", first)
    assert await scene.asha.ended() == "finished"
    assert scene.inside() == {second, scene.call}


@through_the_exchange
async def test_a_supervisor_listens_whispers_to_the_agent_and_joins(scene: Scene) -> None:
    agent = await scene.talk()
    scene.counter.seats["boss"] = Seat("r1", "listen")
    leg = await scene.do(scene.bridge.ring, Ring("boss", "client:ravi", RINGS_S, asks=False))
    await scene.ravi.answers()
    await soon(lambda: leg in scene.inside())
    people = (scene.citizen, scene.asha, scene.ravi)
    await all_speak(scene.house, *people)
    assert hears(scene.ravi.heard, A, B)
    assert hears(scene.citizen.heard, B)
    assert hears(scene.asha.heard, A)
    await scene.do(scene.bridge.seat, Seat("r1", "whisper", agent), leg)
    await all_speak(scene.house, *people)
    assert hears(scene.citizen.heard, B)
    assert hears(scene.asha.heard, A, C)
    await scene.do(scene.bridge.seat, Seat("r1"), leg)
    await all_speak(scene.house, *people)
    assert hears(scene.citizen.heard, B, C)
    await scene.do(scene.bridge.seat, Seat("r1", "listen"), leg)
    await all_speak(scene.house, *people)
    assert hears(scene.citizen.heard, B)


@through_the_exchange
async def test_the_agent_gives_the_caller_back_to_the_bot(scene: Scene) -> None:
    await scene.talk()
    scene.house.outcomes[scene.call] = None
    await scene.do(scene.bridge.back, scene.call)
    assert await scene.asha.ended() == "finished"
    await soon(lambda: len(scene.house.calls) == 2)
    scene.citizen.heard.clear()
    await soon(lambda: scene.citizen.heard)
    await soon(lambda: ("ended", "") in [(e.kind, e.call) for e in scene.counter.events])


@through_the_exchange
async def test_the_caller_is_passed_on_to_the_queue_and_waits_again(scene: Scene) -> None:
    await scene.talk()
    rounds = len(scene.counter.rounds)
    await scene.do(scene.bridge.wait, scene.call)
    await soon(lambda: len(scene.counter.rounds) > rounds)
    assert await scene.asha.ended() == "finished"


@pytest.mark.parametrize("way", ["wait", "bot", "end"])
def test_after_the_agent_has_ended_the_room_the_queue_says_what_follows(house: House, way: Any) -> None:
    @through_the_exchange
    async def run(scene: Scene) -> None:
        await scene.talk()
        rounds = len(scene.counter.rounds)
        scene.counter.steps["left"] = Step(way)
        await scene.do(scene.bridge.end, "r1")
        await scene.do(scene.bridge.end, "r1")
        assert await scene.asha.ended() == "finished"
        if way == "wait":
            await soon(lambda: len(scene.counter.rounds) > rounds)
        elif way == "bot":
            await soon(lambda: len(scene.house.calls) == 2)
        else:
            assert await scene.citizen.ended() == "finished"

    run(house)


@through_the_exchange
async def test_when_the_caller_hangs_up_the_agents_leg_ends(scene: Scene) -> None:
    await scene.talk()
    await scene.citizen.phone.hang_up()
    assert await scene.asha.ended() == "finished"
    await soon(lambda: scene.counter.ended("asha") == "completed")
    await soon(lambda: scene.house.closed)


@through_the_exchange
async def test_when_the_agent_is_cut_off_the_queue_learns_of_it_and_the_caller_is_still_there(scene: Scene) -> None:
    leg = await scene.talk()
    scene.asha.phone.socket.transport.abort()
    await soon(lambda: RoomEvent("r1", "left", leg) in scene.counter.events)
    assert scene.inside() == {scene.call}
    await soon(lambda: scene.counter.ended("asha") == "completed")


@through_the_exchange
async def test_what_is_gone_fails_for_good_and_is_no_fault_to_end(scene: Scene) -> None:
    leg = await scene.talk()
    for deed in (
        lambda: scene.bridge.hold("r9", scene.call, on=True),
        lambda: scene.bridge.mute("r1", "CA" + "9" * 32, on=True),
        lambda: scene.bridge.join("CA" + "9" * 32, "r1"),
        lambda: scene.bridge.ring(Ring("t", "12")),
    ):
        with pytest.raises(BridgeFailed) as failed:
            await scene.do(deed)
        assert failed.value.permanent
    assert await scene.do(scene.bridge.members, "r9") == ()
    assert leg in scene.inside()


@through_the_exchange
async def test_a_room_of_the_same_name_is_found_anew(scene: Scene) -> None:
    leg = await scene.talk()
    await scene.do(scene.bridge.mute, "r1", leg, on=True)
    await scene.do(scene.bridge.wait, scene.call)
    await scene.asha.ended()
    second = await scene.accepts(scene.ravi, "ravi", Seat("r1"))
    await soon(lambda: second in scene.inside())
    await scene.do(scene.bridge.mute, "r1", second, on=True)


@through_the_exchange
async def test_from_the_decision_to_ringing_takes_less_than_a_second(scene: Scene) -> None:
    await scene.waits()
    loop, took = asyncio.get_running_loop(), []
    for times in range(1, TRIES + 1):
        began = loop.time()
        await scene.do(scene.bridge.ring, Ring("asha", "client:asha", RINGS_S))
        await scene.asha.rings(times)
        took.append(loop.time() - began)
        if took[-1] < 1:
            break
        await scene.asha.phone.refuse()
        await scene.asha.ended()
    assert took[-1] < 1
    assert set(scene.asha.rang) == {"+917710014545"}


def test_a_token_is_for_one_name_and_a_bad_name_gets_none(house: House) -> None:
    assert house.bridge().token("asha").count(".") == 2
    with pytest.raises(ValueError, match="letters"):
        house.bridge().token("asha/../x")


def test_an_unreachable_carrier_is_tried_again() -> None:
    house = House()
    house.url = "http://127.0.0.1:9"
    with pytest.raises(BridgeFailed) as failed:
        house.bridge().wait("CA1")
    assert not failed.value.permanent
