"""What changes at the desk is told to whoever listens, by every process, and to nobody else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from booking import conversations
from booking.conversations import Line
from ivr.live import Live, ticket
from ivr.watching import Watcher
from models.store import Store
from tests.booking.desk.people import NOON, calls, comes

KEY = "k" * 64
PATIENCE_S = 20.0


class Page:
    """A page that listens: what it was sent."""

    def __init__(self, live: Live, query: str, method: str = "GET", kind: str = "http") -> None:
        self.status, self.text = 0, ""
        self._gone: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {"type": kind, "method": method, "query_string": query.encode(), "path": "/live", "headers": []}
        self.task = asyncio.create_task(live(scope, self._gone.get, self._take))

    async def _take(self, message: Any) -> None:
        self.status = message.get("status", self.status) or message.get("code", 0)
        self.text += message.get("body", b"").decode()

    @property
    def news(self) -> list[dict[str, int]]:
        """All messages, in order."""
        return [json.loads(line[6:]) for line in self.text.splitlines() if line.startswith("data: ")]

    async def told(self, topic: str, times: int = 1) -> float:
        """Wait until `topic` was told so often; how long that took, seconds."""
        began = time.monotonic()
        await soon(lambda: sum(topic in one for one in self.news) >= times)
        return time.monotonic() - began

    async def leave(self) -> None:
        """The page is closed."""
        await self._gone.put({"type": "http.disconnect"})
        await asyncio.wait_for(self.task, PATIENCE_S)


async def soon(true: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until
        await asyncio.sleep(0.01)


def live(store: Store, **options: Any) -> tuple[Live, Watcher]:
    watcher = Watcher(store, lambda: NOON)
    return Live(KEY, watcher, lambda sign_in: sign_in == "s1", **options), watcher


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


@asynccontextmanager
async def listening(store: Store, query: str = "", **options: Any) -> Any:
    """A page that listens, and has been told how things stand."""
    endpoint, watcher = live(store, **options)
    page = Page(endpoint, f"ticket={ticket(KEY, 's1')}{query}")
    await page.told("queue")
    yield page, watcher
    await page.leave()
    assert len(watcher) == 0


async def write(deed: Callable[[], Any]) -> None:
    await asyncio.to_thread(deed)


def test_first_all_is_told_then_only_what_changed(store: Store) -> None:
    async def scene() -> None:
        async with listening(store) as (page, _):
            assert set(page.news[0]) == {"queue", "agents", "tasks"}
            await write(lambda: comes(store, "ravi"))
            await page.told("agents", 2)
            await write(lambda: calls(store, "c1"))
            await page.told("queue", 2)
            assert all(isinstance(number, int) for one in page.news for number in one.values())
            assert [set(one) for one in page.news[1:]] == [{"agents"}, {"queue"}]

    run(scene())


def test_two_processes_on_one_store_tell_the_same(store: Store) -> None:
    other = Store(store.engine.url.render_as_string(hide_password=False))

    async def scene() -> None:
        async with listening(store) as (here, _), listening(other) as (there, _):
            assert here.news == there.news
            await write(lambda: comes(store, "ravi"))
            await there.told("agents", 2)
            await write(lambda: calls(other, "c1"))
            await here.told("queue", 2)
            await there.told("queue", 2)
            assert here.news == there.news

    run(scene())
    other.close()


def test_only_the_conversations_that_are_followed_are_told(sqlite_store: Store) -> None:
    def says(id: str) -> None:
        with sqlite_store.begin() as session:
            conversations.start(session, NOON, "phone", None, id)
            conversations.add_turns(session, NOON, id, [Line("caller", "heard", "हाँ")])

    says("c1")

    async def scene() -> None:
        async with listening(sqlite_store, "&talk=c1") as (page, _):
            await page.told("talk")
            await write(lambda: says("c2"))
            await write(lambda: comes(sqlite_store, "ravi"))
            await page.told("agents", 2)
            assert sum("talk" in one for one in page.news) == 1
            await write(lambda: says("c1"))
            await page.told("talk", 2)
            assert "c1" not in page.text

    run(scene())


@pytest.mark.parametrize(
    ("query", "method", "status"),
    [
        ("", "GET", 403),
        (f"ticket={ticket('other key', 's1')}", "GET", 403),
        (f"ticket={ticket(KEY, 's1')}x", "GET", 403),
        ("ticket=s1.%ff%00", "GET", 403),
        (f"ticket={ticket(KEY, 's2')}", "GET", 403),  # has signed out
        (f"ticket={ticket(KEY, 's1')}", "POST", 405),
    ],
)
def test_who_is_not_signed_in_hears_nothing(sqlite_store: Store, query: str, method: str, status: int) -> None:
    async def scene() -> None:
        endpoint, watcher = live(sqlite_store)
        page = Page(endpoint, query, method)
        await asyncio.wait_for(page.task, PATIENCE_S)
        assert (page.status, page.text, len(watcher)) == (status, "", 0)

    run(scene())


def test_a_socket_is_turned_away(sqlite_store: Store) -> None:
    async def scene() -> None:
        page = Page(live(sqlite_store)[0], f"ticket={ticket(KEY, 's1')}", kind="websocket")
        await page._gone.put({"type": "websocket.connect"})
        await asyncio.wait_for(page.task, PATIENCE_S)
        assert page.status == 1008

    run(scene())


def test_a_line_on_which_nothing_happens_has_a_beat(sqlite_store: Store) -> None:
    async def scene() -> None:
        async with listening(sqlite_store, beat_s=0.05) as (page, _):
            await soon(lambda: page.text.count("event: beat") >= 2)

    run(scene())


def test_after_an_outage_of_the_store_it_goes_on(sqlite_store: Store, tmp_path: Path) -> None:
    file = Path(sqlite_store.engine.url.database or "")

    async def scene() -> None:
        async with listening(sqlite_store) as (page, watcher):
            sqlite_store.engine.dispose()
            file.rename(tmp_path / "away")
            file.mkdir()
            await asyncio.sleep(0.8)  # some looks that fail; whether they do is not what is tested
            file.rmdir()
            (tmp_path / "away").rename(file)
            await write(lambda: comes(sqlite_store, "ravi"))
            await page.told("agents", 2)
            assert len(watcher) == 1

    run(scene())


def test_nobody_looks_while_nobody_listens_and_the_next_one_is_told_again(sqlite_store: Store) -> None:
    async def scene() -> None:
        endpoint, watcher = live(sqlite_store)
        for _ in range(2):
            page = Page(endpoint, f"ticket={ticket(KEY, 's1')}")
            await page.told("queue")
            await page.leave()
            await soon(lambda: watcher._task is not None and watcher._task.done())

    run(scene())


def test_a_server_that_ends_lets_its_pages_go(sqlite_store: Store) -> None:
    async def scene() -> None:
        endpoint, _ = live(sqlite_store)
        page = Page(endpoint, f"ticket={ticket(KEY, 's1')}")
        await page.told("queue")
        endpoint.close()
        await asyncio.wait_for(page.task, PATIENCE_S)

    run(scene())
