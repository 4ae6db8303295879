"""Offering seats that have become free to the waiting list, and what becomes of offers that nobody takes.

`offer_all` and `lapse_all` do it in transactions of a few offers, as callers may wait for each (SQLite).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.calendar import calendar
from booking.errors import AreaNeeded, AreaUnknown, SlotTaken
from booking.free import Room, Span, free_slots
from booking.holds import claim_seat, lock_slots, release
from booking.notices import Notices, notices, write_notice
from booking.quiet import QuietHours
from booking.rules import VisitRules
from booking.seats import slot_at
from booking.slots import DAYPARTS
from booking.versions import advance
from booking.zone import local_day
from models.bookings import Booking
from models.catalogue import CityRow
from models.slots import Slot
from models.store import Store
from models.waiting import Waiting

MISSES = 2  # offers not taken in time after which somebody is no longer in line
LEAST = timedelta(minutes=30)  # an offer that leaves less time to answer is not made
BATCH = 25  # places in a transaction of the jobs


@dataclass(frozen=True)
class Report:
    """What a run did: seats offered."""

    offered: int = 0

    def __add__(self, other: Report) -> Report:
        return Report(self.offered + other.offered)


@dataclass(frozen=True)
class Lapse:
    """What a run did: offers not taken whose owners wait again, and places that ended."""

    again: int = 0
    lapsed: int = 0

    def __add__(self, other: Lapse) -> Lapse:
        return Lapse(self.again + other.again, self.lapsed + other.lapsed)


@dataclass(frozen=True)
class _Plan:
    waiting: Waiting
    starts_at: datetime
    until: datetime


def conversation_of(waiting: Waiting) -> str:
    """The conversation under which its seat is held and booked."""
    return f"waiting-{waiting.id}"


def lock_row(session: Session, waiting: Waiting) -> None:
    """Let changes of one place wait for one another (PostgreSQL), and read it anew. Always before locks of slots."""
    session.execute(select(Waiting.id).where(Waiting.id == waiting.id).with_for_update())
    session.refresh(waiting)


def offer_all(store: Store, now: datetime, rules: VisitRules, wording: Notices | None = None) -> Report:
    """`offer_freed` everywhere. Where there is nothing to offer is found out while nobody waits."""
    wording = wording or notices()
    with store.begin() as session:
        _end_met(session, now)
    with store.read() as session:
        lines = list(_lines(session, now, lock=False))
        hopeful = [place for place in lines if any(_plans(session, now, rules, wording.quiet, place))]
        cities = sorted({place[0].city_id for place in hopeful})
    done = Report()
    for city in cities:
        made = Report(BATCH)
        while made.offered == BATCH:
            with store.begin() as session:
                made = offer_freed(session, now, rules, wording, city, BATCH)
            done += made
    return done


def lapse_all(store: Store, now: datetime, wording: Notices | None = None) -> Lapse:
    """`lapse_due` for all offers."""
    done = Lapse()
    while True:
        with store.begin() as session:
            ended = lapse_due(session, now, wording, BATCH)
        if ended == Lapse():
            return done
        done += ended


def offer_freed(
    session: Session,
    now: datetime,
    rules: VisitRules,
    wording: Notices | None = None,
    city: str | None = None,
    most: int | None = None,
) -> Report:
    """Hold every free seat that somebody waits for (in `city`, at most so many; None: all), for the first in line whose
    wish it fits, and tell them.

    Whoever has booked that service there meanwhile, on whichever day, is in line no more. Who let an offer pass comes
    after those who had none yet. An offer lasts `rules.waiting_offer_min` minutes from when its notice may be sent, but
    never until later than the seat could be booked. Run by several processes at once, each city is served by one.
    """
    wording = wording or notices()
    _end_met(session, now)
    lines = _lines(session, now, city)
    plans = list(islice((p for place in lines for p in _plans(session, now, rules, wording.quiet, place)), most))
    slots = [slot_at(session, p.waiting.city_id, p.starts_at, p.waiting.area) for p in plans]
    # All slots at once and in their order, as `lock_slots` asks for: they are claimed in the order of the line.
    lock_slots(session, *(slot.id for slot in slots))
    offered = [_offer(session, now, rules, p, slot, wording) for p, slot in zip(plans, slots, strict=True)]
    return Report(sum(offered))


def lapse_due(session: Session, now: datetime, wording: Notices | None = None, most: int | None = None) -> Lapse:
    """End the offers that were not taken in time (at most so many; None: all): after the second one, or the last wished
    day, the place is gone."""
    missed = select(Waiting).where(Waiting.state == "offered", Waiting.offer_until <= now).order_by(Waiting.id)
    again = lapsed = 0
    for waiting in session.scalars(missed.limit(most).with_for_update(of=Waiting, skip_locked=True)).all():
        kept = pass_on(session, now, waiting, wording)
        again, lapsed = again + kept, lapsed + (not kept)
    past = select(Waiting).where(Waiting.state == "waiting", Waiting.last_day < local_day(now)).order_by(Waiting.id)
    for waiting in session.scalars(past.limit(most).with_for_update(of=Waiting, skip_locked=True)).all():
        _end(session, now, waiting, "waiting_over", wording)
        lapsed += 1
    return Lapse(again, lapsed)


def pass_on(
    session: Session, now: datetime, waiting: Waiting, wording: Notices | None = None, declined: int | None = None
) -> bool:
    """Release the seat that `waiting` has not taken; whether the place in the line stays. The slot `declined` is not
    offered to it again."""
    release(session, conversation_of(waiting))
    if waiting.offers >= MISSES or waiting.last_day < local_day(now):
        _end(session, now, waiting, "waiting_lapsed", wording)
        return False
    advance(session, now, waiting, state="waiting", slot_id=declined, offer_until=None)
    return True


def _end(session: Session, now: datetime, waiting: Waiting, event: str, wording: Notices | None) -> None:
    advance(session, now, waiting, state="lapsed", slot_id=None, offer_until=None)
    write_notice(session, now, waiting, event, wording)


def _end_met(session: Session, now: datetime) -> None:
    """Who waits no more, because a booking of the same citizen has met the wish."""
    same = (Booking.mobile == Waiting.mobile) & (Booking.service_id == Waiting.service_id)
    same &= (Booking.city_id == Waiting.city_id) & (Booking.created_at >= Waiting.created_at)
    met = (
        select(Waiting, Booking.id).join(Booking, same).where(Waiting.state == "waiting", Booking.stage != "cancelled")
    )
    rows = session.execute(met.order_by(Waiting.id, Booking.id).with_for_update(of=Waiting, skip_locked=True))
    for waiting, booking in {waiting.id: (waiting, booking) for waiting, booking in rows}.values():
        advance(session, now, waiting, state="taken", booking_id=booking)


def _lines(session: Session, now: datetime, city: str | None = None, *, lock: bool = True) -> Iterator[list[Waiting]]:
    """Those who wait, place by place (city and area), in their order. With `lock` they are ours, and cities that
    another process serves are left out."""
    hoping = (Waiting.state == "waiting") & (Waiting.last_day >= local_day(now))
    if city is not None:
        hoping &= Waiting.city_id == city
    rows = select(Waiting).where(hoping)
    if lock:
        wanted = select(CityRow.id).where(CityRow.id.in_(select(Waiting.city_id).where(hoping)))
        mine = list(session.scalars(wanted.order_by(CityRow.id).with_for_update(key_share=True, skip_locked=True)))
        rows = rows.where(Waiting.city_id.in_(mine)).with_for_update(of=Waiting, skip_locked=True)
    found = session.scalars(rows.order_by(Waiting.city_id, Waiting.area, Waiting.offers, Waiting.id)).all()
    for _, line in groupby(found, key=lambda w: (w.city_id, w.area)):
        yield list(line)


def _plans(
    session: Session, now: datetime, rules: VisitRules, quiet: QuietHours, line: list[Waiting]
) -> Iterator[_Plan]:
    """Who in `line` is offered which slot."""
    city, area = line[0].city_id, line[0].area
    try:
        rooms = free_slots(session, now, rules, Span(city, area))
    except (AreaNeeded, AreaUnknown):  # the city got areas, or lost one, while they waited
        return
    left = {room.starts_at: room.seats for room in rooms}
    told = quiet.after(now)
    for waiting in line:
        for room in rooms:
            until = _until(told, rules, room)
            declined = waiting.slot is not None and waiting.slot.starts_at == room.starts_at
            if left[room.starts_at] and until - told >= LEAST and _fits(waiting, room) and not declined:
                left[room.starts_at] -= 1
                yield _Plan(waiting, room.starts_at, until)
                break


def _until(told: datetime, rules: VisitRules, room: Room) -> datetime:
    latest = room.starts_at - timedelta(hours=rules.notice_h)
    return min(told + timedelta(minutes=rules.waiting_offer_min), latest)


def _fits(waiting: Waiting, room: Room) -> bool:
    day = room.starts_at.date()
    hours = DAYPARTS[waiting.daypart] if waiting.daypart else range(24)
    wished = waiting.first_day <= day <= waiting.last_day and room.starts_at.hour in hours
    return wished and waiting.service.open_on(day)


def _offer(session: Session, now: datetime, rules: VisitRules, plan: _Plan, slot: Slot, wording: Notices) -> bool:
    waiting = plan.waiting
    usual = calendar(session, rules, waiting.city_id, waiting.area).on(local_day(slot.starts_at)).seats
    seats = usual if slot.seats is None else slot.seats
    try:
        with session.begin_nested():
            claim_seat(session, now, (slot.id, seats), conversation_of(waiting), plan.until)
    except SlotTaken:  # by a caller, since it was counted; the next run finds another one
        return False
    offers = waiting.offers + 1
    advance(
        session, now, waiting, state="offered", slot_id=slot.id, offered_at=now, offer_until=plan.until, offers=offers
    )
    write_notice(session, now, waiting, "waiting_offer", wording)
    return True
