"""The time limits of complaints and appeals on the telephone are the configured ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from booking.appeal_rules import AppealRules
from booking.complaint_stages import ComplaintRules
from booking.complaints import by_number, resolve
from booking.hours import AgentHours
from booking.notices import notices
from ivr.operations import Operations
from ivr.operations.desk import Limits
from models.store import Store
from tests.booking.grievances import MOBILE, OFFICE, complains, found_levels
from tests.booking.life import goes, goes_until
from tests.booking.town import NOW, RULES, found_town, holds_and_books

DAY = timedelta(days=1)


def asked(
    store: Store, op: str, number: str, days: int, limits: Limits, version: int = 1
) -> tuple[str, dict[str, Any]]:
    desk = Operations(store, RULES, AgentHours(), notices(), limits=limits)
    records = [{"number": number, "version": version}]
    return desk.run(op, {"records": records, "caller": f"+91{MOBILE}", "language": "hi"}, "c9", NOW + days * DAY)


def test_a_complaint_is_reopened_within_the_configured_days(store: Store) -> None:
    found_town(store)
    found_levels(store)
    made = complains(store)
    with store.begin() as session:
        version = resolve(session, NOW, by_number(session, made.number), OFFICE, "done").version  # type: ignore[arg-type]
    limits = Limits(complaints=ComplaintRules(reopen_days=3))
    assert asked(store, "reopen", made.number, 4, limits, version)[0] == "too_late"
    assert asked(store, "reopen", made.number, 3, limits, version)[0] == "ok"


def test_an_appeal_is_possible_within_the_configured_days(store: Store) -> None:
    found_town(store)
    number = holds_and_books(store).number
    goes_until(store, number, "in_verification")
    goes(store, number, "rejected", OFFICE, why="wrong papers")
    limits = Limits(appeals=AppealRules(first=5))
    assert asked(store, "can_appeal", number, 6, limits)[0] == "too_late"
    assert asked(store, "can_appeal", number, 5, limits)[0] == "ok"
    assert asked(store, "register_appeal", number, 6, limits)[0] == "too_late"
