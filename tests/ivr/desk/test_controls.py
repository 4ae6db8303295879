"""What an agent does with a call: hold, a second agent, another agent or queue, back to the bot, the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booking.desk.line import FIRST
from booking.errors import BadValue, NotAllowed, NotFound
from ivr.desk.facts import Seated
from tests.ivr.desk.office import Office, plays
from tests.ivr.whole import Telephone, at, soon

OTHER = "+919826401799"


async def together(house: Office, caller: Telephone, how_many: int) -> None:
    await soon(lambda: len(house.members(caller)) == how_many, lambda: f"{how_many}, {house.members(caller)}")


def test_a_caller_is_held_and_an_agent_muted_and_the_pages_know(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        controls = house.application.controls
        assert controls.state(handoff) == (Seated("caller", "talks"), Seated("asha", "talks"))
        controls.hold("asha", handoff, True)
        controls.mute("asha", handoff, True)
        held = {m.call: m.held for m in house.members(caller)}
        assert held == {caller.phone.call: True, house.presence("asha").leg: False}
        assert [m.muted for m in house.members(caller) if m.call != caller.phone.call] == [True]
        expected = (Seated("caller", "talks", held=True), Seated("asha", "talks", muted=True))
        assert controls.state(handoff) == expected
        controls.hold("asha", handoff, False)
        controls.mute("asha", handoff, False)
        assert not any(m.held or m.muted for m in house.members(caller))
        assert controls.state(handoff) == (Seated("caller", "talks"), Seated("asha", "talks"))

    plays(house, scene)


def test_a_second_agent_joins_and_the_first_one_leaves(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla, controls = await house.agent("bimla"), house.application.controls
        controls.invite("asha", handoff, "bimla")
        await bimla.rings()
        assert controls.state(handoff)[2] == Seated("bimla", "rings")
        await bimla.phone.answer()
        await together(house, caller, 3)
        assert house.handoff(caller).agent == "asha"
        controls.leave("asha", handoff)
        await asha.quiet()
        await together(house, caller, 2)
        assert house.handoff(caller).agent == "bimla"
        controls.hang_up("bimla", handoff)
        await soon(lambda: caller.ended, lambda: "the end")
        assert [house.presence(a).state for a in ("asha", "bimla")] == ["wrap_up", "wrap_up"]

    plays(house, scene)


def test_a_second_agent_who_does_not_come_is_no_loss(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla, controls = await house.agent("bimla"), house.application.controls
        controls.invite("asha", handoff, "bimla")
        await bimla.rings()
        await bimla.phone.refuse()
        await bimla.is_("ready")
        assert house.handoff(caller).state == "talking"
        controls.invite("asha", handoff, "bimla")
        await bimla.rings()
        controls.refuse("bimla", handoff)
        await bimla.quiet()
        assert len(house.members(caller)) == 2

    plays(house, scene)


def test_a_call_is_given_to_another_agent(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla, controls = await house.agent("bimla"), house.application.controls
        controls.to_agent("asha", handoff, "bimla", "knows the office in Raipur")
        await asha.quiet()
        await house.talk(caller, bimla)
        assert not caller.ended
        assert house.presence("asha").state == "wrap_up"
        controls.finish("asha", handoff, "other", "given on to bimla")
        assert house.presence("asha").state == "ready"
        assert house.handoff(caller).disposition is None, "that is for bimla to say"

    plays(house, scene)


def test_an_agent_who_does_not_take_a_transfer_makes_the_caller_the_first_in_line(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla = await house.agent("bimla")
        house.application.controls.to_agent("asha", handoff, "bimla", "")
        await bimla.rings()
        chitra = await house.agent("chitra")
        await bimla.phone.refuse()
        await house.talk(caller, chitra)

    plays(house, scene)


def test_a_call_is_given_to_a_queue_ahead_of_those_who_wait(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        other = await house.asks(OTHER)
        house.application.controls.to_queue("asha", handoff, "complaints", "a bribe was asked for")
        await asha.quiet()
        await house.state(caller, "waiting")
        assert (house.handoff(caller).queue, house.handoff(caller).priority) == ("complaints", FIRST)
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)
        assert house.handoff(other).state == "waiting"

    plays(house, scene)


@pytest.mark.parametrize("node", ["city", ""])
def test_a_caller_goes_back_to_the_bot(house: Office, node: str) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        before = caller.spoken
        house.application.controls.back("asha", handoff, node)
        await asha.quiet()
        await house.state(caller, "returned")
        if node:
            await caller.asked(house.store, node)
        await soon(lambda: caller.spoken > before, lambda: "the bot speaks")
        assert at(house.store, caller.phone.call).ended is None
        assert house.presence("asha").state == "wrap_up"
        asha.is_ready()
        await caller.type("0")
        await soon(lambda: house.handoff(caller).id != handoff, lambda: "another handoff")
        await house.talk(caller, asha)

    plays(house, scene)


def test_the_end_of_a_call_is_a_goodbye(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        heard = len(caller.phone.audio)
        house.application.controls.finish("asha", handoff, "answered", "")
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert caller.phone.audio[heard:].strip(b"\xff\x7f")
        await asha.quiet()
        await asha.is_("ready")
        house.application.controls.hang_up("asha", handoff)

    plays(house, scene)


def test_nobody_else_can_do_anything_with_a_call(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla = await house.agent("bimla")
        do = house.application.controls
        deeds: list[Callable[[], None]] = [
            lambda: do.hold("bimla", handoff, True),
            lambda: do.mute("bimla", handoff, True),
            lambda: do.invite("bimla", handoff, "bimla"),
            lambda: do.to_agent("bimla", handoff, "bimla", ""),
            lambda: do.to_agent("asha", handoff, "asha", ""),
            lambda: do.to_queue("bimla", handoff, "general", ""),
            lambda: do.back("bimla", handoff, ""),
            lambda: do.hang_up("bimla", handoff),
            lambda: do.leave("asha", handoff),
            lambda: do.finish("bimla", handoff, "other", ""),
            lambda: do.refuse("bimla", handoff),
        ]
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()
        with pytest.raises(NotFound):
            do.back("asha", handoff, "no such question")
        with pytest.raises(NotFound):
            do.hold("asha", 999_999, True)
        with pytest.raises(BadValue):
            do.finish("asha", handoff, "whatever", "")
        assert len(house.members(caller)) == 2
        assert bimla.rang == 0

    plays(house, scene)
