"""Closing a day on its page: bookings are shown first, nothing typed is lost, nobody overwrites anybody."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from booking.audit import Wanted, entries
from booking.closures import closures
from booking.desk.tasks import work_list
from booking.zone import local
from models.bookings import Booking
from models.opening import Clearing
from models.store import Store
from tests.booking.town import at
from tests.console.accounts.house import ASHA, Browser
from tests.console.closures.house import AGENTS, HOME, HOURS, THURSDAY, booked, closed, closing, hidden


def starts(store: Store) -> list[object]:
    with store.read() as session:
        return [local(b.starts_at) for b in session.scalars(select(Booking).order_by(Booking.id))]


def rows(store: Store) -> list[tuple[str, str, bool]]:
    with store.read() as session:
        return [(str(c.day or c.yearly), c.city_id or "", c.lifted) for c in closures(session)]


def test_a_day_is_closed_and_opened_again(asha: Browser, store: Store) -> None:
    assert asha.post(HOME, **closing()).status_code == 303
    page = asha.get(f"{HOME}?month=2026-11").text
    assert "The day is closed." in page
    assert "Closed: चुनाव (Raipur)" in re.sub(r"<[^>]+>", "", page)
    lift = re.findall(r'action="([^"]+/lift)"', page)
    assert asha.post(lift[-1], on=HOME).status_code == 303
    assert "The day is open again." in asha.get(HOME).text
    assert rows(store) == [(THURSDAY, "raipur", True)]
    again = asha.post(lift[-1], on=HOME)
    assert again.status_code == 400
    assert "Somebody has changed this meanwhile" in again.text


def test_bookings_are_shown_before_anything_is_done(asha: Browser, store: Store) -> None:
    numbers = booked(store)
    asked = asha.post(HOME, **closing())
    assert asked.status_code == 409
    assert "Nothing has been changed yet. Bookings that would lose their time: 2." in asked.text
    for number in numbers:
        assert number in asked.text
    assert "Fri 27 Nov, 10:00" in asked.text
    assert rows(store) == []
    assert starts(store) == [at(26, 10)] * 2
    assert hidden(asked.text).keys() == {"seen", *closing()}


def test_they_are_moved_in_one_go_and_the_page_says_what_came_of_it(asha: Browser, store: Store) -> None:
    booked(store)
    page = closed(asha)
    assert "2 got a new time, 0 found no free slot" in page
    assert starts(store) == [at(27, 10)] * 2
    with store.read() as session:
        found = entries(session, Wanted(what="calendar"), None, 5)
        assert [(e.who, e.what) for e in found] == [(ASHA, "calendar.cleared"), (ASHA, "calendar.closed")]
        assert work_list(session) == []


def test_or_they_are_put_on_the_work_list(asha: Browser, store: Store) -> None:
    booked(store)
    closed(asha, "desk")
    assert starts(store) == [at(26, 10)] * 2
    with store.read() as session:
        assert [task.kind for task in work_list(session)] == ["closed_day"] * 2
        assert session.scalars(select(Clearing)).all() == []


def test_a_list_that_is_out_of_date_is_shown_again(asha: Browser, store: Store) -> None:
    booked(store, 1)
    asked = asha.post(HOME, **closing())
    seen = {**hidden(asked.text), "seen": "0" * 32}
    again = asha.post(HOME, **seen, then="move")
    assert again.status_code == 409
    assert "Bookings have changed meanwhile" in again.text
    assert asha.post(HOME, **hidden(again.text), then="move").status_code == 303


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "tomorrow"}, "Choose a day."),
        ({"day": "2026-11-01"}, "This day is over."),
        ({"day": "2099-11-01"}, "two years ahead"),
        ({"city": "<script>"}, "not on the list"),
        ({"reason": ""}, "Write the reason"),
        ({"reason": "क" * 101}, "longer than 100"),
        ({"calendar": "departments"}, "Offices close for the whole state."),
        ({"calendar": "all"}, "Choose what is closed."),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    asha: Browser, store: Store, fields: dict[str, str], named: str
) -> None:
    answer = asha.post(HOME, **closing(**fields))
    assert answer.status_code == 400
    assert named in answer.text
    assert 'aria-invalid="true"' in answer.text
    if "reason" not in fields:
        assert 'value="चुनाव"' in answer.text
    assert rows(store) == []


def test_the_same_day_is_not_closed_twice(asha: Browser, store: Store) -> None:
    asha.post(HOME, **closing())
    again = asha.post(HOME, **closing())
    assert (again.status_code, len(rows(store))) == (400, 1)
    assert "closed there already" in again.text


def test_a_day_of_every_year_is_named_by_its_date(asha: Browser) -> None:
    assert asha.post(HOME, **closing(every_year="1")).status_code == 303
    page = re.sub(r"\s+", " ", asha.get(HOME).text)
    assert '26 November <span class="tag">every year</span>' in page
    assert "26 नवंबर" in asha.get(f"{HOME}?lang=hi").text


def test_html_in_a_reason_is_shown_as_it_is(asha: Browser) -> None:
    asha.post(HOME, **closing(reason="<b>x</b>"))
    assert "<b>x</b>" not in asha.get(f"{HOME}?month=2026-11").text


@pytest.mark.parametrize("query", ["?month=0000-00", "?month=x&city=../..", "?month=2026-13", "?day=%00"])
def test_a_made_up_address_shows_the_present_month(asha: Browser, query: str) -> None:
    page = asha.get(f"{HOME}{query}")
    assert page.status_code == 200
    assert "November 2026" in page.text


@pytest.mark.parametrize("path", [HOME, HOURS, AGENTS])
def test_editors_look_and_agents_do_not(esha: Browser, ravi: Browser, path: str) -> None:
    page = esha.get(path)
    assert page.status_code == 200
    assert f'method="post" action="{path}' not in page.text
    assert ravi.get(path).status_code == 403
    assert esha.raw(path, csrf_token=esha.token("/account"), **closing()).status_code == 403


def test_who_publishes_may_close_a_day(prem: Browser, store: Store) -> None:
    assert prem.post(HOME, **closing()).status_code == 303
    assert rows(store) == [(THURSDAY, "raipur", False)]


def test_two_administrators_at_once_close_it_once_and_move_everybody_once(
    asha: Browser, prem: Browser, store: Store
) -> None:
    booked(store)
    first, second = (browser.post(HOME, **closing()) for browser in (asha, prem))
    assert asha.post(HOME, **hidden(first.text), then="move").status_code == 303
    late = prem.post(HOME, **hidden(second.text), then="move")
    assert late.status_code == 400
    assert "closed there already" in late.text
    assert starts(store) == [at(27, 10)] * 2
