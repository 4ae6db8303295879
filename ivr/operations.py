"""The operations of a flow's "do" nodes, carried out in the booking domain; each answers an outcome and plain JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from booking import bookings, callbacks, holds, slots
from booking.errors import BookingError, HoldLost, ServiceClosed, SlotClosed, SlotTaken
from booking.hours import AgentHours, agents_open
from booking.notices import Notices
from booking.rules import VisitRules
from ivr.clock import ZONE
from models.store import Store, StoreError

log = logging.getLogger(__name__)

UNREACHABLE = "unreachable"  # an outcome that no flow names: it takes it for "error"
Args = Mapping[str, Any]
Outcome = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Operations:
    """The operations over one store; thread-safe. `told` hears of every operation and its outcome."""

    store: Store
    rules: VisitRules
    hours: AgentHours
    notices: Notices
    told: Callable[[str, str], None] = lambda op, outcome: None

    def run(self, op: str, args: Args, conversation: str, now: datetime) -> Outcome:
        """Carry out `op`. Never raises: a refusal of the domain is an outcome, a store that cannot be reached is
        UNREACHABLE, any other failure of it "error"."""
        outcome, data = self._run(op, args, conversation, now)
        self.told(op, outcome)
        return outcome, data

    def _run(self, op: str, args: Args, conversation: str, now: datetime) -> Outcome:
        work: dict[str, Callable[[Session, Args, str, datetime], Outcome]] = {
            "find_slots": self._find, "hold": self._hold, "book": self._book,
            "reach_agent": self._reach, "promise_callback": self._promise,
        }  # fmt: skip
        try:
            with self.store.begin() as session:
                return work[op](session, args, conversation, now)
        except BookingError as refusal:
            log.info("conversation %s: %s refused: %s", conversation, op, refusal.code)
            return _refused(refusal)
        except StoreError as error:
            log.warning("conversation %s: %s waits: %s", conversation, op, error)
            return UNREACHABLE, {}
        except SQLAlchemyError as error:
            log.error("conversation %s: %s failed: %s", conversation, op, type(error).__name__, exc_info=error)
            return "error", {}

    def _find(self, session: Session, args: Args, conversation: str, now: datetime) -> Outcome:
        day = date.fromisoformat(args["date"]) if args.get("date") else None
        at = time.fromisoformat(args["time"]) if args.get("time") else None
        wish = slots.Wish(args["city"], day, args.get("daypart"), at)
        found = slots.find(session, now, self.rules, wish, conversation=conversation)
        why = slots.why_closed(session, now, self.rules, args["city"], day) if day else None
        offers = [s.starts_at.replace(tzinfo=None).isoformat() for s in found.slots]
        return found.relation, {"offers": offers, "relation": found.relation, "why": why}

    def _hold(self, session: Session, args: Args, conversation: str, now: datetime) -> Outcome:
        if args.get("resumed_from"):
            holds.release(session, args["resumed_from"])
        holds.hold(session, now, self.rules, args["city"], _local(args["slot"]), conversation)
        return "ok", {}

    def _book(self, session: Session, args: Args, conversation: str, now: datetime) -> Outcome:
        order = bookings.Order(
            conversation=conversation,
            service=args["service"],
            city=args["city"],
            starts_at=_local(args["slot"]),
            mobile=args["mobile"],
            pin=args["pin"],
            note=args.get("note"),
            language=args["language"],
            caller=args.get("caller"),
        )
        return "ok", {"number": bookings.book(session, now, self.rules, order, self.notices).number}

    def _reach(self, session: Session, args: Args, conversation: str, now: datetime) -> Outcome:
        if agents_open(now, self.hours.open_h, self.hours.close_h):
            return "open", {}
        return self._promise(session, args, conversation, now)

    def _promise(self, session: Session, args: Args, conversation: str, now: datetime) -> Outcome:
        if not args.get("caller"):
            return "no_number", {}
        wanted = callbacks.Wanted(
            args["caller"], str(args.get("reason", "asked")), args["language"], conversation, dict(args)
        )
        due = callbacks.promise(session, now, self.hours, wanted)
        if due <= now:  # within the agents' hours: as soon as one is free
            return "promised", {"due": None}
        return "promised", {"due": due.astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0).isoformat()}


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _refused(refusal: BookingError) -> Outcome:
    names = {SlotTaken: "taken", SlotClosed: "closed", HoldLost: "hold_lost", ServiceClosed: "service_closed"}
    return names.get(type(refusal), "error"), {}
