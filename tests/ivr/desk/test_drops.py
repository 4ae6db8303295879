"""Lines that break: a caller who waits keeps the place, one whose agent is lost is the first in line."""

from __future__ import annotations

from booking.desk.line import FIRST
from tests.ivr.desk.office import CALLER, Office, plays
from tests.ivr.whole import at, soon

NUMBER, OTHER = "+919812300001", "+919826401799"


def test_who_hangs_up_while_waiting_goes_straight_back_to_the_place_by_a_new_call(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks(CALLER)
        handoff = await house.waits(caller, asha)
        await caller.leave()
        await asha.quiet()
        await asha.is_("ready")
        row = house.handoff(caller)
        assert row.dropped_at is not None
        other = await house.asks(OTHER)
        await house.waits(other, asha)
        again = await house.calls(CALLER)
        await soon(lambda: house.of(again) is not None, lambda: "the place")
        row = house.handoff(again)
        assert (row.id, row.dropped_at, row.state) == (handoff, None, "waiting")
        assert house.happened(handoff)[-1] == "came_back"
        assert at(house.store, again.phone.call).ended == "handoff", "the new conversation takes over the old one"
        bimla = await house.agent("bimla")
        await house.talk(again, bimla)

    plays(house, scene)


def test_another_number_begins_with_the_bot(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks(CALLER)
        await house.waits(caller, asha)
        await caller.leave()
        other = await house.calls(OTHER)
        await soon(lambda: at(house.store, other.phone.call).node, lambda: "the bot asks")
        assert house.of(other) is None

    plays(house, scene)


def test_an_agents_page_that_is_loaded_again_makes_the_caller_the_first_in_line(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        await asha.close()
        await house.state(caller, "waiting")
        row = house.handoff(caller)
        assert (row.priority, row.refusals) == (FIRST, ["asha"])
        assert house.happened(handoff)[-1] == "lost"
        assert house.presence("asha").state == "wrap_up"
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)
        assert not caller.ended

    plays(house, scene)


def test_a_receiver_that_is_put_down_ends_the_talk(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha", NUMBER)
        caller = await house.asks()
        await house.waits(caller, asha)
        await asha.phone.answer()
        await soon(lambda: len(asha.heard) > 2000, lambda: "the whisper")
        await asha.phone.press("1")
        await soon(lambda: len(house.members(caller)) == 2, lambda: "both in the room")
        spoken = caller.phone.audio[:]
        await asha.phone.hang_up()
        await house.state(caller, "done")
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert caller.phone.audio[len(spoken) :].strip(b"\xff\x7f"), "a goodbye"
        assert house.presence("asha").state == "wrap_up"

    plays(house, scene)


def test_of_two_agents_one_may_be_lost(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        bimla = await house.agent("bimla")
        house.application.controls.invite("asha", handoff, "bimla")
        await bimla.answers()
        await soon(lambda: len(house.members(caller)) == 3, lambda: "three in the room")
        await asha.close()
        await soon(lambda: house.handoff(caller).agent == "bimla", lambda: "the other one's call")
        assert house.handoff(caller).state == "talking"
        assert len(house.members(caller)) == 2
        assert house.presence("asha").state == "wrap_up"

    plays(house, scene)


def test_a_caller_who_is_gone_when_an_agent_accepts_leaves_the_agent_ready(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        await house.waits(caller, asha)
        with house.store.begin() as session:  # the carrier's report of the end never came
            session.get_one(type(house.handoff(caller)), house.handoff(caller).id).call_sid = "CA" + "0" * 32
        await asha.phone.answer()
        await asha.quiet()
        await asha.is_("ready")

    plays(house, scene)
