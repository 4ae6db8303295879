"""Looking after the line: what no caller and no agent does by himself. Every process does it, every second or so.

It is no job of `booking.jobs`: the lease of one whose process has died would leave callers waiting for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.desk.dispatch import Offer, dispatch
from booking.desk.endings import lapse_dropped
from booking.desk.invitations import lapse_invited
from booking.desk.presence import gone
from booking.desk.refusals import lapse
from booking.desk.rules import DeskRules
from models.store import Store


@dataclass(frozen=True)
class Tended:
    """What was done: offers and invitations that ran out, agents who had gone, callers who did not come back; and what
    was offered anew."""

    lapsed: int
    gone: int
    abandoned: int
    offers: tuple[Offer, ...]


def tend(store: Store, now: datetime, rules: DeskRules) -> Tended:
    """Take back what ran out, then offer whoever waits to whoever is ready."""
    lapsed = lapse(store, now, rules) + lapse_invited(store, now, rules)
    lost = gone(store, now, rules)
    abandoned = lapse_dropped(store, now, rules)
    return Tended(lapsed, lost, abandoned, tuple(dispatch(store, now, rules)))
