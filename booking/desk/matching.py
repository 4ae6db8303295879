"""Who can take whom: by queue and language, the one who has waited longest. No store: rows in, a choice out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from booking.desk.changes import ON_SHIFT
from booking.desk.rules import DeskRules
from models.presence import Presence
from models.queue import Handoff


def on_shift(agents: Iterable[Presence], now: datetime, rules: DeskRules) -> list[Presence]:
    """Those who are taking calls, or will after the one they have."""
    return [a for a in agents if a.state in ON_SHIFT and (a.seen_at > now - rules.gone or a.state == "talking")]


def able(row: Handoff, shift: Sequence[Presence]) -> list[Presence]:
    """Who of those on shift can take this caller.

    A queue or a language that nobody on shift has is no reason to wait for ever: then anybody can.
    """
    serving = [a for a in shift if not a.queues or row.queue in a.queues] or list(shift)
    return [a for a in serving if row.language in a.languages] or serving


def choose(row: Handoff, shift: Sequence[Presence], now: datetime, rules: DeskRules) -> Presence | None:
    """The agent to whom this caller is offered: ready the longest; those who refused only when nobody else is ready,
    and not at once."""
    ready = sorted((a for a in able(row, shift) if a.state == "ready"), key=_longest)
    fresh = [a for a in ready if a.agent not in row.refusals]
    if fresh:
        return fresh[0]
    rested = row.offered_at is None or row.offered_at <= now - rules.again
    last = sorted((a for a in ready if a.agent in row.refusals), key=lambda a: row.refusals.index(a.agent))
    return last[0] if last and rested else None


def _longest(one: Presence) -> tuple[datetime, str]:
    return one.ready_since or one.since, one.agent
