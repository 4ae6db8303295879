"""A closed day lists the bookings it touches and moves them: nothing is lost, nobody is moved twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from booking import clearing
from booking.audit import Wanted, Who, entries
from booking.calendar_changes import By, Change, Consent, Touches, change
from booking.calendar_fields import When
from booking.calendar_refusals import CalendarError
from booking.channels import Sms
from booking.clearing import carry_out, clear_all, under_way
from booking.closures import CloseDay, LiftDay, closures
from booking.day_rules import DropDay, SetDay, day_rules
from booking.desk.stranded_tasks import gather_stranded
from booking.desk.tasks import work_list
from booking.notices import notices
from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.sending import deliver_due
from booking.stranded import overfull, stranded
from booking.zone import local
from models.areas import Area
from models.bookings import Booking, BookingEvent
from models.notices import Notice
from models.opening import Clearing
from models.slots import SeatClaim
from models.store import Store
from tests.booking.life import moves, stands
from tests.booking.test_moving_race import leaks
from tests.booking.test_race import together
from tests.booking.town import MINUTE, NOW, RULES, at, books, holds, holds_and_books, order

ASHA = Who("asha", "127.0.0.1")
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
TEN = at(26, 10)
ELECTION = CloseDay(THURSDAY, False, "raipur", "visits", "चुनाव")


def wants(store: Store, what: Change, consent: Consent | None = None, rules: VisitRules = RULES) -> int | None:
    """The order that comes of a change."""
    with store.begin() as session:
        row = change(session, NOW, rules, what, By(ASHA, consent))
        return row.id if row else None


def looked_at(store: Store, what: Change, rules: VisitRules = RULES) -> Touches:
    with pytest.raises(Touches) as found:
        wants(store, what, rules=rules)
    return found.value


def ordered(store: Store, what: Change = ELECTION, rules: VisitRules = RULES) -> int:
    made = wants(store, what, Consent("move", looked_at(store, what, rules).mark), rules)
    assert made is not None
    return made


def fills(store: Store, number: int, start: datetime = TEN, **changes: Any) -> list[str]:
    rules = VisitRules(seats=50)
    made = []
    for n in range(number):
        what = order(f"c{start:%d%H}-{n}", start, mobile=f"98123456{n:02}", **changes)
        holds(store, what.conversation, start, city=what.city, rules=rules, area=what.area)
        made.append(books(store, what, rules=rules).number)
    return made


def starts(store: Store, numbers: list[str]) -> list[datetime]:
    return [local(stands(store, number).starts_at) for number in numbers]


def tasks(store: Store) -> list[str]:
    gather_stranded(store, NOW, RULES)
    with store.read() as session:
        return [f"{task.kind} {task.number}" for task in work_list(session)]


def test_a_closure_that_touches_nothing_is_made_at_once_and_noted(town: Store) -> None:
    assert wants(town, ELECTION) is None
    with town.read() as session:
        (row,) = closures(session)
        (entry,) = entries(session, Wanted(what="calendar"), None, 5)
    assert (row.day, row.city_id, row.reason) == (THURSDAY, "raipur", "चुनाव")
    assert (entry.who, entry.what, entry.subject) == ("asha", "calendar.closed", f"closure:{row.id}")
    assert entry.after == {"day": "2026-11-26", "city": "raipur", "calendar": "visits", "reason": "चुनाव",
                           "lifted": False}  # fmt: skip


def test_touched_bookings_are_listed_with_their_new_slot_and_nothing_is_done_yet(town: Store) -> None:
    first, second = fills(town, 2)
    found = looked_at(town, ELECTION)
    listed = [(touch.number, touch.to) for touch in found.found]
    assert listed == [(first, at(27, 10)), (second, at(27, 10))]
    with town.read() as session:
        assert closures(session) == []
        assert entries(session, Wanted(what="calendar"), None, 5) == []
    assert starts(town, [first, second]) == [TEN] * 2


def test_they_are_moved_with_event_and_notice_and_the_old_seats_are_free(town: Store) -> None:
    numbers = fills(town, 2)
    report = carry_out(town, NOW, RULES, ordered(town))
    assert (report.moved, report.left) == (2, 0)
    assert starts(town, numbers) == [at(27, 10)] * 2
    assert leaks(town) == []
    with town.read() as session:
        event = session.scalars(select(BookingEvent).where(BookingEvent.what == "moved")).first()
        assert event is not None
        assert (event.who, event.why) == ("admin:asha", "calendar changed: चुनाव")
        assert len(session.scalars(select(Notice).where(Notice.event == "moved")).all()) == 2
        row = session.scalars(select(Clearing)).one()
        assert (row.moved, row.left, row.done_at) == (2, 0, NOW)
        (done, _) = entries(session, Wanted(what="calendar"), None, 5)
        assert (done.who, done.what, done.after) == (
            "asha", "calendar.cleared", {"moved": 2, "left": 0, "cause": "calendar changed: चुनाव"})  # fmt: skip
    assert tasks(town) == []


def test_who_books_between_the_look_and_the_change_is_shown_too(town: Store) -> None:
    fills(town, 1)
    mark = looked_at(town, ELECTION).mark
    late = fills(town, 1, at(26, 15))
    with pytest.raises(Touches) as again:
        wants(town, ELECTION, Consent("move", mark))
    assert late[0] in [touch.number for touch in again.value.found]


def test_what_has_no_free_slot_stands_on_the_work_list(town: Store) -> None:
    rules = VisitRules(seats=2, ahead_days=5)  # until Friday
    numbers = fills(town, 3)
    holiday = SetDay("raipur", "", When(day=FRIDAY), (10, 11), None)
    wants(town, holiday, rules=rules)
    assert [touch.to for touch in looked_at(town, ELECTION, rules).found] == [at(27, 10), at(27, 10), None]
    report = carry_out(town, NOW, rules, ordered(town, rules=rules))
    assert (report.moved, report.left) == (2, 1)
    assert starts(town, numbers).count(TEN) == 1
    gather_stranded(town, NOW, rules)
    gather_stranded(town, NOW, rules)
    with town.read() as session:
        (task,) = work_list(session)
        (left,) = stranded(session, NOW, rules)
        assert (task.kind, task.number) == ("closed_day", f"+91{left.mobile}")


def test_who_is_moved_at_night_by_others_is_told_in_the_morning(town: Store) -> None:
    fills(town, 2)
    with town.begin() as session:
        session.execute(update(Notice).values(state="delivered"))
    order = ordered(town)
    night = at(22, 22, 30)
    assert carry_out(town, night, RULES, order).moved == 2
    assert deliver_due(town, night + MINUTE, {"sms": Sms(lambda to, text: "SM1")}, notices()).sent == 0
    assert deliver_due(town, at(23, 8), {"sms": Sms(lambda to, text: "SM1")}, notices()).sent == 2


def test_bookings_that_are_left_to_the_desk_are_on_its_list_at_once_and_gone_when_the_day_is_opened(
    town: Store,
) -> None:
    fills(town, 1)
    assert wants(town, ELECTION, Consent("desk", looked_at(town, ELECTION).mark)) is None
    assert tasks(town) == ["closed_day +919812345600"]
    with town.read() as session:
        (row,) = closures(session)
    wants(town, LiftDay(row.id))
    assert tasks(town) == []


def test_a_kill_in_the_middle_loses_nothing_and_the_job_goes_on(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = fills(town, 5)
    order_id = ordered(town)
    done, move = [], clearing.move

    def killed(*args: Any, **named: Any) -> Booking:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return move(*args, **named)

    monkeypatch.setattr(clearing, "move", killed)
    with pytest.raises(KeyboardInterrupt):
        carry_out(town, NOW, RULES, order_id)
    assert starts(town, numbers).count(TEN) == 3
    assert tasks(town) == []  # those that are still to be moved are no work for the desk
    monkeypatch.setattr(clearing, "move", move)
    assert clear_all(town, NOW, RULES).moved == 3
    assert TEN not in starts(town, numbers)
    assert clear_all(town, NOW, RULES) == clearing.Report()
    with town.read() as session:
        assert session.scalars(select(Clearing)).one().moved == 5
        assert under_way(session) == []
    assert leaks(town) == []


def test_several_who_carry_it_out_at_once_move_everybody_once(town: Store) -> None:
    numbers = fills(town, 12)
    order_id = ordered(town)
    together(3, lambda _: str(carry_out(town, NOW, RULES, order_id).left))
    with town.read() as session:
        moved = session.scalars(select(BookingEvent.booking_id).where(BookingEvent.what == "moved")).all()
        row = session.scalars(select(Clearing)).one()
    assert len(moved) == len(set(moved)) == row.moved == 12
    assert TEN not in starts(town, numbers)
    assert leaks(town) == []
    with town.read() as session:
        assert [len(row.numbers) for row in overfull(session, NOW, RULES)] == []


def test_callers_who_book_meanwhile_never_share_a_seat_with_who_is_moved(town: Store) -> None:
    fills(town, 6)
    order_id = ordered(town)

    def deed(n: int) -> str:
        if n == 0:
            return f"left {carry_out(town, NOW, RULES, order_id).left}"
        holds_and_books(town, f"new-{n}", at(27, 9 + n % 3), mobile=f"98765432{n:02}")
        return "booked"

    together(6, deed)
    with town.read() as session:
        claims = session.scalars(select(SeatClaim).where(SeatClaim.booking_id.is_not(None))).all()
        assert len({(claim.slot_id, claim.seat) for claim in claims}) == len(claims)
        assert overfull(session, NOW, RULES) == []
    assert leaks(town) == []


def test_two_administrators_who_close_the_same_day_at_once_close_it_once(town: Store) -> None:
    fills(town, 2)
    consent = Consent("move", looked_at(town, ELECTION).mark)

    def deed(_: int) -> str:
        try:
            return f"order {wants(town, ELECTION, consent) is not None}"
        except CalendarError as refused:
            return refused.code

    assert together(2, deed) == {"order True": 1, "closed_already": 1}
    with town.read() as session:
        assert len(closures(session)) == 1


def test_somebody_who_moves_by_himself_is_not_moved_again(town: Store) -> None:
    own, other = fills(town, 2)
    order_id = ordered(town)
    moves(town, own, at(28, 9))
    carry_out(town, NOW, RULES, order_id)
    assert starts(town, [own, other]) == [at(28, 9), at(27, 10)]


@pytest.mark.parametrize(
    ("blocked", "to"),
    [
        ([], at(27, 10)),  # the same hour of the next day
        ([at(27, 10)], at(27, 9)),  # the nearest hour of the same part of the day
        ([at(27, h) for h in range(8, 12)], at(28, 10)),  # another part of the day counts as a day more
    ],
)
def test_the_nearest_slot_is_the_same_time_of_a_near_day(town: Store, blocked: list[datetime], to: datetime) -> None:
    for n, start in enumerate(blocked):
        for seat in range(RULES.seats):
            holds_and_books(town, f"b{n}-{seat}", start, mobile=f"97123456{n}{seat}")
    fills(town, 1)
    assert [touch.to for touch in looked_at(town, ELECTION).found] == [to]


def test_a_booking_stays_in_its_area(town: Store) -> None:
    with town.begin() as session:
        for name in ("east", "west"):
            session.add(Area(id=name, city_id="durg", hi="पूर्व", en=name, places=[], pins=[]))
    fills(town, 1, city="durg", area="east")
    closed = CloseDay(THURSDAY, False, "durg", "visits", "मेला")
    carry_out(town, NOW, RULES, ordered(town, closed))
    with town.read() as session:
        row = session.scalars(select(Booking)).one()
        assert (row.slot.area, local(row.starts_at)) == ("east", at(27, 10))


def test_shorter_hours_list_and_move_who_stands_outside_of_them(town: Store) -> None:
    inside, outside = fills(town, 1) + fills(town, 1, at(26, 16))
    shorter = SetDay("raipur", "", When(weekday=THURSDAY.weekday()), (9, 13), None)
    carry_out(town, NOW, RULES, ordered(town, shorter))
    assert starts(town, [inside, outside]) == [TEN, at(27, 16)]
    with town.read() as session:
        (row,) = day_rules(session)
    wants(town, DropDay(row.id, row.version))
    with town.begin() as session:
        assert stranded(session, NOW, RULES) == []
        assert ensure_slots(session, NOW, RULES) == 0  # made with the change


def test_fewer_seats_keep_their_bookings_and_show_them(town: Store) -> None:
    numbers = fills(town, 2)
    assert wants(town, SetDay("raipur", "", When(day=THURSDAY), (None, None), 1)) is None
    with town.read() as session:
        (full,) = overfull(session, NOW, RULES)
    assert (full.starts_at, full.seats, list(full.numbers)) == (TEN, 1, numbers)


def test_a_day_of_every_year_touches_the_next_one(town: Store) -> None:
    (number,) = fills(town, 1)
    yearly = CloseDay(THURSDAY, True, "", "visits", "उत्सव")
    carry_out(town, NOW, RULES, ordered(town, yearly))
    assert starts(town, [number]) == [at(27, 10)]


def test_a_day_without_offices_touches_no_visit(town: Store) -> None:
    fills(town, 1)
    assert wants(town, CloseDay(THURSDAY, False, "", "departments", "अवकाश")) is None


@pytest.mark.parametrize(
    ("what", "code", "field"),
    [
        (CloseDay(None, False, "", "visits", "x"), "day_missing", "day"),
        (CloseDay(date(2026, 11, 21), False, "", "visits", "x"), "day_past", "day"),
        (CloseDay(date(2030, 1, 1), False, "", "visits", "x"), "day_far", "day"),
        (CloseDay(THURSDAY, False, "delhi", "visits", "x"), "city_unknown", "city"),
        (CloseDay(THURSDAY, False, "", "moon", "x"), "calendar_unknown", "calendar"),
        (CloseDay(THURSDAY, False, "durg", "departments", "x"), "departments_city", "city"),
        (CloseDay(THURSDAY, False, "", "visits", " \n "), "reason_missing", "reason"),
        (CloseDay(THURSDAY, False, "", "visits", "x" * 10_000), "reason_long", "reason"),
        (SetDay("durg", "east", When(0), (9, 12), None), "area_unknown", "area"),
        (SetDay("durg", "", When(7), (9, 12), None), "day_missing", "day"),
        (SetDay("durg", "", When(0), (9, None), None), "hours_both", "first_slot_h"),
        (SetDay("durg", "", When(0), (12, 9), None), "hours_order", "first_slot_h"),
        (SetDay("durg", "", When(0), (-1, 25), None), "hours_order", "first_slot_h"),
        (SetDay("durg", "", When(0), (None, None), 101), "seats_range", "seats"),
        (SetDay("durg", "", When(0), (None, None), None), "nothing_set", "seats"),
        (SetDay("durg", "", When(0), (9, 12), None, version=3), "changed_meanwhile", ""),
        (DropDay(1, 1), "changed_meanwhile", ""),
        (LiftDay("nothing"), "changed_meanwhile", ""),
    ],
)
def test_what_cannot_be_is_refused_with_the_field_and_changes_nothing(
    town: Store, what: Change, code: str, field: str
) -> None:
    with pytest.raises(CalendarError) as refused:
        wants(town, what)
    assert (refused.value.code, refused.value.field) == (code, field)
    with town.read() as session:
        assert closures(session) == []
        assert day_rules(session) == []


def test_a_day_that_was_lifted_can_be_closed_again(town: Store) -> None:
    wants(town, ELECTION)
    with town.read() as session:
        (row,) = closures(session)
    wants(town, LiftDay(row.id))
    with pytest.raises(CalendarError):
        wants(town, LiftDay(row.id))
    wants(town, ELECTION)
    with pytest.raises(CalendarError):
        wants(town, ELECTION)
    with town.read() as session:
        assert [(c.id, c.lifted) for c in closures(session)] == [(row.id, False)]


def test_a_visit_that_has_begun_is_left_alone(town: Store) -> None:
    fills(town, 1)
    with town.begin() as session:
        change(session, TEN + timedelta(minutes=5), RULES, ELECTION, By(ASHA))
        assert stranded(session, at(26, 11), RULES) == []
