"""What the operations find and tell of a caller's bookings, complaints and appeals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.appeal_orders import decide
from booking.appeals import NewAppeal, register
from booking.complaint_closing import rate
from booking.complaints import by_number, resolve
from booking.hours import AgentHours
from booking.notices import notices
from booking.tracking import by_number as booking_of
from booking.zone import local_day
from ivr.operations import Operations
from models.store import Store
from tests.booking.grievances import ADMIN, AGENT, MOBILE, OFFICE, complains, found_levels
from tests.booking.life import cancels, goes, goes_until
from tests.booking.town import NOW, RULES, found_town, holds_and_books

DAY = timedelta(days=1)


def asks(store: Store, op: str, now: datetime = NOW, **args: Any) -> tuple[str, dict[str, Any]]:
    desk = Operations(store, RULES, AgentHours(), notices())
    return desk.run(op, {"caller": f"+91{MOBILE}", "language": "hi", **args}, "c9", now)


def of(number: str) -> list[dict[str, Any]]:
    return [{"number": number, "version": 1}]


def rejected(store: Store) -> str:
    found_town(store)
    number = holds_and_books(store).number
    goes_until(store, number, "in_verification")
    goes(store, number, "rejected", OFFICE, why="wrong papers")
    return number


def appeals(store: Store, **about: str) -> None:
    with store.begin() as session:
        register(session, NOW, NewAppeal(MOBILE, **about), AGENT)


def test_of_more_entries_than_are_told_the_newest_are_found_and_that_there_are_older_ones(store: Store) -> None:
    found_town(store)
    made = [complains(store, now=NOW + timedelta(minutes=n)).number for n in range(6)]
    outcome, found = asks(store, "find_mine", NOW + DAY, task="track")
    assert (outcome, found["older"]) == ("several", True)
    assert [record["number"] for record in found["records"]] == made[:0:-1]
    complains(store, mobile="9812345601")
    assert asks(store, "find_mine", NOW, task="track", caller="+919812345601")[1]["older"] is None


@pytest.mark.parametrize(("days", "may"), [(30, True), (31, False)])
def test_an_appeal_is_spoken_of_only_while_it_is_possible(store: Store, days: int, may: bool) -> None:
    number = rejected(store)
    (record,) = asks(store, "find_mine", NOW + days * DAY, task="track")[1]["records"]
    assert record.get("appealable", False) is may
    outcome, found = asks(store, "find_mine", NOW + days * DAY, task="appeal")
    assert (outcome, [r["number"] for r in found["records"]]) == ("one" if may else "perhaps", [number])


def test_about_what_was_given_up_nobody_is_asked_whether_it_is_appealed(store: Store) -> None:
    found_town(store)
    cancels(store, holds_and_books(store).number)
    assert asks(store, "find_mine", task="appeal")[0] == "none"


def test_an_appeal_made_meanwhile_is_told_as_pending(store: Store) -> None:
    number = rejected(store)
    assert asks(store, "can_appeal", records=of(number))[0] == "ok"
    appeals(store, booking=number)
    outcome, found = asks(store, "register_appeal", records=of(number))
    assert outcome == "pending"
    assert found["decide_by"]


def test_after_an_appeal_that_was_allowed_it_is_said_that_it_was(store: Store) -> None:
    found_town(store)
    number = holds_and_books(store).number
    goes_until(store, number, "in_verification")
    with store.begin() as session:
        booking_of(session, number).due_on = local_day(NOW) - DAY
    with store.begin() as session:
        made = register(session, NOW, NewAppeal(MOBILE, booking=number), AGENT)
        decide(session, NOW + DAY, made, "allowed", "Be quick.", ADMIN)
    assert asks(store, "can_appeal", NOW + 2 * DAY, records=of(number))[0] == "allowed"


def test_who_was_not_satisfied_may_appeal_for_that_and_not_for_a_rejection(store: Store) -> None:
    found_town(store)
    found_levels(store)
    made = complains(store)
    with store.begin() as session:
        complaint = by_number(session, made.number)
        assert complaint is not None
        resolve(session, NOW, complaint, OFFICE, "done")
        rate(session, NOW, complaint, 1, AGENT)
    outcome, found = asks(store, "can_appeal", records=of(made.number))
    assert (outcome, found["appeal_ground"]) == ("ok", "ground.unsatisfied")
    (record,) = asks(store, "find_mine", task="track")[1]["records"]
    assert record["unsatisfied"] is True
    assert "ratable" not in record


@pytest.mark.parametrize(("levels", "higher"), [(True, True), (False, None)])
def test_a_higher_office_is_spoken_of_only_where_there_is_one(store: Store, levels: bool, higher: bool | None) -> None:
    found_town(store)
    if levels:
        found_levels(store)
    made = complains(store)
    with store.begin() as session:
        complaint = by_number(session, made.number)
        assert complaint is not None
        version = resolve(session, NOW, complaint, OFFICE, "done").version
    outcome, found = asks(store, "reopen", records=[{"number": made.number, "version": version}])
    assert (outcome, found["higher"]) == ("ok", higher)


def test_a_booking_whose_hour_is_over_without_news_is_told_as_late(store: Store) -> None:
    found_town(store)
    made = holds_and_books(store)
    end = made.starts_at + timedelta(minutes=RULES.slot_min)
    for now, late in ((end - timedelta(seconds=1), False), (end, True)):
        (record,) = asks(store, "find_mine", now, task="track")[1]["records"]
        assert record.get("late", False) is late
