"""Reaching an agent now, or promising that one calls back."""

from __future__ import annotations

from collections.abc import Mapping

from booking import callbacks
from booking.hours import agents_open, as_stored
from ivr.operations.desk import Args, Desk, Outcome, Work, spoken_time

_NOT_TOLD = ("records", "freed", "last4")  # not what the caller said, or what proves something


def reach(desk: Desk, args: Args) -> Outcome:
    """open: within the agents' hours; else a promise."""
    if agents_open(desk.now, as_stored(desk.session, desk.hours)):
        return "open", {}
    return promise(desk, args)


def promise(desk: Desk, args: Args) -> Outcome:
    """promised (`due`, None: as soon as one is free), no_number: nobody knows where to call."""
    if not args.get("caller"):
        return "no_number", {}
    summary = {name: value for name, value in args.items() if name not in _NOT_TOLD}
    wanted = callbacks.Wanted(
        args["caller"], str(args.get("reason", "asked")), args["language"], desk.conversation, summary
    )
    due = callbacks.promise(desk.session, desk.now, desk.hours, wanted)
    return "promised", {"due": None if due <= desk.now else spoken_time(due)}


WORK: Mapping[str, Work] = {"reach_agent": reach, "promise_callback": promise}
