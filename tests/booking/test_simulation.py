"""A small season over the leap day on both stores, and that the checks see what is wrong."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app import main
from booking.errors import SendFailed
from booking.simulation.carrier import Carrier, fingerprint
from booking.simulation.checks import broken
from booking.simulation.day import Worker
from booking.simulation.plan import Plan, found
from booking.simulation.season import SeasonError, simulate
from booking.simulation.worker import Clocks
from booking.zone import ZONE
from models.store import Store
from tests.booking.town import NOW, found_town, holds_and_books

LEAP = Plan(first=date(2028, 2, 28), days=2, bookings=20, cities=3, executives=8, kills=1)
LATER = datetime(2029, 1, 1, tzinfo=ZONE)


def test_a_season_over_the_leap_day_with_a_killed_process_breaks_nothing(empty_url: str, tmp_path: Path) -> None:
    report = simulate(empty_url, LEAP, tmp_path)
    assert report.broken == ()
    assert report.kills == 1
    assert 20 < report.figures["bookings"] <= 40
    assert report.figures["notices sent"] > report.figures["bookings"]


def test_a_season_that_was_broken_off_is_gone_on_with(empty_url: str, tmp_path: Path) -> None:
    def interrupt(day: date) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(empty_url, LEAP, tmp_path, interrupt)
    days: list[date] = []
    report = simulate(empty_url, LEAP, tmp_path, days.append)
    assert days == [LEAP.last]
    assert report.broken == ()
    assert report.outcomes["booked"] > 20  # of both days
    again = simulate(empty_url, LEAP, tmp_path, days.append)  # of a season that is over only the end
    assert (again.broken, again.figures["bookings"], days) == ((), report.figures["bookings"], [LEAP.last])
    with pytest.raises(SeasonError, match="a season of other numbers"):
        simulate(empty_url, replace(LEAP, days=3), tmp_path)


def test_a_process_that_knows_of_nothing_does_a_day_again_without_booking_twice(store: Store, tmp_path: Path) -> None:
    plan = Plan(first=date(2027, 12, 31), days=1, bookings=12, cities=3, executives=8, workers=1)
    found(store, plan)
    for _ in range(2):
        Worker(store, plan, Carrier(tmp_path / "carrier"), 0).day(plan.first, 0, lambda _: None)
    with store.read() as session:
        once = "SELECT COUNT(*), COUNT(DISTINCT conversation_id) FROM bookings"
        bookings, conversations = session.execute(text(once)).one()
    assert bookings == conversations > 8


WRONG = {
    "more bookings than seats": "UPDATE slots SET seats = 0",
    "no seat": "DELETE FROM seat_claims",
    "not begun exactly once": "DELETE FROM booking_events",
    "not that of its last event": "UPDATE bookings SET stage = 'visited'",
    "cancelled booking has a seat": "UPDATE bookings SET stage = 'cancelled'",
    "without an event": "UPDATE bookings SET version = 2",
    "booked is not told once": "DELETE FROM notices",
    "moved is told without a cause": "UPDATE notices SET event = 'moved'",
    "not one planned visit": "UPDATE bookings SET stage = 'assigned'",
    "was not sent": "UPDATE notices SET attempts = 1",
    "without the carrier's id": "UPDATE notices SET state = 'sent'",
    "not taken 1 notice": "UPDATE notices SET state = 'sent', carrier_id = 'x', attempts = 1",
    "hold is left": "UPDATE seat_claims SET booking_id = NULL, conversation_id = 'c', expires_at = '2026-01-01'",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_seen(store: Store, what: str) -> None:
    found_town(store)
    holds_and_books(store)
    with store.begin() as session:
        session.execute(text(WRONG[what]))
    assert any(what in found for found in broken(store, LEAP, LATER, Counter()))


def test_a_carrier_remembers_what_it_took_and_fails_now_and_then(tmp_path: Path) -> None:
    first = Carrier(tmp_path / "carrier", NOW)
    failed = Counter[bool]()
    for n in range(2000):
        try:
            first.send(f"+91{n}", "text", "", {})
        except SendFailed as failure:
            failed[failure.permanent] += 1
    assert failed[False] > failed[True] > 0
    second = Carrier(tmp_path / "carrier")  # another process
    assert second.taken().total() == 2000 - failed.total()
    key = next(iter(second.taken()))
    taken = [n for n in range(2000) if fingerprint(f"+91{n}", "text") == key]
    assert second.sent(f"+91{taken[0]}", "text", NOW) == f"{key[:22]}{NOW.timestamp():.0f}"
    assert second.sent(f"+91{taken[0]}", "text", NOW + timedelta(seconds=1)) is None
    assert second.sent("+91", "never sent", NOW) is None


def test_a_carrier_looks_back_as_far_as_it_is_asked_to_whoever_took_the_message(tmp_path: Path) -> None:
    since, other = NOW + timedelta(days=8), Carrier(tmp_path / "carrier")
    found: list[list[bool]] = []
    for days in (range(10), range(10, 12)):  # the second time it has read the list before
        took = Carrier(tmp_path / "carrier")
        for day in days:
            took.now = NOW + timedelta(days=day)
            for n in range(5):
                with suppress(SendFailed):
                    took.send(f"+91{n}", f"day {day}", "", {})
        found.append([any(other.sent(f"+91{n}", f"day {day}", since) for n in range(5)) for day in range(12)])
    assert found == [[False] * 8 + [True] * 2 + [False] * 2, [False] * 8 + [True] * 4]


def test_a_message_that_went_out_before_its_notice_became_useless_is_no_mistake_and_one_twice_is(store: Store) -> None:
    found_town(store)
    holds_and_books(store)
    with store.begin() as session:
        session.execute(text("UPDATE notices SET state = 'expired', attempts = 1"))
        recipient, message = session.execute(text("SELECT recipient, text FROM notices")).one()
    once = Counter([fingerprint(recipient, message)])
    assert not any("carrier" in what for what in broken(store, LEAP, LATER, once))
    assert any("1 once too often" in what for what in broken(store, LEAP, LATER, once + once))


def test_a_worker_waits_for_one_that_is_far_behind_and_never_when_it_is_the_last(tmp_path: Path) -> None:
    ahead, behind = (Clocks(tmp_path, LEAP) for _ in range(2))
    ahead.set(0.0)
    asked: list[float] = []

    def other_goes_on() -> None:
        asked.append(0.0)
        behind.show(1, 3000.0)

    ahead.wait(0, 3600.0, other_goes_on)
    behind.wait(1, 3000.0, lambda: pytest.fail("the last one waits"))
    assert len(asked) == 1


@pytest.fixture
def small() -> list[str]:
    return "--days 1 --bookings 6 --cities 2 --executives 2 --kills 0 --workers 1".split()


def test_the_command_prints_a_report(small: list[str]) -> None:
    done = CliRunner().invoke(main, ["simulate", "--first", "2027-12-31", *small])
    assert done.exit_code == 0, done.output
    assert "every invariant holds" in done.output


def test_a_store_that_is_in_use_is_refused(town: Store, empty_url: str, small: list[str]) -> None:
    url = town.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(main, ["simulate", "--url", url, *small])
    assert done.exit_code == 1
    assert "needs an empty store" in done.output
