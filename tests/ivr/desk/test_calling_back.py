"""An agent calls a citizen back: both telephones ring, one after the other, and what came of it is on the work list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.desk import tasks
from booking.desk.making import New, ensure
from booking.errors import NotAllowed
from models.queue import Handoff
from models.tasks import Task
from tests.ivr.desk.office import Agent, Office, plays
from tests.ivr.whole import soon

ASHA, RAVI = "asha", "ravi"
CITIZEN = "+919826401799"


def task_of(house: Office, owner: str = ASHA, number: str | None = CITIZEN) -> int:
    """A missed call that this agent has in hand."""
    now = house.application.clock.now()
    with house.store.begin() as session:
        ensure(
            session, now, New("missed_call", f"handoff:{now.timestamp()}", now + timedelta(hours=1), number, "hi", None)
        )
        row = session.scalars(select(Task).order_by(Task.id.desc()).limit(1)).one()
        tasks.take(session, now, row.id, owner)
        return row.id


def task(house: Office, id: int) -> Task:
    with house.store.read() as session:
        return session.get_one(Task, id)


def handoff(house: Office, id: int) -> Handoff:
    with house.store.read() as session:
        return session.get_one(Handoff, id)


async def citizen(house: Office) -> Agent:
    """A citizen whose telephone can be called."""
    return await house.supervisor("citizen", CITIZEN)


async def connected(house: Office, asha: Agent, other: Agent, id: int) -> int:
    """The agent calls for the task, and both have answered; the handoff."""
    made = house.application.controls.call_back(ASHA, id)
    await asha.answers()
    await other.answers()
    room = house.application.bridge
    await soon(lambda: len(room.members(f"handoff-{made}")) == 2, lambda: "both in the room")
    return made


def test_both_telephones_ring_and_the_result_is_noted_on_the_task(house: Office) -> None:
    async def scene() -> None:
        asha, other, id = await house.agent(ASHA), await citizen(house), task_of(house)
        made = await connected(house, asha, other, id)
        row = handoff(house, made)
        assert (row.reason, row.state, row.agent, row.caller) == ("callback", "talking", ASHA, CITIZEN)
        house.application.controls.finish(ASHA, made, "answered", "told the fee")
        await other.quiet()
        await asha.quiet()
        assert house.presence(ASHA).state == "ready"
        assert (task(house, id).outcome, task(house, id).note) == ("reached", "told the fee")
        assert house.happened(made) == ["called_back", "reached", "done", "finished"]

    plays(house, scene)


def test_a_citizen_who_hangs_up_ends_the_call_and_the_agent_writes_what_came_of_it(house: Office) -> None:
    async def scene() -> None:
        asha, other, id = await house.agent(ASHA), await citizen(house), task_of(house)
        made = await connected(house, asha, other, id)
        await other.phone.hang_up()
        await asha.is_("wrap_up")
        await asha.quiet()
        assert handoff(house, made).state == "done"
        assert task(house, id).done_at is None

    plays(house, scene)


def test_who_is_not_reached_is_called_again_later(house: Office) -> None:
    async def scene() -> None:
        asha, id = await house.agent(ASHA), task_of(house)  # nobody has this number
        made = house.application.controls.call_back(ASHA, id)
        await asha.rings()
        await asha.phone.answer()
        await asha.is_("wrap_up")
        await asha.quiet()
        assert "not_reached" in house.happened(made)
        house.application.controls.finish(ASHA, made, "not_reached", "")
        again = task(house, id)
        assert (again.done_at, again.tries, again.owner) == (None, 1, None)
        assert again.due_at > house.application.clock.now() + timedelta(minutes=29)

    plays(house, scene)


def test_an_agent_who_puts_the_receiver_down_lets_no_telephone_ring_on(house: Office) -> None:
    async def scene() -> None:
        asha, other, id = await house.agent(ASHA), await citizen(house), task_of(house)
        made = house.application.controls.call_back(ASHA, id)
        await asha.answers()
        await other.rings()
        house.application.controls.hang_up(ASHA, made)
        await other.quiet()
        await asha.quiet()
        assert house.presence(ASHA).state == "wrap_up"

    plays(house, scene)


def test_an_agent_who_does_not_answer_calls_nobody(house: Office) -> None:
    async def scene() -> None:
        asha, other, id = await house.agent(ASHA), await citizen(house), task_of(house)
        made = house.application.controls.call_back(ASHA, id)
        await asha.rings()
        await asha.phone.refuse()
        await asha.is_("wrap_up")
        assert handoff(house, made).state == "done"
        assert other.rang == 0

    plays(house, scene)


def test_a_citizen_can_be_passed_on_to_another_agent(house: Office) -> None:
    async def scene() -> None:
        asha, other, id = await house.agent(ASHA), await citizen(house), task_of(house)
        made = await connected(house, asha, other, id)
        ravi = await house.agent(RAVI)
        house.application.controls.to_agent(ASHA, made, RAVI, "knows more")
        await ravi.answers()
        await soon(lambda: len(house.application.bridge.members(f"handoff-{made}")) == 2, lambda: "both in the room")
        assert (handoff(house, made).agent, house.presence(ASHA).state) == (RAVI, "wrap_up")

    plays(house, scene)


@pytest.mark.parametrize("why", ["another hand", "no number", "talking", "done"])
def test_what_cannot_be_called_is_refused_and_rings_nowhere(house: Office, why: str) -> None:
    async def scene() -> None:
        asha = await house.agent(ASHA)
        id = task_of(
            house, owner=RAVI if why == "another hand" else ASHA, number=None if why == "no number" else CITIZEN
        )
        if why == "talking":
            await house.talk(await house.asks(), asha)
        if why == "done":
            with house.store.begin() as session:
                tasks.done(session, house.application.clock.now(), id, ASHA, "gone")
        with pytest.raises(NotAllowed):
            house.application.controls.call_back(ASHA, id)
        assert house.presence(ASHA).state == ("talking" if why == "talking" else "ready")

    plays(house, scene)
