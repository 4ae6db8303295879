from __future__ import annotations

from datetime import timedelta

import pytest

import booking.assigning
from booking.assigning import Report, assign_all
from booking.moving import move
from booking.tracking import by_number
from models.catalogue import CityRow
from models.store import Store
from tests.booking.life import AGENT, told
from tests.booking.team import MANY, assigns, assigns_due, booked, comes, executive, hires, visits
from tests.booking.town import NOW, TEN, at


def test_a_run_assigns_what_begins_today_tomorrow_and_the_day_after(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    soon = [booked(town, f"c{n}", start) for n, start in enumerate([at(22, 12), at(23, 8), at(24, 19)])]
    later = booked(town, "c9", at(25, 8))
    assert assigns_due(town) == Report(3, ())
    assert all(comes(town, n) for n in soon)
    assert comes(town, later) is None
    assert assigns_due(town) == Report(0, ())
    assert assigns_due(town, days=3) == Report(1, ())


def test_a_run_tells_everybody_once(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    assigns_due(town)
    assigns_due(town)
    assert told(town, number) == ["booked", "assigned"]


def test_whom_nobody_is_free_for_is_reported_and_gets_somebody_later(town: Store) -> None:
    hires(town, executive("M-1"))
    first, second = booked(town, "c1"), booked(town, "c2")
    durg = booked(town, "c3", city="durg")
    assert assigns_due(town) == Report(1, (durg, second))
    assert (comes(town, first), comes(town, second)) == ("M-1", None)
    hires(town, executive("M-2"), executive("D-1", city_id="durg"))
    assert assigns_due(town) == Report(2, ())
    assert (comes(town, second), comes(town, durg)) == ("M-2", "D-1")


def test_what_has_begun_is_left_to_people(town: Store) -> None:
    hires(town, executive("M-1"))
    booked(town)
    assert assigns_due(town, TEN) == Report()
    assert assigns_due(town, TEN - timedelta(microseconds=1)) == Report(1)


def test_the_days_ahead_are_local_days(town: Store) -> None:
    hires(town, executive("M-1"))
    booked(town, start=at(25, 8))
    assert assigns_due(town, at(22, 23, 59)) == Report()
    assert assigns_due(town, at(23, 0)) == Report(1)


def test_a_moved_booking_gets_an_executive_for_its_new_time(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    other = booked(town, "c2", at(24, 10))
    number = booked(town, "c1", at(24, 9))
    assigns(town, number, "M-1")
    assigns(town, other, "M-1")
    with town.begin() as session:
        move(session, NOW, MANY, by_number(session, number), at(24, 10), AGENT)
    assert comes(town, number) is None
    assert assigns_due(town) == Report(1)
    assert visits(town, number) == [("M-1", "dropped", "documents"), ("M-2", "planned", "documents")]
    assert told(town, number)[-2:] == ["moved", "assigned"]


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_long_run_goes_on_in_short_transactions(town: Store, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(booking.assigning, "BATCH", batch)
    with town.begin() as session:
        session.add(CityRow(id="bhilai", hi="भिलाई", en="Bhilai", also=[]))
    hires(town, executive("M-1", capacity=3), executive("B-1", city_id="bhilai"))
    raipur = [booked(town, f"r{n}", at(23, 8 + n // 2)) for n in range(8)]
    bhilai = [booked(town, f"b{n}", at(23, 8 + n), city="bhilai") for n in range(3)]
    report = assign_all(town, NOW)
    assert report.assigned == 6
    assert [n for n in raipur if comes(town, n)] == [raipur[0], raipur[2], raipur[4]]
    assert list(report.nobody_free) == [raipur[n] for n in (1, 3, 5, 6, 7)]
    assert all(comes(town, n) == "B-1" for n in bhilai)


def test_without_bookings_there_is_nothing_to_do(town: Store) -> None:
    assert assigns_due(town) == assign_all(town, NOW) == Report()
