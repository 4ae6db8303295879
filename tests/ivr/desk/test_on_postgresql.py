"""The whole way on PostgreSQL: a caller, an agent, a supervisor, a transfer, the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ivr.desk.office import office, plays
from tests.ivr.whole import soon


def test_a_call_is_answered_listened_to_and_given_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_url: str
) -> None:
    with office(monkeypatch, tmp_path / "var", DATABASE_URL=postgres_url) as house:

        async def scene() -> None:
            asha, controls = await house.agent("asha"), house.application.controls
            caller = await house.asks()
            handoff = await house.talk(caller, asha)
            meera = await house.supervisor("meera")
            controls.supervise("meera", handoff, "listen")
            await meera.answers()
            await soon(lambda: len(house.members(caller)) == 3, lambda: "three in the room")
            bimla = await house.agent("bimla")
            controls.to_agent("asha", handoff, "bimla", "a question about fees")
            await house.talk(caller, bimla)
            await asha.quiet()
            await caller.leave()
            await house.state(caller, "done")
            await bimla.is_("wrap_up")
            controls.finish("bimla", handoff, "answered", "")
            assert house.presence("bimla").state == "ready"

        plays(house, scene)
