"""SIGTERM, on a server in a process of its own: calls under way end by themselves, new ones hear that we are busy."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.callbacks import Callback
from models.conversations import Turn
from models.store import Store
from tests.ivr.whole import Child, Telephone, at, free_port, get, rows, soon


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Child, str, Store]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    child = Child(tmp_path, "serve", "--no-download", PORT=str(port))
    try:
        child.up(f"{url}/healthz")
        yield child, url, Store(f"sqlite:///{tmp_path / 'mitan.db'}")
    finally:
        child.end()


def test_sigterm_lets_the_call_under_way_end_and_turns_new_ones_away(server: tuple[Child, str, Store]) -> None:
    child, url, store = server

    async def run() -> None:
        first = await Telephone.call(url)
        await first.asked(store, "language")
        child.process.send_signal(signal.SIGTERM)
        await soon(lambda: get(f"{url}/readyz")[0] == 503, lambda: "readyz says 503")
        assert "draining: no new calls; 1 under way" in get(f"{url}/readyz")[1]
        assert get(f"{url}/healthz")[0] == 200

        second = await Telephone.call(url, caller="+919826401716")
        await soon(lambda: second.ended, lambda: f"the end of the second call: {second.phone.state}", 120)
        assert second.phone.reason == "finished"
        assert len(second.phone.audio) > 8000  # it was told something, and not cut off
        assert at(store, second.phone.call).outcome == "busy"
        await second.close()

        assert child.process.poll() is None
        await first.type("english")
        await first.asked(store, "help")
        assert not first.ended
        await first.leave()

    asyncio.run(run())
    assert child.process.wait(20) == 0, child.log.read_text()
    callback = rows(store, Callback)[0]
    assert (callback.number, callback.reason) == ("+919826401716", "busy")
    said = [turn.text for turn in rows(store, Turn) if turn.conversation_id == callback.conversation_id]
    assert "Sorry, all our lines are busy right now." in said  # who is not known hears both languages
    assert "माफ़ कीजिए, अभी हमारी सभी लाइनें व्यस्त हैं।" in said
    assert any("call you back" in text for text in said)


def test_an_idle_server_ends_at_once_and_a_second_sigterm_waits_for_nobody(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    idle = Child(tmp_path, "serve", "--no-download", PORT=str(port))
    idle.up(f"{url}/healthz")
    idle.process.send_signal(signal.SIGTERM)
    assert idle.process.wait(20) == 0

    busy = Child(tmp_path, "serve", "--no-download", PORT=str(port))
    busy.up(f"{url}/healthz")

    async def run() -> None:
        telephone = await Telephone.call(url)
        await telephone.asked(Store(f"sqlite:///{tmp_path / 'mitan.db'}"), "language")
        busy.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            await asyncio.to_thread(busy.process.wait, 2)
        busy.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(busy.process.wait, 20)
        await telephone.close()

    try:
        asyncio.run(run())
    finally:
        busy.end()
