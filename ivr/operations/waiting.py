"""The waiting list: joining it, and the seat that is offered to who waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from booking import waiting
from booking.errors import NotOwner
from ivr.operations.desk import Args, Desk, Outcome, Work, caller_mobile, spoken_time
from models.waiting import Waiting


def join(desk: Desk, args: Args) -> Outcome:
    """ok; service_closed. From the day wished for (or tomorrow) to the end of the days that can be booked."""
    wished = date.fromisoformat(args["date"]) if args.get("date") else None
    first, last = waiting.days_for(desk.now, desk.rules, wished)
    what = waiting.NewWaiting(
        service=args["service"],
        city=args["city"],
        area=args.get("area") or "",
        first_day=first,
        last_day=last,
        daypart=args.get("daypart"),
        mobile=args["mobile"],
        conversation=desk.conversation,
        pin=args["pin"],
        note=args.get("note"),
        language=args["language"],
        caller=args.get("caller"),
        replay_key=f"{desk.conversation}/{args['service']}/{args['city']}",
    )
    waiting.join(desk.session, desk.now, what, desk.notices)
    return "ok", {}


def take(desk: Desk, args: Args) -> Outcome:
    """ok with the booking's `number`; too_late, unfit or hold_lost: it is gone."""
    row = _own(desk, args)
    where = waiting.Taking(pin=str(args.get("pin") or ""), note=args.get("note")) if not row.pin else waiting.Taking()
    booking = waiting.take(desk.session, desk.now, desk.rules, row, where, wording=desk.notices)
    return "ok", {"number": booking.number}


def decline(desk: Desk, args: Args) -> Outcome:
    """ok: the seat is given up, the place in the line kept; ended: that, too. unfit: nothing is offered any more."""
    kept = waiting.decline(desk.session, desk.now, _own(desk, args), desk.notices)
    return ("ok" if kept else "ended"), {}


def _own(desk: Desk, args: Args) -> Waiting:
    row = waiting.find(desk.session, int(args["freed"]["waiting"]))
    if row.mobile != caller_mobile(args):
        raise NotOwner
    return row


def freed_for(session: Session, now: Any, mobile: str | None) -> dict[str, Any] | None:
    """The seat that is held for a waiting mobile now, as the dialog tells it; None."""
    for row in waiting.of_mobile(session, mobile) if mobile else ():
        if row.state == "offered" and row.slot is not None and row.offer_until is not None and now < row.offer_until:
            slot = spoken_time(row.slot.starts_at)
            place = {"service": row.service_id, "city": row.city_id, "unplaced": not row.pin}
            return {"waiting": row.id, "slot": slot, **place}
    return None


WORK: Mapping[str, Work] = {"join_waiting": join, "take_freed": take, "decline_freed": decline}
