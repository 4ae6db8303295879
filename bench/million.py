"""A store with a million bookings, made by SQL in a minute, and how long questions to it take."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, text

from booking.numbers import valid_number
from booking.rules import VisitRules
from booking.seed import seed
from booking.services import cities
from booking.slots import Wish, find
from booking.tracking import by_mobile, by_number, status, statuses
from booking.zone import ZONE, utc
from models.catalogue import CityRow
from models.store import Store

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)
RULES = VisitRules()
HOURS = 12  # start times a day
AHEAD = 30  # days with slots after today
CITIES = 58
EACH = 5  # bookings a mobile number, about
FIRST_NUMBER = 10_000_000
# Every other city has nothing free in all days ahead: the longest search. The others have about so much.
FREE = 0.3

_SLOTS = """
INSERT INTO slots (id, city_id, area, starts_at)
SELECT d.i * :a_day + c.position * :hours + h.i + 1, c.id, '', {start}
FROM numbers d, numbers h, cities c WHERE d.i < :days AND h.i < :hours
"""
_BOOKINGS = """
INSERT INTO bookings (id, number, replay_key, service_id, city_id, slot_id, mobile, pin, language, conversation_id,
    stage, version, channel, reason, missing, name, address, visit_fee, created_at, updated_at)
SELECT n.i + 1, CAST(n.i + :first AS TEXT), 'c' || n.i, 'birth_certificate', s.city_id, s.id,
    CAST(9826000000 + n.i % :mobiles AS TEXT), '492001', 'hi', 'c' || n.i,
    'booked', 1, 'phone', '', '[]', '', '', 50, s.starts_at, s.starts_at
FROM numbers n JOIN slots s ON s.id = n.i / 2 + 1 WHERE n.i < :bookings
"""
_CLAIMS = """
INSERT INTO seat_claims (slot_id, seat, booking_id)
SELECT b.slot_id, b.id % 2 + 1, b.id FROM bookings b JOIN slots s ON s.id = b.slot_id JOIN cities c ON c.id = s.city_id
WHERE s.starts_at < :today OR c.position % 2 = 0 OR (b.slot_id % 1000 * 7919) % 100 >= :free
"""
_EVENTS = """
INSERT INTO booking_events (booking_id, at, who, to_stage, why, what)
SELECT id, created_at, 'caller', 'booked', '', 'stage' FROM bookings
"""
_NOTICES = """
INSERT INTO notices (subject, booking_id, event, version, channel, language, recipient, text, template_id, state,
    attempts, due_at)
SELECT 'booking:' || id, id, 'booked', 1, 'sms', 'hi', '+91' || mobile, 'text', '', 'sent', 1, created_at FROM bookings
"""
_NUMBERS = """
CREATE TEMP TABLE numbers AS
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT i FROM n
"""
_START = {
    True: "strftime('%Y-%m-%d %H:%M:%f000', :day, '+' || (d.i * 1440 + h.i * 60) || ' minutes')",
    False: "CAST(:day AS timestamptz) + make_interval(mins => d.i * 1440 + h.i * 60)",
}


def fill(url: str, bookings: int) -> Store:
    """A store at `url` with so many bookings, the latest of them in the days ahead."""
    store = Store(url)
    store.upgrade()
    with store.begin() as session:
        seed(session, NOW - timedelta(days=3650), VisitRules(ahead_days=1))
        session.execute(text("DELETE FROM slots"))
        for n in range(len(cities(session)), CITIES):
            session.add(CityRow(id=f"city_{n}", hi=f"नगर {n}", en=f"City {n}", also=[], position=n))
    with store.engine.connect() as connection, connection.begin():
        _fill(connection, store.sqlite, bookings)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return store


def _fill(connection: Connection, sqlite: bool, bookings: int) -> None:
    a_day = CITIES * HOURS
    days = -(-bookings // (2 * a_day))
    first = datetime.combine(NOW.date() + timedelta(days=AHEAD + 1 - days), datetime.min.time(), ZONE)
    begin = utc(first.replace(hour=RULES.first_slot_h))
    day = f"{begin:%Y-%m-%d %H:%M:%S}" + ("" if sqlite else "+00")
    today = f"{utc(NOW):%Y-%m-%d %H:%M:%S}" + ("" if sqlite else "+00")
    execute: Callable[..., Any] = lambda sql, **values: connection.execute(text(sql), values)  # noqa: E731
    execute(_NUMBERS, most=bookings - 1)
    execute(_SLOTS.format(start=_START[sqlite]), a_day=a_day, hours=HOURS, days=days, day=day)
    execute(_BOOKINGS, first=FIRST_NUMBER, mobiles=max(bookings // EACH, 1), bookings=bookings)
    execute(
        _CLAIMS if sqlite else _CLAIMS.replace(":today", "CAST(:today AS timestamptz)"), today=today, free=FREE * 100
    )
    execute(_EVENTS)
    execute(_NOTICES)


def ask(store: Store, bookings: int, times: int, seed: int) -> dict[str, list[float]]:
    """Seconds of each question, asked `times` times at random places."""
    draw = random.Random(seed)
    with store.read() as session:
        ids = list(session.execute(select(CityRow.id, CityRow.position)))
    full, free = ([i for i, position in ids if position % 2 == odd] for odd in (0, 1))
    numbers = [n for n in range(FIRST_NUMBER, FIRST_NUMBER + min(bookings, 100_000)) if valid_number(str(n))]
    questions: dict[str, Callable[[Any], Any]] = {
        "free slots, 30 days, all taken": lambda s: find(s, NOW, RULES, Wish(draw.choice(full))),
        "free slots, 30 days, some free": lambda s: find(s, NOW, RULES, Wish(draw.choice(free))),
        "free slots, one day": lambda s: find(s, NOW, RULES, Wish(draw.choice(free), date=_day(draw))),
        "tracking by number": lambda s: status(s, NOW, RULES, by_number(s, str(draw.choice(numbers)))),
        "tracking by mobile": lambda s: statuses(
            s, NOW, RULES, by_mobile(s, str(9826000000 + draw.randrange(max(bookings // EACH, 1))))
        ),
    }
    return {name: [_timed(store, question) for _ in range(times)] for name, question in questions.items()}


def _day(draw: random.Random) -> date:
    return NOW.date() + timedelta(days=draw.randrange(1, AHEAD))


def _timed(store: Store, question: Callable[[Any], Any]) -> float:
    """Seconds of one question, with the transaction it needs."""
    began = time.perf_counter()
    with store.read() as session:
        question(session)
    return time.perf_counter() - began
