from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.actors import CALLER, JOB, Actor
from booking.errors import BookingError, Conflict, NobodyFree, NotAllowed, NotFound, TooLate
from models.areas import Area
from models.executives import Absence
from models.store import Store
from tests.booking.life import AGENT, cancels, happened, last_event, told
from tests.booking.team import assigns, booked, comes, executive, hires, visits
from tests.booking.town import TEN, at

MONDAY = date(2026, 11, 23)


def test_an_assigned_booking_has_its_executive_its_visit_its_event_and_its_notice(town: Store) -> None:
    hires(town, executive("M-7", hi="रमेश वर्मा", en="Ramesh Verma"))
    number = booked(town)
    done = assigns(town, number)
    assert (done.stage, done.executive_id, done.version) == ("assigned", "M-7", 2)
    assert visits(town, number) == [("M-7", "planned", "documents")]
    assert happened(town, number)[1:] == [("assigned", "booked", "assigned", "agent:7")]
    assert last_event(town, number).data is not None
    with town.read() as session:
        notice = session.merge(done, load=True).notices[-1]
        assert notice.event == "assigned"
        assert "रमेश वर्मा" in notice.text
        assert "M-7" in notice.text


def test_visits_are_shared_out_evenly(town: Store) -> None:
    hires(town, *(executive(f"M-{n}") for n in (1, 2, 3)))
    got = [assigns(town, booked(town, f"c{n}", at(23, 8 + n))).executive_id for n in range(6)]
    assert got == ["M-1", "M-2", "M-3"] * 2


def test_who_has_fewer_visits_that_week_goes_before_who_comes_first_by_number(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    assert assigns(town, booked(town, "c1", at(24, 8))).executive_id == "M-1"
    assert assigns(town, booked(town, "c2", at(25, 8))).executive_id == "M-2"
    assert assigns(town, booked(town, "c3", at(26, 8)), "M-1").executive_id == "M-1"
    assert assigns(town, booked(town, "c4", at(27, 8))).executive_id == "M-2"  # 1 that week against 2
    assert assigns(town, booked(town, "c5", at(30, 8))).executive_id == "M-1"  # a new week begins


def test_nobody_is_at_two_places_at_a_time(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    numbers = [booked(town, f"c{n}") for n in range(3)]
    assert [assigns(town, n).executive_id for n in numbers[:2]] == ["M-1", "M-2"]
    with pytest.raises(NobodyFree, match="add one to the team"):
        assigns(town, numbers[2])
    assert comes(town, numbers[2]) is None


@pytest.mark.parametrize(
    "values",
    [
        {"weekdays": [1, 2, 3, 4, 5, 6]},
        {"until": date(2026, 11, 22)},
        {"since": date(2026, 11, 24)},
        {"city_id": "durg"},
        {"capacity": 0},
    ],
    ids=lambda v: next(iter(v)),
)
def test_who_does_not_work_there_that_day_does_not_come(town: Store, values: dict[str, object]) -> None:
    hires(town, executive("M-1", **values))
    number = booked(town)
    with pytest.raises(NobodyFree):
        assigns(town, number)
    with pytest.raises(NobodyFree):
        assigns(town, number, "M-1")


def test_the_first_and_the_last_day_of_work_count(town: Store) -> None:
    hires(town, executive("M-1", since=MONDAY, until=MONDAY))
    assert assigns(town, booked(town)).executive_id == "M-1"


def test_who_is_absent_does_not_come(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    with town.begin() as session:
        session.add(Absence(executive_id="M-1", day=MONDAY))
    number = booked(town)
    with pytest.raises(NobodyFree, match="M-1 does not work"):
        assigns(town, number, "M-1")
    assert assigns(town, number).executive_id == "M-2"


def test_nobody_gets_more_visits_a_day_than_his_capacity(town: Store) -> None:
    hires(town, executive("M-1", capacity=2), executive("M-2", capacity=1))
    got = [assigns(town, booked(town, f"c{n}", at(23, 8 + n))).executive_id for n in range(3)]
    assert got == ["M-1", "M-2", "M-1"]
    with pytest.raises(NobodyFree):
        assigns(town, booked(town, "c4", at(23, 14)))
    assert assigns(town, booked(town, "c5", at(24, 14))).executive_id == "M-2"  # fewer that week


def test_an_area_is_served_by_its_own_team_and_by_those_of_the_whole_city(town: Store) -> None:
    with town.begin() as session:
        session.add_all(
            Area(id=name, city_id="raipur", hi="क", en=name, places=[], pins=[]) for name in ("north", "south")
        )
    hires(town, executive("M-1", area="south"), executive("M-2", area="north"), executive("M-3"))
    numbers = [booked(town, f"c{n}", area="north") for n in range(3)]
    assert [assigns(town, n).executive_id for n in numbers[:2]] == ["M-2", "M-3"]
    with pytest.raises(NobodyFree):
        assigns(town, numbers[2])
    with pytest.raises(NobodyFree, match="belongs to the area south"):
        assigns(town, numbers[2], "M-1")


def test_a_booking_made_before_its_city_had_areas_is_everybodys(town: Store) -> None:
    number = booked(town)
    with town.begin() as session:
        session.add(Area(id="north", city_id="raipur", hi="क", en="north", places=[], pins=[]))
    hires(town, executive("M-1", area="north"))
    assert assigns(town, number).executive_id == "M-1"


def test_who_is_assigned_already_stays(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    number = booked(town)
    first = assigns(town, number)
    assert assigns(town, number).version == first.version
    assert assigns(town, number, "M-1").version == first.version
    assert told(town, number) == ["booked", "assigned"]


def test_another_executive_can_be_named_instead_and_the_citizen_is_told(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2", hi="रमेश वर्मा"))
    number = booked(town)
    assigns(town, number)
    done = assigns(town, number, "M-2", why="nearer")
    assert (done.stage, done.executive_id, done.version) == ("assigned", "M-2", 3)
    assert visits(town, number) == [("M-1", "dropped", "documents"), ("M-2", "planned", "documents")]
    event = last_event(town, number)
    assert (event.what, event.why, event.from_stage, event.to_stage) == ("reassigned", "nearer", "assigned", "assigned")
    assert told(town, number)[-1] == "reassigned"
    assert comes(town, number) == "M-2"


def test_who_is_elsewhere_cannot_be_named_instead_and_the_first_one_stays(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    first, second = booked(town, "c1"), booked(town, "c2")
    assigns(town, first)
    assigns(town, second)
    with pytest.raises(NobodyFree, match="another visit at that time"):
        assigns(town, first, "M-2")
    assert visits(town, first) == [("M-1", "planned", "documents")]


def test_a_number_that_no_executive_has_is_said(town: Store) -> None:
    with pytest.raises(NotFound, match="executive M-99"):
        assigns(town, booked(town), "M-99")


@pytest.mark.parametrize("actor", [CALLER, Actor("executive", "M-1")])
def test_neither_citizens_nor_executives_say_who_comes(town: Store, actor: Actor) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    number = booked(town)
    with pytest.raises(NotAllowed):
        assigns(town, number, "M-1", actor)
    assigns(town, number, "M-1", JOB)
    with pytest.raises(NotAllowed):
        assigns(town, number, "M-2", actor)


def test_a_day_that_is_over_gets_no_executive_but_a_late_one_of_today_does(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    with pytest.raises(TooLate):
        assigns(town, number, now=at(24, 0))
    assert assigns(town, number, now=TEN + timedelta(minutes=20)).stage == "assigned"


def test_who_has_seen_an_older_version_must_look_again(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    number = booked(town)
    assigns(town, number, expected_version=1)
    with pytest.raises(Conflict):
        assigns(town, number, "M-2", expected_version=1)
    assert comes(town, number) == "M-1"


def test_a_cancelled_booking_gets_no_executive(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town, start=at(25, 10))
    assigns(town, number, actor=AGENT)
    cancels(town, number)
    assert visits(town, number) == [("M-1", "dropped", "documents")]
    with pytest.raises(BookingError, match="cancelled to assigned"):
        assigns(town, number)
