"""Hours and seats by weekday and day, and the agents' hours, on their pages."""

from __future__ import annotations

import re

import pytest

from booking.agent_days import agent_days
from booking.audit import Wanted, entries
from booking.day_rules import day_rules, plain
from models.store import Store
from tests.console.accounts.house import Browser
from tests.console.closures.house import AGENTS, HOME, HOURS, booked, hidden

MONDAYS = {"place": "raipur/", "weekday": "0", "first_slot_h": "10", "last_end_h": "14", "seats": "", "version": "0"}
SUNDAYS = {"weekday": "6", "open_h": "10", "close_h": "14", "version": "0"}


def rows(store: Store) -> list[dict[str, object]]:
    with store.read() as session:
        return [plain(row) for row in day_rules(session)]


def test_a_weekday_gets_its_hours_is_changed_and_removed(asha: Browser, store: Store) -> None:
    assert asha.post(HOURS, **MONDAYS).status_code == 303
    page = asha.get(HOURS).text
    assert "The hours are saved." in page
    assert "10–14" in page
    edit = re.findall(r"\?edit=(\d+)", page)[-1]
    form = hidden(asha.get(f"{HOURS}?edit={edit}").text)
    assert asha.post(HOURS, **{**MONDAYS, **form, "seats": "3"}).status_code == 303
    assert rows(store) == [{"on": "weekday:0", "city": "raipur", "area": "", "hours": [10, 14], "seats": 3,
                            "reason": ""}]  # fmt: skip
    with store.read() as session:
        (entry, _) = entries(session, Wanted(what="calendar"), None, 5)
    assert (entry.before or {})["seats"] is None
    assert asha.post(f"{HOURS}/{edit}/drop", on=HOURS, version="2").status_code == 303
    assert rows(store) == []


def test_who_had_an_older_row_on_the_screen_is_told(asha: Browser, prem: Browser, store: Store) -> None:
    asha.post(HOURS, **MONDAYS)
    prem.post(HOURS, **{**MONDAYS, "version": "1", "seats": "5"})
    late = asha.post(HOURS, **{**MONDAYS, "version": "1", "seats": "4"})
    assert late.status_code == 400
    assert "Somebody has changed this meanwhile" in late.text
    assert 'value="4"' in late.text
    assert rows(store)[0]["seats"] == 5
    assert asha.post(f"{HOURS}/1/drop", on=HOURS, version="1").status_code == 400


def test_an_area_gets_a_day_of_its_own_without_visits(asha: Browser, store: Store) -> None:
    fields = {
        "place": "durg/east",
        "weekday": "day",
        "day": "2026-11-26",
        "closed": "1",
        "reason": "मेला",
        "version": "0",
    }
    assert asha.post(HOURS, **fields).status_code == 303
    assert rows(store) == [{"on": "2026-11-26", "city": "durg", "area": "east", "hours": [0, 0], "seats": None,
                            "reason": "मेला"}]  # fmt: skip
    assert "No visits" in asha.get(f"{HOME}?month=2026-11").text


def test_shorter_hours_show_who_stands_outside_of_them(asha: Browser, store: Store) -> None:
    booked(store)
    asked = asha.post(HOURS, **{**MONDAYS, "weekday": "3", "first_slot_h": "12", "last_end_h": "20"})
    assert asked.status_code == 409
    assert asha.post(HOURS, **hidden(asked.text), then="move").status_code == 303
    assert "2 got a new time" in asha.get(HOME).text


def test_fewer_seats_than_bookings_are_shown(asha: Browser, store: Store) -> None:
    numbers = booked(store)
    fields = {"place": "raipur/", "weekday": "day", "day": "2026-11-26", "seats": "1", "version": "0"}
    assert asha.post(HOURS, **fields).status_code == 303
    page = asha.get(HOME).text
    assert "2 booked, 1 seats" in page
    assert ", ".join(numbers) in page


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"first_slot_h": "ten"}, "whole number"),
        ({"first_slot_h": "१०"}, "whole number"),
        ({"first_slot_h": "9" * 400}, "whole number"),
        ({"first_slot_h": ""}, "both hours"),
        ({"first_slot_h": "15"}, "comes after"),
        ({"seats": "101"}, "0 to 100"),
        ({"first_slot_h": "", "last_end_h": ""}, "nothing would change"),
        ({"place": "moon/"}, "not on the list"),
        ({"place": "raipur/east"}, "not in this city"),
        ({"weekday": "9"}, "Choose a day"),
        ({"weekday": "day"}, "Choose a day"),
    ],
)
def test_bad_hours_get_a_sentence_and_lose_nothing(
    asha: Browser, store: Store, fields: dict[str, str], named: str
) -> None:
    answer = asha.post(HOURS, **{**MONDAYS, "reason": "गर्मी", **fields})
    assert answer.status_code == 400
    assert named in answer.text
    assert 'value="गर्मी"' in answer.text
    assert rows(store) == []


def test_agents_hours_are_set_and_removed(asha: Browser, store: Store) -> None:
    assert asha.post(AGENTS, **SUNDAYS).status_code == 303
    assert asha.post(AGENTS, weekday="day", day="2026-11-27", closed="1", version="0").status_code == 303
    page = asha.get(AGENTS).text
    assert "10–14" in page
    assert "No agent" in page
    with store.read() as session:
        assert [(row.weekday, row.open_h) for row in agent_days(session)] == [(6, 10), (None, None)]
    first = re.findall(r'action="([^"]+/drop)"', page)[0]
    assert asha.post(first, on=AGENTS, version="9").status_code == 400
    assert asha.post(first, on=AGENTS, version="1").status_code == 303
    with store.read() as session:
        assert [row.weekday for row in agent_days(session)] == [None]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"open_h": "", "close_h": ""}, "both hours"),
        ({"open_h": ""}, "both hours"),
        ({"open_h": "25"}, "0 to 24"),
        ({"weekday": ""}, "Choose a day"),
        ({"version": "7"}, "changed this meanwhile"),
    ],
)
def test_bad_hours_of_agents_get_a_sentence(asha: Browser, fields: dict[str, str], named: str) -> None:
    answer = asha.post(AGENTS, **{**SUNDAYS, **fields})
    assert answer.status_code == 400
    assert named in answer.text
