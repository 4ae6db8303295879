"""What must hold afterwards, asked of the store by SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import text

from booking.simulation.carrier import fingerprint
from booking.simulation.plan import CAPACITY, Plan
from booking.zone import utc
from models.store import Store

# Each finds rows that must not be there.
_NEVER = {
    "a slot has more bookings than seats": """
        SELECT c.slot_id FROM seat_claims c JOIN slots s ON s.id = c.slot_id WHERE c.booking_id IS NOT NULL
        GROUP BY c.slot_id, s.seats HAVING COUNT(*) > COALESCE(s.seats, :seats)""",
    "a seat has a number that the slot does not have": """
        SELECT c.id FROM seat_claims c JOIN slots s ON s.id = c.slot_id
        WHERE c.seat NOT BETWEEN 1 AND COALESCE(s.seats, :seats)""",
    "a booking's seat is in another slot": """
        SELECT b.id FROM bookings b JOIN seat_claims c ON c.booking_id = b.id WHERE c.slot_id <> b.slot_id""",
    "a booking that is to be visited has no seat": """
        SELECT b.id FROM bookings b LEFT JOIN seat_claims c ON c.booking_id = b.id
        WHERE b.stage IN ('booked', 'assigned') AND c.id IS NULL""",
    "a cancelled booking has a seat": """
        SELECT b.id FROM bookings b JOIN seat_claims c ON c.booking_id = b.id WHERE b.stage = 'cancelled'""",
    "a hold is left": "SELECT id FROM seat_claims WHERE booking_id IS NULL AND expires_at <= :now",
    "a conversation has booked twice": """
        SELECT conversation_id FROM bookings GROUP BY conversation_id HAVING COUNT(*) > 1""",
    "a booking has not begun exactly once": """
        SELECT b.id FROM bookings b LEFT JOIN booking_events e ON e.booking_id = b.id AND e.from_stage IS NULL
        GROUP BY b.id HAVING COUNT(e.id) <> 1""",
    "an event does not begin where the one before it ended": """
        SELECT id FROM (SELECT id, from_stage, LAG(to_stage) OVER (PARTITION BY booking_id ORDER BY id) AS before
                        FROM booking_events) AS chain
        WHERE COALESCE(from_stage, '') <> COALESCE(before, '')""",
    "a booking's stage is not that of its last event": """
        SELECT b.id FROM bookings b JOIN booking_events e ON e.booking_id = b.id
        WHERE e.id = (SELECT MAX(id) FROM booking_events WHERE booking_id = b.id) AND e.to_stage <> b.stage""",
    "a booking has changed without an event, or an event without a change": """
        SELECT b.id FROM bookings b JOIN booking_events e ON e.booking_id = b.id AND e.what <> 'visit_dropped'
        GROUP BY b.id, b.version HAVING COUNT(*) <> b.version""",
    "an executive was to be in two places": """
        SELECT executive_id FROM visits WHERE state IN ('planned', 'done', 'citizen_absent')
        GROUP BY executive_id, starts_at HAVING COUNT(*) > 1""",
    "an assigned booking has not one planned visit, or another has": """
        SELECT b.id FROM bookings b LEFT JOIN visits v ON v.booking_id = b.id AND v.state = 'planned'
        GROUP BY b.id, b.stage HAVING COUNT(v.id) <> CASE WHEN b.stage = 'assigned' THEN 1 ELSE 0 END""",
    "a planned visit is not the booking's": """
        SELECT v.id FROM visits v JOIN bookings b ON b.id = v.booking_id JOIN slots s ON s.id = b.slot_id
        WHERE v.state = 'planned' AND (v.executive_id <> b.executive_id OR v.starts_at <> s.starts_at)""",
    "an executive had more visits on a day than the capacity": """
        SELECT executive_id FROM visits WHERE state IN ('planned', 'done', 'citizen_absent')
        GROUP BY executive_id, {day} HAVING COUNT(*) > :capacity""",
    "a notice is due and was not sent": "SELECT id FROM notices WHERE state = 'pending' AND due_at <= :now",
    "a notice was sent without the carrier's id": """
        SELECT id FROM notices WHERE COALESCE(state, '') = 'sent' AND carrier_id IS NULL""",
}  # fmt: skip
# For each notice the events of which it tells: every event once, no notice without one.
_TOLD = {
    "booked": "from_stage IS NULL OR what = 'second_visit'",
    "moved": "what = 'moved'",
    **{
        stage: f"to_stage = '{stage}' AND from_stage <> '{stage}'"
        for stage in (
            "cancelled", "visited", "documents_needed", "submitted", "rejected", "certificate_ready",
            "out_for_delivery", "delivered", "citizen_absent", "executive_absent",
        )
    },
}  # fmt: skip
# Notices by the name of their booking: it is in an index with the event, and they themselves are gigabytes; events in
# the order in which they lie on the disk.
_UNTOLD = """
    SELECT e.id FROM (SELECT booking_id + 0 AS id, COUNT(*) AS n FROM booking_events WHERE {events} GROUP BY 1) e
    LEFT JOIN (SELECT subject, COUNT(*) AS n FROM notices WHERE event = :event GROUP BY subject) m
    ON m.subject = 'booking:' || e.id WHERE COALESCE(m.n, 0) <> e.n
"""
_UNCAUSED = """
    SELECT n.subject FROM notices n WHERE n.event = :event AND NOT EXISTS (
        SELECT 1 FROM booking_events e WHERE e.booking_id = CAST(SUBSTR(n.subject, 9) AS INTEGER) AND ({events}))
"""
_DAY = {True: "DATE(starts_at, '+330 minutes')", False: "DATE(starts_at AT TIME ZONE 'Asia/Kolkata')"}
_FIGURES = {
    "bookings": "SELECT COUNT(*) FROM bookings",
    "events": "SELECT COUNT(*) FROM booking_events",
    "notices": "SELECT COUNT(*) FROM notices",
    "notices sent": "SELECT COUNT(*) FROM notices WHERE state = 'sent'",
    "notices given up": "SELECT COUNT(*) FROM notices WHERE state = 'failed'",
    "visits": "SELECT COUNT(*) FROM visits",
}


def broken(store: Store, plan: Plan, now: datetime, taken: Counter[str]) -> list[str]:
    """Every invariant that does not hold at `now`, with how often and where; `taken` is what the carrier has taken."""
    moment = f"{utc(now):%Y-%m-%d %H:%M:%S.%f}" if store.sqlite else utc(now)
    values = {"seats": plan.rules.seats, "capacity": CAPACITY, "now": moment}
    found = []
    with store.read() as session:
        for what, sql in _NEVER.items():
            used = {name: value for name, value in values.items() if f":{name}" in sql}
            rows = session.execute(text(sql.format(day=_DAY[store.sqlite])), used).all()
            found += [f"{what}: {len(rows)}, such as {rows[0][0]}"] if rows else []
        for event, events in _TOLD.items():
            for kind, sql in (("is not told once", _UNTOLD), ("is told without a cause", _UNCAUSED)):
                rows = session.execute(text(sql.format(events=events)), {"event": event}).all()
                found += [f"{event} {kind}: {len(rows)}, such as {rows[0][0]}"] if rows else []
        # Of a whole season there are millions, too many to have their texts in memory at once.
        sent = text("SELECT recipient, text, state FROM notices WHERE attempts > 0").execution_options(yield_per=10_000)
        tried = [(fingerprint(to, message), state) for to, message, state in session.execute(sent)]
    found += _differences(tried, taken)
    return found


def _differences(tried: list[tuple[str, str]], taken: Counter[str]) -> Iterator[str]:
    """Where notices that somebody has tried to send (fingerprint and state) and the carrier's list differ.

    What became useless after its sender had died may have been taken once: nobody asks the carrier about it any more.
    """
    lost = Counter(key for key, state in tried if state == "sent") - taken
    twice = taken - Counter(key for key, _ in tried)
    if lost or twice:
        yield (
            f"the carrier has not taken {lost.total()} notices that count as sent, and {twice.total()} once too often"
        )


def figures(store: Store) -> dict[str, int]:
    """How much there is of what, and how many bookings stand at each stage."""
    with store.read() as session:
        counts = {name: session.scalar(text(sql)) or 0 for name, sql in _FIGURES.items()}
        stages = session.execute(text("SELECT stage, COUNT(*) FROM bookings GROUP BY stage ORDER BY 2 DESC"))
        return counts | {f"at {stage}": number for stage, number in stages}
