"""What changes while people wait: who has booked elsewhere is in line no more, a city with areas disturbs nobody; and
who declines what is offered."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import event, func, select

from booking.actors import CALLER
from booking.bookings import book
from booking.errors import NotAllowed
from booking.moving import cancel
from booking.offers import BATCH, Lapse, Report, lapse_all, offer_all
from booking.waiting import decline
from models.areas import Area
from models.bookings import Booking
from models.store import Store
from models.waiting import Waiting
from tests.booking.grievances import MOBILE, told, waits
from tests.booking.test_waiting import FEW, NOON, OTHER, fills, first_of, frees, offers, stands
from tests.booking.town import RULES, at, order

ELSEWHERE = "c9"


def declines(store: Store, waiting: Waiting, now: datetime = NOON) -> bool:
    with store.begin() as session:
        return decline(session, now, session.get_one(Waiting, waiting.id))


@pytest.fixture
def full(town: Store) -> Store:
    """Raipur without a free seat on 23 and 24 November."""
    fills(town, 23, 24)
    return town


def books_the_day_after(store: Store, **changes: str) -> Booking:
    with store.begin() as session:
        return book(session, NOON, FEW, order(ELSEWHERE, at(25, 10), mobile=MOBILE, **changes))


def test_who_has_booked_another_day_is_not_offered_a_seat_and_the_next_in_line_is(full: Store) -> None:
    first, second = waits(full), waits(full, OTHER)
    made = books_the_day_after(full)
    frees(full, first_of(full))
    assert offers(full) == 1
    served = stands(full, first)
    assert (served.state, served.booking_id) == ("taken", made.id)
    assert stands(full, second).state == "offered"


def test_another_service_or_a_booking_that_was_cancelled_meets_no_wish(full: Store) -> None:
    row = waits(full)
    books_the_day_after(full, service="domicile_certificate")
    with full.begin() as session:
        made = book(session, NOON, FEW, order("c10", at(25, 11), mobile=MOBILE))
        cancel(session, NOON, FEW, session.get_one(Booking, made.id), CALLER, "mistake")
    frees(full, first_of(full))
    assert offers(full) == 1
    assert stands(full, row).state == "offered"


def test_an_earlier_booking_was_not_what_they_wait_for(full: Store) -> None:
    books_the_day_after(full)
    row = waits(full, now=at(22, 13))
    frees(full, first_of(full))
    assert offers(full, at(22, 14)) == 1
    assert stands(full, row).state == "offered"


def test_a_city_that_got_areas_meanwhile_disturbs_nobody(full: Store) -> None:
    waits(full, city="durg")
    row = waits(full, OTHER)
    with full.begin() as session:
        session.add(Area(id="east", city_id="durg", hi="e", en="e", places=[], pins=[]))
    frees(full, first_of(full))
    assert offers(full) == 1
    assert stands(full, row).state == "offered"


def test_who_declines_a_seat_keeps_the_place_but_is_not_offered_that_seat_again(full: Store) -> None:
    row, seat = waits(full), first_of(full)
    frees(full, seat)
    offers(full)
    assert declines(full, row) is True
    assert (stands(full, row).state, offers(full)) == ("waiting", 0)
    other = waits(full, OTHER)
    assert offers(full) == 1
    assert stands(full, other).state == "offered"
    frees(full, first_of(full, 24))
    assert offers(full) == 1
    assert stands(full, row).state == "offered"
    assert declines(full, row) is False
    assert (stands(full, row).state, told(full, waiting_id=row.id)[-1]) == ("lapsed", "waiting_lapsed")
    with pytest.raises(NotAllowed):
        declines(full, row)


def test_the_jobs_serve_a_long_line_whole_a_few_places_in_a_transaction(town: Store) -> None:
    for n in range(2 * BATCH + 3):
        waits(town, f"98123457{n:02}", city=("durg", "raipur")[n % 2])
    begun: list[object] = []
    event.listen(town.engine, "begin", begun.append)
    assert offer_all(town, NOON, RULES) == Report(2 * BATCH + 3)
    assert len(begun) == 2 + 4  # what is met, what there is to do; twice a city
    assert offer_all(town, NOON, RULES) == Report()
    with town.read() as session:
        ends = session.scalar(select(func.max(Waiting.offer_until)))
    assert ends is not None
    assert lapse_all(town, ends) == Lapse(again=2 * BATCH + 3)
    assert lapse_all(town, ends) == Lapse()
