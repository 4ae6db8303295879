"""A store that goes away and comes back: calls stay up, say so, and go on with everything filled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from ivr.clock import Clock
from ivr.settings import ROOT
from ivr.speech.codec import to_ulaw
from ivr.speech.wav import read_wav
from models.bookings import Booking
from models.store import Store, StoreError
from tests.ivr.whole import Telephone, at, rows, serving, settings, soon

WAIT = "One moment please, our computer is not answering. Please stay on the line."
SPEED = 6.0
NOTE = to_ulaw(read_wav(ROOT / "tests" / "audio" / "hi-03-intent.wav")) * 3


@pytest.fixture
def plug(postgres: Any) -> Iterator[Any]:
    """Pulls the PostgreSQL server's plug, and puts it back whatever the test does."""
    yield postgres
    postgres.ensure_postgres_running()


async def to_the_day(store: Store, telephone: Telephone) -> None:
    await telephone.answer(store, "language", "english")
    await telephone.answer(store, "help", "income certificate")
    await telephone.answer(store, "city", "raipur")
    await telephone.asked(store, "day")


def test_a_call_outlasts_a_postgresql_that_is_stopped_for_half_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plug: Any, postgres_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    own = settings(monkeypatch, tmp_path)
    own = own.model_copy(update={"database_url": postgres_url})
    with serving(own, Clock(speed=SPEED)) as running:
        store = running.application.helpline.store

        async def run() -> None:
            telephone = await Telephone.call(running.url)
            await to_the_day(store, telephone)
            before = at(store, telephone.phone.call)
            spoken = telephone.spoken
            await asyncio.to_thread(plug._stop)
            await telephone.type("day after tomorrow")
            await soon(lambda: telephone.spoken > spoken + 1, lambda: "the caller is asked to wait, twice")
            await asyncio.sleep(30 / SPEED)
            assert not telephone.ended
            await asyncio.to_thread(plug.ensure_postgres_running)
            await telephone.asked(store, "slot")
            after = at(store, telephone.phone.call)
            assert after.filled["city"] == before.filled["city"]
            assert after.offers
            await telephone.type("1")
            await telephone.asked(store, "note")
            await telephone.leave()
            said = await asyncio.to_thread(_said, store, telephone.phone.conversation)
            assert said.count(WAIT) >= 2

        asyncio.run(run())


def test_a_full_disk_is_waited_for_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite itself says that the disk is full: its file may not grow by a page."""
    with serving(settings(monkeypatch, tmp_path), Clock(speed=SPEED)) as running:
        store = running.application.helpline.store
        full = {"now": False}

        with store.begin() as session:
            session.execute(text("CREATE TABLE junk (x)"))

        def begin(connection: Any) -> None:
            pages = 1 if full["now"] else 1_000_000  # 1: as many as it has
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        event.listen(store.engine, "begin", begin)

        async def run() -> None:
            telephone = await Telephone.call(running.url)
            for node, answer in (("language", "english"), ("help", "income certificate"), ("city", "raipur"),
                                 ("day", "day after tomorrow"), ("slot", "1")):  # fmt: skip
                await telephone.answer(store, node, answer)
            await telephone.asked(store, "note")
            full["now"] = True
            await asyncio.to_thread(fill, store)
            await telephone.settled()  # after the beep
            spoken = telephone.spoken
            await telephone.say(NOTE)  # 60 kB, which fit into no page that is there already
            await soon(lambda: telephone.spoken > spoken, lambda: "the note is asked for again")
            assert at(store, telephone.phone.call).node == "note"
            assert not telephone.ended
            full["now"] = False
            await telephone.type("House number four, Shanti Nagar, near the temple, Asha Verma")
            await telephone.asked(store, "note_keep")
            for node, answer in (("note_keep", "yes"), ("pin", "492001"), ("mobile_own", "yes"), ("confirm", "yes")):
                await telephone.answer(store, node, answer)
            await telephone.asked(store, "anything")
            await telephone.leave()

        asyncio.run(run())
        assert len(rows(store, Booking)) == 1
    assert "database or disk is full" in caplog.text


def fill(store: Store) -> None:
    """Use up what room the file still has."""
    for size in (100_000, 3_000, 100, 1):
        with contextlib.suppress(StoreError):
            while True:
                with store.begin() as session:
                    session.execute(text("INSERT INTO junk VALUES (zeroblob(:size))"), {"size": size})


def _said(store: Store, conversation: str) -> list[str]:
    from booking import conversations

    with store.read() as session:
        return [t.text for t in conversations.turns(session, conversation) if t.who == "bot"]
