"""A citizen asks for an agent, waits, and talks to one: the whole way through the exchange."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.desk.office import Office, office, plays


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    with office(monkeypatch, tmp_path / "var") as house:
        yield house


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
