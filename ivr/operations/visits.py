"""Free slots, seats held, bookings made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from booking import bookings, holds, slots
from ivr.operations.desk import Args, Desk, Outcome, Work, local_time


def find(desk: Desk, args: Args) -> Outcome:
    """exact, same_day, later or none, with the `offers`; `why` nothing can be had on the day itself."""
    city, area = _place(args)
    day = date.fromisoformat(args["date"]) if args.get("date") else None
    at = time.fromisoformat(args["time"]) if args.get("time") else None
    wish = slots.Wish(city, day, args.get("daypart"), at, area=area)
    found = slots.find(desk.session, desk.now, desk.rules, wish, conversation=desk.conversation)
    why = slots.why_closed(desk.session, desk.now, desk.rules, city, day, area) if day else None
    offers = [s.starts_at.replace(tzinfo=None).isoformat() for s in found.slots]
    return found.relation, {"offers": offers, "relation": found.relation, "why": why}


def hold(desk: Desk, args: Args) -> Outcome:
    """ok, taken or closed."""
    if args.get("resumed_from"):
        holds.release(desk.session, args["resumed_from"])
    city, area = _place(args)
    holds.hold(desk.session, desk.now, desk.rules, city, local_time(args["slot"]), desk.conversation, area=area)
    return "ok", {}


def book(desk: Desk, args: Args) -> Outcome:
    """ok with the `number`; hold_lost, closed or service_closed."""
    order = bookings.Order(
        conversation=desk.conversation,
        service=args["service"],
        city=args["city"],
        area=args.get("area") or "",
        starts_at=local_time(args["slot"]),
        mobile=args["mobile"],
        pin=args["pin"],
        note=args.get("note"),
        language=args["language"],
        caller=args.get("caller"),
    )
    return "ok", {"number": bookings.book(desk.session, desk.now, desk.rules, order, desk.notices).number}


def _place(args: Args) -> tuple[str, str]:
    """City and area: of the booking that is moved, else those that the caller named."""
    if args.get("task") == "move":
        moved = args["records"][0]
        return moved["city"], moved["area"]
    return args["city"], args.get("area") or ""


WORK: Mapping[str, Work] = {"find_slots": find, "hold": hold, "book": book}
