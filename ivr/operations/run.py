"""Carrying out an operation by its name: in one transaction, with every failure an outcome."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from booking import errors
from booking.hours import AgentHours
from booking.notices import Notices
from booking.rules import VisitRules
from ivr.operations import agents, appeals, change, complaints, documents, feedback, lookup, visits, waiting
from ivr.operations.desk import Args, Desk, Limits, Outcome, Work
from models.store import Store, StoreError

log = logging.getLogger(__name__)

UNREACHABLE = "unreachable"  # an outcome that no flow names: it takes it for "error"

WORK: Mapping[str, Work] = {
    name: work
    for family in (agents, appeals, change, complaints, documents, feedback, lookup, visits, waiting)
    for name, work in family.WORK.items()
}
REFUSALS: Mapping[type[errors.BookingError], str] = {
    errors.SlotTaken: "taken",
    errors.SlotClosed: "closed",
    errors.HoldLost: "hold_lost",
    errors.ServiceClosed: "service_closed",
    errors.NotFound: "not_found",
    errors.NotOwner: "not_owner",
    errors.TooLate: "too_late",
    errors.TooEarly: "not_yet",
    errors.NotAllowed: "unfit",
    errors.Conflict: "conflict",
}


@dataclass(frozen=True)
class Operations:
    """The operations over one store; thread-safe. `told` hears of every operation and its outcome."""

    store: Store
    rules: VisitRules
    hours: AgentHours
    notices: Notices
    told: Callable[[str, str], None] = lambda op, outcome: None
    limits: Limits = field(default_factory=Limits)

    def run(self, op: str, args: Args, conversation: str, now: datetime) -> Outcome:
        """Carry out `op`. Never raises: a refusal of the domain is an outcome, a store that cannot be reached is
        UNREACHABLE, any other failure of it "error"."""
        outcome, data = self._run(op, args, conversation, now)
        self.told(op, outcome)
        return outcome, data

    def _run(self, op: str, args: Args, conversation: str, now: datetime) -> Outcome:
        try:
            with self.store.begin() as session:
                desk = Desk(session, now, conversation, self.rules, self.hours, self.notices, self.limits)
                return WORK[op](desk, args)
        except errors.BookingError as refusal:
            log.info("conversation %s: %s refused: %s", conversation, op, refusal.code)
            return REFUSALS.get(type(refusal), "error"), {}
        except StoreError as error:
            log.warning("conversation %s: %s waits: %s", conversation, op, error)
            return UNREACHABLE, {}
        except SQLAlchemyError as error:
            log.error("conversation %s: %s failed: %s", conversation, op, type(error).__name__, exc_info=error)
            return "error", {}
