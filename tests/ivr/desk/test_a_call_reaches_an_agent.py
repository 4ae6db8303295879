"""A citizen asks for an agent, waits, and talks to one: the whole way through the exchange."""

from __future__ import annotations

from booking.desk.endings import finish
from tests.ivr.desk.office import Agent, Office, plays
from tests.ivr.whole import soon

NUMBER = "+919812300001"


def test_a_caller_who_asks_for_an_agent_talks_to_one(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        assert house.happened(handoff) == ["entered", "offered", "accepted"]
        await caller.leave()
        await house.state(caller, "done")
        await asha.quiet()
        await asha.is_("wrap_up")
        house.application.controls.finish("asha", handoff, "answered", "asked for the fee")
        await asha.is_("ready")
        assert house.handoff(caller).disposition == "answered"

    plays(house, scene)


def test_with_nobody_at_the_desk_the_agents_number_is_dialled(house: Office) -> None:
    async def scene() -> None:
        caller = await house.calls()
        await soon(lambda: caller.spoken, lambda: "the first word")
        await caller.type("0")
        await soon(lambda: caller.phone.state == "agent", lambda: "the agents' number")
        assert house.of(caller) is None

    plays(house, scene)


def test_a_telephone_with_a_number_hears_what_it_is_about_and_is_asked(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha", NUMBER)
        caller = await house.asks()
        handoff = await house.waits(caller, asha)
        await asha.phone.answer()
        await soon(lambda: house.handoff(caller).offered_at != house.handoff(caller).entered_at, lambda: "taken up")
        await soon(lambda: len(asha.heard) > 8000, lambda: "a second of the whisper")
        assert house.handoff(caller).state == "offered", "not before the key"
        await asha.phone.press("1")
        await soon(lambda: len(house.members(caller)) == 2, lambda: "both in the room")
        assert house.happened(handoff)[-1] == "accepted"

    plays(house, scene)


def test_a_refusal_and_a_telephone_put_down_in_the_whisper_go_to_the_next_agent(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.waits(caller, asha)
        bimla = await house.agent("bimla", NUMBER)
        chitra = await house.agent("chitra")
        await asha.phone.refuse()
        await bimla.rings()
        await bimla.phone.answer()
        await soon(lambda: bimla.heard, lambda: "the whisper")
        await bimla.phone.hang_up()
        await house.talk(caller, chitra)
        assert [house.presence(a).state for a in ("asha", "bimla")] == ["ready", "ready"]
        what = house.happened(handoff)
        assert what == ["entered", "offered", "refused", "offered", "refused", "offered", "accepted"]

    plays(house, scene)


def test_a_telephone_that_is_not_there_is_passed_over_and_its_agent_is_on_a_break(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        await asha.close()
        asha.is_ready()
        caller = await house.asks()
        await asha.is_("break")
        assert house.presence("asha").reason == "no_answer"
        assert house.handoff(caller).state == "waiting"
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)

    plays(house, scene)


def test_the_page_refuses_for_the_telephone(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.waits(caller, asha)
        bimla = await house.agent("bimla")
        house.application.controls.refuse("asha", handoff)
        await asha.quiet()
        await house.talk(caller, bimla)

    plays(house, scene)


def test_callers_are_answered_in_their_order(house: Office) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        asha.pauses()
        callers = [await house.asks(f"+91982640171{i}") for i in range(3)]
        asha.is_ready()
        for caller in callers:
            handoff = await house.talk(caller, asha)
            await caller.leave()
            await asha.is_("wrap_up")
            house.application.controls.finish("asha", handoff, "answered", "")

    plays(house, scene)


async def talked_and_next(house: Office) -> tuple[Agent, int]:
    """The agent has finished with a caller, her telephone is still in that call, and the next one is offered to her."""
    asha = await house.agent("asha")
    first = await house.asks()
    done = await house.talk(first, asha)
    waits = await house.asks("+919826401716")
    with house.store.begin() as session:
        finish(session, house.application.clock.now(), done, "asha", "answered")
    house.application.controls.kick()
    await soon(lambda: house.presence("asha").leg, lambda: "her telephone is called")
    return asha, house.handoff(waits).id


def test_a_telephone_that_is_still_in_the_call_before_is_rung_again_when_it_is_free(house: Office) -> None:
    async def scene() -> None:
        asha, handoff = await talked_and_next(house)
        await asha.phone.hang_up()
        await asha.answers()
        await soon(lambda: house.happened(handoff)[-1] == "accepted", lambda: str(house.happened(handoff)))
        assert house.happened(handoff) == ["entered", "offered", "accepted"]

    plays(house, scene)


def test_a_telephone_that_stays_in_another_call_counts_as_a_refusal(house: Office) -> None:
    async def scene() -> None:
        asha, handoff = await talked_and_next(house)
        await soon(lambda: "refused" in house.happened(handoff), lambda: str(house.happened(handoff)))
        await asha.is_("ready")

    plays(house, scene)
