"""A supervisor listens, whispers to the agent, joins, and leaves."""

from __future__ import annotations

import pytest

from booking.errors import NotAllowed
from ivr.bridge import Member
from ivr.desk.facts import Seated
from tests.ivr.desk.office import Agent, Office, plays
from tests.ivr.whole import Telephone, soon


async def listens(house: Office, caller: Telephone, handoff: int) -> Agent:
    """A supervisor's telephone, through which the call is listened to."""
    meera = await house.supervisor("meera")
    house.application.controls.supervise("meera", handoff, "listen")
    await meera.answers()
    await soon(lambda: len(house.members(caller)) == 3, lambda: "three in the room")
    return meera


def third(house: Office, caller: Telephone) -> Member:
    """The supervisor in the caller's room."""
    own = {caller.phone.call, house.presence("asha").leg}
    return next(m for m in house.members(caller) if m.call not in own)


def test_a_supervisor_listens_whispers_joins_and_leaves(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        meera, controls = await listens(house, caller, handoff), house.application.controls
        assert third(house, caller).muted
        assert controls.state(handoff)[-1] == Seated("meera", "listen")
        controls.supervise("meera", handoff, "whisper")
        assert (third(house, caller).muted, third(house, caller).whispers) == (False, True)
        controls.supervise("meera", handoff, "join")
        assert (third(house, caller).muted, third(house, caller).whispers) == (False, False)
        assert controls.state(handoff)[-1] == Seated("meera", "join")
        assert meera.rang == 1
        controls.unsupervise("meera", handoff)
        await meera.quiet()
        await soon(lambda: len(house.members(caller)) == 2, lambda: "two in the room")
        assert [s.who for s in controls.state(handoff)] == ["caller", "asha"]
        assert house.happened(handoff)[-4:] == ["supervised", "supervised", "supervised", "unsupervised"]

    plays(house, scene)


def test_a_supervisor_who_puts_the_receiver_down_is_out_and_may_come_again(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        meera = await listens(house, caller, handoff)
        await meera.phone.hang_up()
        controls = house.application.controls
        await soon(lambda: len(controls.state(handoff)) == 2, lambda: "out of the call")
        controls.supervise("meera", handoff, "whisper")
        await meera.answers()
        await soon(lambda: len(house.members(caller)) == 3, lambda: "in the room again")
        assert third(house, caller).whispers
        await caller.leave()
        await meera.quiet()
        left = "the end for the supervisor, too"
        await soon(lambda: house.happened(handoff).count("unsupervised") == 2, lambda: left)

    plays(house, scene)


def test_whoever_whispers_does_so_to_the_agent_whose_call_it_becomes(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla, controls = await house.agent("bimla"), house.application.controls
        controls.invite("asha", handoff, "bimla")
        await bimla.answers()
        await soon(lambda: len(house.members(caller)) == 3, lambda: "three in the room")
        meera = await house.supervisor("meera")
        controls.supervise("meera", handoff, "whisper")
        await meera.answers()
        await soon(lambda: len(house.members(caller)) == 4, lambda: "four in the room")
        controls.leave("asha", handoff)
        exchange = house.application.exchange
        assert exchange is not None
        room = exchange.shared.rooms[f"handoff-{handoff}"]
        leg = house.presence("bimla").leg
        await soon(lambda: leg in [m.coached for m in room.members.values()], lambda: "whispers to bimla")

    plays(house, scene)


def test_only_a_talk_can_be_listened_to(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.waits(caller, asha)
        meera = await house.supervisor("meera")
        with pytest.raises(NotAllowed):
            house.application.controls.supervise("meera", handoff, "listen")
        house.application.controls.unsupervise("meera", handoff)
        assert meera.rang == 0

    plays(house, scene)


def test_who_takes_the_receiver_up_after_the_call_hears_nothing(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        meera = await house.supervisor("meera")
        house.application.controls.supervise("meera", handoff, "listen")
        await meera.rings()
        await caller.leave()
        await house.state(caller, "done")
        await meera.phone.answer()
        await meera.quiet()
        await soon(lambda: "unsupervised" in house.happened(handoff), lambda: "out")

    plays(house, scene)
