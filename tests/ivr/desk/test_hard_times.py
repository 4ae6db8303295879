"""A carrier that fails, a store that is away, a process that dies between an offer and the ring: no caller is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from booking.desk import line
from booking.desk.dispatch import dispatch
from ivr.bridge import BridgeFailed
from ivr.desk import queue_desk, tender
from ivr.desk.entering import entered
from ivr.desk.legs import claimed
from ivr.helpline import desk_rules_of
from models.presence import Presence
from models.store import StoreError
from models.tenders import Tender
from tests.ivr.desk.office import Office, plays
from tests.ivr.whole import soon


class Failing:
    """A bridge of which some methods fail the first times."""

    def __init__(self, bridge: Any, fails: str, times: int, *, permanent: bool = False) -> None:
        self._bridge, self._fails, self.left, self._permanent = bridge, fails, times, permanent

    def __getattr__(self, name: str) -> Any:
        if name == self._fails and self.left:
            self.left -= 1
            return self._fail
        return getattr(self._bridge, name)

    def _fail(self, *_: Any, **__: Any) -> None:
        raise BridgeFailed("the line to the carrier is cut", permanent=self._permanent)


def failing(house: Office, patch: pytest.MonkeyPatch, name: str, times: int, **how: bool) -> Failing:
    bridge = Failing(house.application.bridge, name, times, **how)
    patch.setitem(house.application.__dict__, "bridge", bridge)
    return bridge


def times(fault: Exception, how_often: int, real: Callable[..., Any]) -> Callable[..., Any]:
    """`real`, failing the first times."""
    left = [how_often]

    def tried(*args: Any, **named: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise fault
        return real(*args, **named)

    return tried


def test_a_ring_that_the_carrier_did_not_take_is_tried_again_and_then_goes_to_the_next(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        bridge = failing(house, monkeypatch, "ring", 2)
        asha = await house.agent("asha")
        caller = await house.asks()
        await soon(lambda: house.handoff(caller).refusals == ["asha"], lambda: "asha could not be rung")
        assert bridge.left == 0
        assert house.presence("asha").state == "ready", "no fault of hers"
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)
        assert asha.rang == 0

    plays(house, scene)


def test_a_telephone_that_the_carrier_does_not_know_sends_its_agent_on_a_break(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        failing(house, monkeypatch, "ring", 1, permanent=True)
        asha = await house.agent("asha")
        caller = await house.asks()
        await asha.is_("break")
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)

    plays(house, scene)


def test_a_caller_is_brought_to_the_agent_as_soon_as_the_carrier_does_it(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        bridge = failing(house, monkeypatch, "join", 2)
        asha = await house.agent("asha")
        caller = await house.asks()
        await house.talk(caller, asha)
        assert bridge.left == 0

    plays(house, scene)


def test_a_caller_who_is_given_on_is_moved_as_soon_as_the_carrier_does_it(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        failing(house, monkeypatch, "wait", 2)
        house.application.controls.to_queue("asha", handoff, "general", "")
        assert len(house.members(caller)) == 2, "nobody is left alone meanwhile"
        await soon(lambda: not house.members(caller), lambda: "the room is over")
        assert not caller.ended
        bimla = await house.agent("bimla")
        await house.talk(caller, bimla)

    plays(house, scene)


def test_what_the_carrier_did_not_do_at_once_is_told_to_the_page(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        handoff = await house.talk(caller, asha)
        failing(house, monkeypatch, "hold", 1)
        with pytest.raises(BridgeFailed):
            house.application.controls.hold("asha", handoff, True)
        assert not house.application.controls.state(handoff)[0].held
        failing(house, monkeypatch, "ring", 1)
        with pytest.raises(BridgeFailed):
            house.application.controls.supervise("meera", handoff, "listen")
        assert len(house.application.controls.state(handoff)) == 2

    plays(house, scene)


def test_a_store_that_fails_at_the_handoff_puts_the_caller_through_to_the_agents_number(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        await house.agent("asha")
        fault = times(StoreError("away"), 100, entered)
        monkeypatch.setattr(queue_desk, "entered", fault)
        caller = await house.calls()
        await soon(lambda: caller.spoken, lambda: "the first word")
        await caller.type("0")
        await soon(lambda: caller.phone.state == "agent", lambda: "the agents' number")

    plays(house, scene)


def test_the_line_is_looked_after_again_when_the_store_is_back(house: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        asha.pauses()
        caller = await house.asks()
        for name in ("tend", "dispatch"):
            monkeypatch.setattr(tender, name, times(StoreError("away"), 2, getattr(tender, name)))
        asha.is_ready()
        await house.talk(caller, asha)

    plays(house, scene)


def test_a_hang_up_that_could_not_be_stored_is_stored_later(house: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        caller = await house.asks()
        await house.talk(caller, asha)
        monkeypatch.setattr(line, "of_call", times(StoreError("away"), 2, line.of_call))
        await caller.leave()
        await house.state(caller, "done")
        await asha.is_("wrap_up")

    plays(house, scene)


@pytest.mark.parametrize("died", ["after the offer", "when it set about ringing"])
def test_an_offer_of_a_process_that_died_is_rung_by_another(house: Office, died: str) -> None:
    async def scene() -> None:
        asha = await house.agent("asha")
        asha.pauses()
        caller = await house.asks()
        now, rules = house.application.clock.now(), desk_rules_of(house.application.settings)
        with house.store.begin() as session:
            # As the process that died left it: no kick, so that ours finds it by itself.
            session.execute(update(Presence).values(state="ready", ready_since=now, seen_at=now))
        dispatch(house.store, now, rules)
        if died == "when it set about ringing":
            with house.store.begin() as session:
                claimed(session, now, "asha", now)
        await house.talk(caller, asha)
        assert asha.rang == 1

    plays(house, scene)


def test_a_process_needs_to_stay_only_for_callers_whom_no_other_one_looks_after(
    house: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tender, "ALIVE_EVERY_S", 0.2)

    async def scene() -> None:
        mine = house.application.floor.tender  # type: ignore[union-attr]
        asha = await house.agent("asha")
        caller = await house.asks()
        await house.talk(caller, asha)
        await soon(lambda: mine.needed == 1, lambda: "the calls are in this process")
        mine.holds_calls = False
        try:
            with house.store.begin() as session:
                session.add(Tender(id="another", seen_at=house.application.clock.now()))
            await soon(lambda: mine.needed == 0, lambda: "another process is there")
            with house.store.begin() as session:
                session.delete(session.get_one(Tender, "another"))
            await soon(lambda: mine.needed == 1, lambda: "and has gone")
            await caller.leave()
            await soon(lambda: mine.needed == 0, lambda: "nobody is left")
        finally:
            mine.holds_calls = True

    plays(house, scene)
