"""A busy day at the desk, written straight into the store."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from models.conversations import Conversation
from models.queue import Handoff
from models.store import Store
from tests.booking.town import at

OUTCOMES = ("booked", "goodbye", "told", "cut_off", "handoff", None)
STATE = {"node": "confirm", "filled": {"service": "birth_certificate", "city": "raipur"}, "trail": ["x" * 40] * 20}


def handoff(random: Random, id: int, entered: datetime) -> dict[str, Any]:
    """A row of the queue, in any of the ways that it may end."""
    state = random.choice(["done"] * 12 + ["abandoned", "callback", "returned", "waiting", "talking"])
    answered = entered + timedelta(seconds=random.choice([5, 20, 20.001, 45.5, 300])) if state in ANSWERED else None
    ended = (
        None if state in ("waiting", "talking") else (answered or entered) + timedelta(seconds=random.random() * 600)
    )
    wrapped = ended + timedelta(seconds=30) if ended and state == "done" and random.random() < 0.8 else None
    return {
        "id": id, "conversation_id": f"c{id}", "language": "hi", "reason": "asked", "queue": "general", "priority": 0,
        "state": state, "entered_at": entered, "waiting_since": entered, "answered_at": answered, "ended_at": ended,
        "wrapped_at": wrapped, "refusals": [], "note": "", "version": 1, "updated_at": entered, "summary": {},
        "caller": f"+9198{id:08d}",
    }  # fmt: skip


ANSWERED = ("done", "returned", "talking")


def talk(random: Random, id: int, began: datetime) -> dict[str, Any]:
    """A conversation by phone; one in twenty goes on."""
    ended = began + timedelta(seconds=200) if random.random() < 0.95 else None
    return {
        "id": f"c{id}", "channel": "phone", "caller": f"+9198{id:08d}", "language": "hi", "state": STATE, "version": 3,
        "started_at": began, "updated_at": began, "ended_at": ended,
        "outcome": random.choice(OUTCOMES) if ended else None,
    }  # fmt: skip


def fill(store: Store, handoffs: int, talks: int, day: int = 23) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A local day from its first second to its last: `talks` conversations, every so many of them handed over."""
    random = Random(1)
    seconds = sorted(random.uniform(0, 86_399) for _ in range(talks))
    said = [talk(random, id, at(day, 0) + timedelta(seconds=s)) for id, s in enumerate(seconds, day * 1_000_000)]
    handed = [handoff(random, int(c["id"][1:]), c["started_at"] + timedelta(seconds=60))
              for c in said[:: max(1, talks // handoffs)]]  # fmt: skip
    handed = [h for h in handed if h["entered_at"] < at(day, 0) + timedelta(days=1)]
    with store.begin() as session:
        session.execute(insert(Conversation), said)
        session.execute(insert(Handoff), handed)
    return handed, said
