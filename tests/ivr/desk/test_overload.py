"""A caller for whom the bot has no room goes to an agent at once, or is called back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from booking.desk import presence
from dialogs.state import State
from ivr.underway import Admission
from models.callbacks import Callback
from models.conversations import Conversation, Turn
from tests.ivr.desk.office import Office, plays
from tests.ivr.whole import Telephone, soon

ASHA, RAVI = "asha", "ravi"


@pytest.fixture
def full(house: Office) -> Iterator[Office]:
    """The bot has no room for anybody."""
    admission = house.application.admission
    house.application.admission._limits = admission._limits.model_copy(update={"max_calls": 1})
    admission.under_way.seen("CA-another", streams=1)
    yield house
    admission.under_way.over("CA-another")
    house.application.admission._limits = house.application.settings.limits
    with house.store.begin() as session:
        session.execute(delete(Callback))


def admission_of(house: Office) -> Admission:
    return house.application.admission


async def waits(house: Office, number: str = "+919826401715") -> Telephone:
    caller = await house.calls(number)
    await soon(lambda: house.of(caller) is not None or caller.ended, lambda: "a place in the line")
    return caller


def spoken(house: Office, conversation: str) -> str:
    with house.store.read() as session:
        texts = session.scalars(select(Turn.text).where(Turn.conversation_id == conversation).order_by(Turn.seq))
        return " ".join(texts)


def promised(house: Office) -> int:
    with house.store.read() as session:
        return len(session.scalars(select(Callback)).all())


def test_a_caller_whom_the_bot_cannot_take_talks_to_an_agent(full: Office) -> None:
    async def scene() -> None:
        agent = await full.agent(ASHA)
        caller = await waits(full)
        row = full.handoff(caller)
        assert (row.reason, row.queue) == ("overload", "general")
        await full.talk(caller, agent)
        with full.store.read() as session:
            talk = session.get_one(Conversation, row.conversation_id)
            assert (State.from_json(talk.state).ended, talk.outcome) == ("handoff", "handoff")
        assert "all our lines are busy" in spoken(full, row.conversation_id)
        assert "हमारी सभी लाइनें व्यस्त" in spoken(full, row.conversation_id)
        assert promised(full) == 0

    plays(full, scene)


def test_callers_who_wait_take_no_room_from_the_bot(full: Office) -> None:
    async def scene() -> None:
        agent = await full.agent(ASHA)
        caller = await waits(full)
        await full.waits(caller, agent)
        await soon(lambda: admission_of(full).under_way.with_bot == 1, lambda: "only the other call")
        assert len(admission_of(full).under_way) == 2

    plays(full, scene)


def test_the_way_to_the_bot_is_open_when_it_has_room_again(full: Office) -> None:
    async def scene() -> None:
        busy = await full.agent(ASHA)
        first = await waits(full)
        await full.talk(first, busy)
        caller = await waits(full, "+919826401716")
        await soon(lambda: full.handoff(caller).asked, lambda: "the place is told, keys are taken")
        admission_of(full).under_way.over("CA-another")
        await caller.type("2")
        await full.state(caller, "returned")
        await caller.asked(full.store, "help")

    plays(full, scene)


def test_without_an_agent_on_shift_there_is_a_call_back(full: Office) -> None:
    async def scene() -> None:
        agent = await full.agent(ASHA)
        agent.pauses()
        caller = await waits(full)
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert full.of(caller) is None
        assert promised(full) == 1

    plays(full, scene)


def test_where_the_wait_would_be_long_there_is_a_call_back_and_no_place_is_left_behind(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        agent = await full.agent(ASHA)
        first = await waits(full)
        await full.talk(first, agent)
        monkeypatch.setattr("booking.desk.waits.handling_s", lambda *_: 601.0)
        caller = await waits(full, "+919826401717")
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert full.of(caller) is None
        assert promised(full) == 1

    plays(full, scene)


def test_who_was_cut_off_comes_back_to_the_kept_place_although_the_bot_is_full(full: Office) -> None:
    async def scene() -> None:
        agent = await full.agent(ASHA)
        first = await waits(full)
        await full.talk(first, agent)
        caller = await waits(full, "+919826401718")
        kept = full.handoff(caller).id
        await caller.leave()
        again = await waits(full, "+919826401718")
        assert full.handoff(again).id == kept
        assert full.happened(kept)[-1] == "came_back"

    plays(full, scene)


def test_a_process_that_is_about_to_end_keeps_nobody_waiting(full: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_of(full), "_drain_until", 1e12)

    async def scene() -> None:
        await full.agent(ASHA)
        caller = await waits(full)
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert full.of(caller) is None
        assert promised(full) == 1

    plays(full, scene)


def test_an_agent_who_left_in_this_moment_is_nobody_to_wait_for(full: Office) -> None:
    async def scene() -> None:
        await full.agent(RAVI)
        with full.store.begin() as session:
            presence.leave(session, full.application.clock.now(), RAVI)
        caller = await waits(full)
        await soon(lambda: caller.ended, lambda: "the end of the call")
        assert promised(full) == 1

    plays(full, scene)
