from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from booking.absences import absent, present, relieve
from booking.assigning import Report
from booking.errors import NotFound, TooLate
from models.areas import Area
from models.executives import Absence
from models.notices import Notice
from models.store import Store
from tests.booking.life import AGENT, happened, last_event, told
from tests.booking.team import assigns, assigns_due, booked, comes, executive, hires, visits
from tests.booking.town import NOW, TEN, at

MONDAY = date(2026, 11, 23)


def stays_away(store: Store, who: str = "M-1", day: date = MONDAY, now: Any = NOW, why: str = "ill") -> Report:
    with store.begin() as session:
        return absent(session, now, who, day, AGENT, reason=why)


def test_visits_of_an_absent_executive_go_to_others_and_the_citizens_are_told(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    numbers = [booked(town, f"c{n}", at(23, 9 + n)) for n in range(2)]
    tuesday = booked(town, "c3", at(24, 9))
    for number in (*numbers, tuesday):
        assigns(town, number, "M-1")
    assert stays_away(town) == Report(2)
    assert [comes(town, n) for n in (*numbers, tuesday)] == ["M-2", "M-2", "M-1"]
    assert told(town, numbers[0]) == ["booked", "assigned", "reassigned"]
    event = last_event(town, numbers[0])
    assert (event.what, event.why, event.who) == ("reassigned", "executive absent", "agent:7")


def test_a_visit_that_nobody_else_can_make_waits_for_the_next_run(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    assigns(town, number)
    assert stays_away(town) == Report(0, (number,))
    assert comes(town, number) is None
    assert [e[:3] for e in happened(town, number)[2:]] == [
        ("visit_dropped", "assigned", "assigned"),
        ("stage", "assigned", "booked"),
    ]
    with town.read() as session:
        states = session.execute(select(Notice.event, Notice.state))
        assert dict(states.all()) == {"booked": "pending", "assigned": "dropped"}
    hires(town, executive("M-2"))
    assert assigns_due(town) == Report(1)
    assert told(town, number)[-1] == "reassigned"  # another one had been announced for this time


def test_the_same_executive_after_all_is_announced_as_before(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    assigns(town, number)
    stays_away(town)
    with town.begin() as session:
        assert present(session, "M-1", MONDAY) is True
        assert present(session, "M-1", MONDAY) is False
    assert assigns_due(town) == Report(1)
    assert told(town, number)[-1] == "assigned"


def test_an_absence_noted_again_changes_nothing(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    assigns(town, booked(town), "M-1")
    assert stays_away(town) == Report(1)
    assert stays_away(town) == Report()
    with town.read() as session:
        assert session.scalar(select(func.count(Absence.id))) == 1


def test_a_visit_that_has_begun_stays(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    first, second = booked(town, "c1"), booked(town, "c2", at(23, 11))
    assigns(town, first, "M-1")
    assigns(town, second, "M-1")
    assert stays_away(town, now=TEN) == Report(1)
    assert [comes(town, n) for n in (first, second)] == ["M-1", "M-2"]


def test_nobody_can_be_absent_on_a_day_that_is_over_or_without_being_there(town: Store) -> None:
    hires(town, executive("M-1"))
    with pytest.raises(TooLate):
        stays_away(town, day=date(2026, 11, 21))
    with pytest.raises(NotFound):
        stays_away(town, "M-9")


@pytest.mark.parametrize(
    "changed",
    [{"weekdays": [1, 2]}, {"until": date(2026, 11, 22)}, {"city_id": "durg"}, {"area": "south"}],
    ids=lambda c: next(iter(c)),
)
def test_who_works_elsewhere_or_on_other_days_from_now_on_is_relieved(town: Store, changed: dict[str, Any]) -> None:
    with town.begin() as session:
        session.add(Area(id="north", city_id="raipur", hi="उत्तर", en="north", places=[], pins=[]))
    hires(town, executive("M-1"), executive("M-2"))
    number = booked(town, area="north")
    assigns(town, number, "M-1")
    with town.begin() as session:
        session.merge(executive("M-1", **changed))
        assert relieve(session, NOW, "M-1", AGENT, "team changed") == Report(1)
    assert visits(town, number) == [("M-1", "dropped", "documents"), ("M-2", "planned", "documents")]


def test_who_stays_fit_keeps_the_visits(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    assigns(town, number)
    with town.begin() as session:
        session.merge(executive("M-1", en="Sunita S. Sahu"))
        assert relieve(session, NOW, "M-1", AGENT, "team changed") == Report()
    assert comes(town, number) == "M-1"
