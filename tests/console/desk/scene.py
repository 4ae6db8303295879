"""A busy morning at the helpline, written into a store: calls, callers who wait, agents, work left over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from booking.bookings import Order, book
from booking.conversations import Line, add_turns, save, start
from booking.conversations import finish as ends
from booking.desk.answers import accept
from booking.desk.dispatch import dispatch
from booking.desk.endings import abandon
from booking.desk.line import Entry, enter
from booking.desk.presence import Post, come, pause, ready, seen
from booking.desk.rules import DeskRules
from booking.desk.task_sources import gather
from booking.desk.visit_tasks import gather_visits
from booking.holds import hold
from booking.notes import keep
from booking.rules import VisitRules
from booking.seed import seed
from booking.zone import local
from models.bookings import Booking
from models.conversations import Conversation
from models.queue import Handoff
from models.store import Store
from tests.booking.desk import days

RULES, VISITS = DeskRules(), VisitRules(seats=4)
NAMES = ("सीमा वर्मा", "रवि साहू", "Anjali Tiwari", "मोहन यादव", "Deepak Netam", "कविता देवांगन")
HINDI = (
    Line("bot", "say", "नमस्ते, मैं मितान हूँ। आपको कौन सा प्रमाण पत्र चाहिए?", "service"),
    Line("caller", "heard", "जन्म प्रमाण पत्र बनवाना है बच्चे का", "service", {"service": "birth_certificate"}),
    Line("bot", "say", "ठीक है, जन्म प्रमाण पत्र। आप किस शहर में हैं?", "city"),
    Line("caller", "heard", "रायपुर में पंडरी के पास", "city", {"city": "raipur"}),
    Line("bot", "say", "हम किस दिन आएँ?", "day"),
    Line("caller", "heard", "वो जो बाज़ार वाला दिन", "day"),
    Line("bot", "say", "माफ़ कीजिए, मैं समझ नहीं पाया। आज, कल या तारीख़ बोलिए।", "day"),
    Line("caller", "heard", "अरे मंगल बाज़ार को", "day"),
)
ENGLISH = (
    Line("bot", "say", "Hello, this is Mitan. Which certificate do you need?", "service"),
    Line("caller", "heard", "where is my caste certificate", "service", {"intent": "track"}),
    Line("bot", "say", "Please say or key in the eight digits of your booking number.", "number"),
    Line("caller", "keyed", "20412365", "number"),
    Line("bot", "say", "I could not find this number. Please try once more.", "number"),
)
SAID = {"service": "birth_certificate", "city": "raipur", "daypart": "morning"}


def talks(
    store: Store, now: datetime, id: str, lines: Sequence[Line] = HINDI, state: dict[str, Any] | None = None,
    language: str = "hi",
) -> None:  # fmt: skip
    """A conversation that goes on."""
    with store.begin() as session:
        start(session, now, "phone", f"+9198261{int(id[1:]):05d}", id)
        node = lines[-1].node if lines else "service"
        stands = {"language": language, **(state or {"node": node, "filled": SAID})}
        save(session, id, stands, expected_version=0, now=now)
        add_turns(session, now, id, lines)


def waits(store: Store, now: datetime, id: str, **more: Any) -> Handoff:
    """A caller in the line, from a conversation that goes on."""
    talks(store, now - timedelta(seconds=70), id)
    with store.begin() as session:
        ends(session, now, id, "handoff", more.get("reason", "asked"))
        entry = Entry(id, f"CA-{id}", f"+9198261{int(id[1:]):05d}", "hi", summary={"filled": SAID}, **more)
        return enter(session, now, RULES, entry)


def at_desk(store: Store, now: datetime, agent: str, state: str = "ready") -> None:
    """An agent in one of the states that agents choose themselves."""
    with store.begin() as session:
        come(session, now, agent, Post(("hi", "en")))
        if state == "break":
            pause(session, now, agent, "lunch")
        else:
            ready(session, now, agent)


def alive(store: Store, now: datetime, agents: Sequence[str]) -> None:
    """The agents' pages are open."""
    with store.begin() as session:
        for one in agents:
            seen(session, now, one)


def morning(store: Store, now: datetime, calls: int = 300) -> None:
    """What came since the desk opened, in figures only: most served in time, some late, some not at all."""
    random = Random(7)
    opened = local(now).replace(hour=8, minute=0, second=0, microsecond=0)
    length = (now - opened).total_seconds()
    rows, said = [], []
    for id in range(900_000, 900_000 + calls):
        began = opened + timedelta(seconds=random.triangular(0, length, length * 0.7))
        said.append({**days.talk(random, id, began), "ended_at": began + timedelta(seconds=120)})
        if id % 3 == 0:
            rows.append(_handled(random, id, began))
    with store.begin() as session:
        session.execute(insert(Conversation), said)
        session.execute(insert(Handoff), rows)


def _handled(random: Random, id: int, began: datetime) -> dict[str, Any]:
    row = days.handoff(random, id, began)
    end = random.random()
    wait = timedelta(seconds=random.choice([4, 8, 9, 12, 15, 18, 19, 32, 61]))
    row["state"] = "done" if end < 0.9 else "abandoned" if end < 0.96 else "callback"
    row["answered_at"] = began + wait if end < 0.9 else None
    row["ended_at"] = began + wait + timedelta(seconds=random.uniform(60, 360))
    row["wrapped_at"] = row["ended_at"] + timedelta(seconds=20) if end < 0.9 else None
    return row


def busy(store: Store, now: datetime, agents: Sequence[str]) -> list[Handoff]:
    """Six agents and nine calls: two talk, two wait, five are with the bot. The handoffs, the talking ones first."""
    for n, agent in enumerate(agents):
        at_desk(store, now - timedelta(minutes=10 + n), agent, "break" if n == 3 else "ready")
    alive(store, now, agents)
    first = waits(store, now - timedelta(seconds=200), "c11", reason="asked")
    second = waits(store, now - timedelta(seconds=90), "c12", reason="confidential")
    for offer in dispatch(store, now - timedelta(seconds=80), RULES)[:2]:
        with store.begin() as session:
            accept(session, now - timedelta(seconds=75), offer.handoff, offer.agent)
    third = waits(store, now - timedelta(seconds=32), "c13", reason="ladder")
    fourth = waits(store, now - timedelta(seconds=9), "c14", reason="asked")
    for n in range(3):
        talks(store, now - timedelta(seconds=40 + 30 * n), f"c2{n}", HINDI[: 3 + n])
    talks(store, now - timedelta(seconds=55), "c31", ENGLISH, {"node": "number", "filled": {"task": "track"}}, "en")
    talks(store, now - timedelta(seconds=5), "c32", HINDI[:1])
    with store.begin() as session:
        keep(session, now, "c11", bytes([0xFF, 0x80, 0x10, 0x90] * 6000), 3.0)
    return [first, second, third, fourth]


def work(store: Store, now: datetime) -> None:
    """Work of every kind."""
    with store.begin() as session:
        seed(session, now, VISITS)
    for n in range(5):
        books(store, now, n)
    lost = waits(store, now - timedelta(minutes=90), "c41")
    with store.begin() as session:
        abandon(session, now - timedelta(minutes=88), RULES, lost.id)
    with store.begin() as session:
        found = list(session.scalars(select(Booking).order_by(Booking.id)))
        found[1].stage, found[1].due_on = "in_verification", local(now).date() - timedelta(days=2)
        found[2].stage = "executive_absent"
    gather(store, now, RULES)
    gather_visits(store, now, VISITS, 90)


def books(store: Store, now: datetime, n: int) -> None:
    """A booking with a recorded address, made over some misunderstandings."""
    id, made = f"c5{n}", now - timedelta(hours=1 + n)
    talks(store, made, id, HINDI * 3 if n == 4 else HINDI)
    with store.begin() as session:
        note = keep(session, made, id, bytes([0xFF, 0x80, 0x10, 0x90] * 8000), 4.0) if n != 3 else None
        starts = (local(now) + timedelta(days=2)).replace(hour=9 + n, minute=0, second=0, microsecond=0)
        hold(session, made, VISITS, city="raipur", starts_at=starts, conversation=id)
        order = Order(id, "birth_certificate", "raipur", starts, f"98261000{n:02d}", "492001", note=note)
        book(session, made, VISITS, order)
