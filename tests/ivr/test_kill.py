"""kill -9 of the server with twenty calls up, at a different question each: the calls go on where they were.

The exchange, as a carrier, is another process than the server. Nothing is faked: server and exchange are started as an
operator starts them, the server is killed and started again, the callers only wait.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialogs.state import State
from models.bookings import Booking
from models.conversations import Turn
from models.notices import Notice
from models.slots import SeatClaim
from models.store import Store
from tests.ivr.whole import Child, Telephone, at, conversation, free_port, rows, soon

CALLS = 20
# From question to question; a call answers the first so many of them before the server is killed.
COURSE = [
    ("language", "english"),
    ("help", "income certificate"),
    ("city", "raipur"),
    ("day", "day after tomorrow"),
    ("slot", "1"),
    ("note", "House number four, Shanti Nagar, near the temple, Asha Verma"),
    ("note_keep", "yes"),
    ("pin", "492001"),
    ("mobile_own", "yes"),
    ("confirm", "yes"),
    ("anything", "no"),
]
CITIES = (
    "raipur",
    "bilaspur",
    "durg",
    "bhilai",
    "korba",
    "rajnandgaon",
    "jagdalpur",
    "ambikapur",
    "raigarh",
    "dhamtari",
)


@dataclass
class House:
    """A server and an exchange, each a process, over one SQLite file."""

    var: Path
    port: int
    exchange_port: int

    def __post_init__(self) -> None:
        self.url, self.exchange_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.exchange_port}"
        self.env = {"EXCHANGE_TOKEN": "the-same-here-and-there", "MITAN_LIMITS__SILENT_SOCKET_S": "20"}
        # Callers who wait for the others at their question are not to be asked again meanwhile.
        self.env["MITAN_DIALOG__SILENCE_S"] = "30"
        self.exchange = Child(
            self.var, "exchange", "--port", str(self.exchange_port), "--application", self.url, **self.env
        )
        self.server = self.started()
        self.store = Store(f"sqlite:///{self.var / 'mitan.db'}")

    def started(self) -> Child:
        here = {"PORT": str(self.port), "MITAN_SERVER__EXCHANGE_URL": self.exchange_url}
        child = Child(self.var, "serve", "--no-download", **self.env, **here)
        child.up(f"{self.url}/readyz")
        return child


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, free_port(), free_port())
    yield house
    house.server.end()
    house.exchange.end()


async def go(house: House, telephone: Telephone, number: int, begin: int, end: int) -> None:
    """Answer the questions `begin`..`end` (exclusive) and wait for the one that follows."""
    for step in range(begin, end):
        node, answer = COURSE[step]
        # Not before the bot speaks: what is typed ahead of a voice note is dropped, as it should be.
        await telephone.answer(house.store, node, CITIES[number % 10] if node == "city" else answer)
    if end < len(COURSE):
        await telephone.asked(house.store, COURSE[end][0])


def lines(store: Store, call: str) -> list[str]:
    return [t.text for t in rows(store, Turn) if t.conversation_id == conversation(store, call) and t.who == "bot"]


@pytest.mark.timeout(600)
def test_twenty_calls_go_on_at_the_same_question_after_kill_minus_9(house: House) -> None:
    async def run() -> None:
        telephones = [await Telephone.call(house.exchange_url, f"+9198264{n:05}") for n in range(CALLS)]
        steps = [n % len(COURSE) for n in range(CALLS)]
        await asyncio.gather(*(go(house, t, n, 0, steps[n]) for n, t in enumerate(telephones)))
        before = [at(house.store, t.phone.call) for t in telephones]
        held = {c.conversation_id: (c.slot_id, c.seat) for c in rows(house.store, SeatClaim) if c.conversation_id}
        assert [s.node for s in before] == [COURSE[step][0] for step in steps]

        house.server.kill()
        await asyncio.sleep(1)
        assert not any(t.ended for t in telephones)
        house.server = await asyncio.to_thread(house.started)
        for telephone, was in zip(telephones, before, strict=True):
            call = telephone.phone.call
            await soon(lambda c=call: apologised(house.store, c), lambda: "the apology")
            same(was, at(house.store, call))
        now = {c.conversation_id: (c.slot_id, c.seat) for c in rows(house.store, SeatClaim) if c.conversation_id}
        assert now == held

        await asyncio.gather(*(go(house, t, n, steps[n], len(COURSE)) for n, t in enumerate(telephones)))
        for telephone in telephones:
            await soon(lambda t=telephone: t.ended and t.phone.texts, lambda: "the end and the notice")
            assert telephone.phone.reason == "finished"
        await asyncio.sleep(6)  # another run of the job that sends notices
        for telephone in telephones:
            assert len(telephone.phone.texts) == 1
            await telephone.close()

    asyncio.run(run())
    bookings, notices = rows(house.store, Booking), rows(house.store, Notice)
    assert len(bookings) == CALLS
    assert set(Counter(b.conversation_id for b in bookings).values()) == {1}
    claims = [(c.slot_id, c.seat) for c in rows(house.store, SeatClaim)]
    assert len(claims) == len(set(claims)) == CALLS
    assert {n.state for n in notices} <= {"sent", "delivered"}
    assert len(notices) == CALLS
    assert {n.attempts for n in notices} == {1}


def apologised(store: Store, call: str) -> bool:
    """Whether the caller has heard that the line broke; before a language is chosen in the likelier one."""
    sorry = {"Sorry, the line broke for a moment.", "माफ़ कीजिए, लाइन थोड़ी देर के लिए कट गई थी।"}
    return bool(sorry & set(lines(store, call)))


def same(was: State, now: State) -> None:
    assert (now.node, now.filled, now.offers, now.language) == (was.node, was.filled, was.offers, was.language)
    assert now.trail == was.trail
