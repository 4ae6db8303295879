"""Feedback on a delivered booking."""

from __future__ import annotations

from collections.abc import Mapping

from booking import feedback
from booking.stages import ACTIVE
from ivr.operations.change import as_it_stands, spoken_of
from ivr.operations.desk import Args, Desk, Outcome, Work


def can_rate(desk: Desk, args: Args) -> Outcome:
    """ok, not_yet (not delivered), unfit (never will be)."""
    booking = spoken_of(desk, args)
    outcome = "ok" if booking.stage == "delivered" else "not_yet" if booking.stage in ACTIVE else "unfit"
    return outcome, as_it_stands(desk, args, booking)


def rate(desk: Desk, args: Args) -> Outcome:
    """ok; not_yet, unfit, not_owner."""
    rating = feedback.Rating(int(args["rating"]), args.get("what_note"))
    feedback.rate(desk.session, desk.now, spoken_of(desk, args), rating)
    return "ok", {}


WORK: Mapping[str, Work] = {"can_rate": can_rate, "rate": rate}
