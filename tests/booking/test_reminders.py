"""Reminders of a visit, and the question after delivery: at the right time, once, and not of what is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking import reminders
from booking.actors import Actor
from booking.changes import change_stage, lock_booking
from booking.moving import cancel, move
from booking.notices import notices
from booking.quiet import QuietHours
from booking.reminders import ReminderRules, ask, evening, remind, soon
from booking.sending import Report, send_due
from booking.wording import Notices
from models.bookings import Booking, BookingEvent
from models.feedback import Feedback
from models.notices import Notice
from models.store import Store
from tests.booking.town import AT_ONCE, MINUTE, RULES, at, books, holds_and_books, order

WORDING = notices()
TIMES = ReminderRules()
AGENT = Actor("agent", "7")
MORNING = at(23, 10)


def reminded(store: Store, event: str) -> list[Notice]:
    with store.read() as session:
        return list(session.scalars(select(Notice).where(Notice.event == event).order_by(Notice.id)))


def in_the_evening(store: Store, now: datetime, wording: Notices = WORDING) -> int:
    return remind(store, now, TIMES, wording, evening)


def shortly(store: Store, now: datetime, wording: Notices = WORDING) -> int:
    return remind(store, now, TIMES, wording, soon)


def test_the_evening_before_is_told_what_comes_tomorrow_once(town: Store) -> None:
    made = holds_and_books(town)
    assert in_the_evening(town, at(22, 18) - AT_ONCE) == 0
    assert in_the_evening(town, at(22, 18)) == 1
    assert in_the_evening(town, at(22, 18, 5)) == 0
    (notice,) = reminded(town, "reminder_evening")
    assert notice.text == (
        f"मितान: कल 23/11 सुबह 10 बजे हम जन्म प्रमाण पत्र के लिए आपके घर आएँगे। कागज़ तैयार रखें। बुकिंग {made.number}"
    )
    assert (notice.due_at, notice.expires_at) == (at(22, 18), at(22, 21))


def test_only_tomorrows_visits_are_told_in_the_evening(town: Store) -> None:
    for n, start in enumerate((at(23, 8), at(23, 19), at(24, 8))):
        holds_and_books(town, f"c{n}", start)
    assert in_the_evening(town, at(22, 18)) == 2
    assert in_the_evening(town, at(23, 18)) == 1


def test_who_books_in_the_evening_is_not_reminded_of_it(town: Store) -> None:
    books(town, order("c1"), at(22, 18) - AT_ONCE)
    books(town, order("c2", at(23, 11)), at(22, 18))
    assert in_the_evening(town, at(22, 18, 30)) == 1


def test_late_in_the_evening_it_is_made_up_for_but_not_at_night_nor_the_next_morning(town: Store) -> None:
    holds_and_books(town)
    for late in (at(22, 21), at(22, 23, 59), at(23, 0), at(23, 8)):
        assert in_the_evening(town, late) == 0
    assert in_the_evening(town, at(22, 21) - AT_ONCE) == 1


def test_an_evening_reminder_that_could_not_be_sent_is_not_sent_the_next_morning(town: Store) -> None:
    holds_and_books(town)
    in_the_evening(town, at(22, 20, 59))
    sent: list[str] = []
    for moment in (at(22, 21), at(23, 8)):
        send_due(town, moment, lambda to, text: sent.append(text) or "SM1", None, WORDING)
    assert [text for text in sent if "कल" in text] == []
    assert reminded(town, "reminder_evening")[0].state == "expired"


def test_before_the_visit_it_is_told_again_once(town: Store) -> None:
    holds_and_books(town)
    assert shortly(town, at(23, 8) - AT_ONCE) == 0
    assert shortly(town, at(23, 8)) == 1
    assert shortly(town, at(23, 8, 5)) == 0
    (notice,) = reminded(town, "reminder_soon")
    assert notice.text.startswith("मितान: आज 23/11 सुबह 10 बजे")
    assert (notice.due_at, notice.expires_at) == (at(23, 8), MORNING)


def test_who_books_within_the_last_hours_is_not_reminded_of_it(town: Store) -> None:
    late = replace(RULES, notice_h=1.0)
    books(town, order("c1", at(22, 15)), at(22, 13), late)
    books(town, order("c2", at(22, 15)), at(22, 13) - AT_ONCE, late)
    assert shortly(town, at(22, 13, 10)) == 1


def test_a_visit_in_the_first_hour_has_no_second_reminder_and_the_next_one_waits_for_the_morning(town: Store) -> None:
    holds_and_books(town, "c1", at(23, 8))
    holds_and_books(town, "c2", at(23, 9))
    assert [shortly(town, moment) for moment in (at(23, 6), at(23, 7), at(23, 7, 30), at(23, 8))] == [0, 1, 0, 0]
    (notice,) = reminded(town, "reminder_soon")
    assert notice.due_at == at(23, 8)
    assert "9 बजे" in notice.text


def test_a_reminder_made_up_for_comes_half_an_hour_before_at_the_latest(town: Store) -> None:
    holds_and_books(town)
    assert shortly(town, at(23, 9, 30) + AT_ONCE) == 0
    assert shortly(town, at(23, 9, 30)) == 1


def test_a_cancelled_visit_is_not_told_and_a_waiting_reminder_of_it_is_dropped(town: Store) -> None:
    one, two = holds_and_books(town, "c1"), holds_and_books(town, "c2")
    with town.begin() as session:
        cancel(session, at(22, 12), RULES, session.get_one(Booking, one.id), AGENT, "no time")
    assert in_the_evening(town, at(22, 18)) == 1
    with town.begin() as session:
        cancel(session, at(22, 18, 1), RULES, session.get_one(Booking, two.id), AGENT, "no time")
    assert [n.state for n in reminded(town, "reminder_evening")] == ["dropped"]
    assert send_due(town, at(22, 19), lambda to, text: "SM1", None, WORDING) == Report(sent=2)  # both cancellations


def test_a_moved_visit_is_told_for_its_new_time_only(town: Store) -> None:
    made = holds_and_books(town, "c1", at(24, 10))
    assert in_the_evening(town, at(22, 18)) == 0
    with town.begin() as session:
        move(session, at(22, 18, 30), RULES, session.get_one(Booking, made.id), at(23, 12), AGENT)
    assert in_the_evening(town, at(22, 18, 31)) == 0  # told just now
    assert shortly(town, at(23, 10)) == 1
    with town.begin() as session:
        move(session, at(23, 10, 1), RULES, session.get_one(Booking, made.id), at(24, 12), AGENT)
    assert [n.state for n in reminded(town, "reminder_soon")] == ["dropped"]
    assert in_the_evening(town, at(23, 18)) == 1
    assert shortly(town, at(24, 10)) == 1


def test_a_visit_moved_away_and_back_is_told(town: Store) -> None:
    made = holds_and_books(town, "c1", at(23, 12))
    in_the_evening(town, at(22, 18))
    for moment, start in ((at(22, 18, 1), at(23, 14)), (at(22, 18, 2), at(23, 12))):
        with town.begin() as session:
            move(session, moment, RULES, session.get_one(Booking, made.id), start, AGENT)
    assert [n.state for n in reminded(town, "reminder_evening")] == ["dropped"]
    assert shortly(town, at(23, 10)) == 1


def test_many_visits_are_told_in_batches(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    for n in range(5):
        holds_and_books(town, f"c{n}", at(23, 8 + n))
    assert in_the_evening(town, at(22, 18)) == 5
    assert in_the_evening(town, at(22, 18, 5)) == 0


def test_quiet_hours_that_end_before_midnight_or_never_are_kept_to(town: Store) -> None:
    holds_and_books(town)
    never = replace(WORDING, quiet=QuietHours(0, 0))
    assert in_the_evening(town, at(22, 23, 59), never) == 1
    assert reminded(town, "reminder_evening")[0].expires_at == at(23, 0)


def deliver(store: Store, made: Booking, now: datetime) -> None:
    with store.begin() as session:
        booking = session.get_one(Booking, made.id)
        booking.stage = "certificate_ready"
        session.flush()
        change_stage(session, now, booking, "delivered", Actor("executive", "E1"))


def asked(store: Store, now: datetime) -> int:
    return remind(store, now, TIMES, WORDING, ask)


def test_a_day_after_delivery_the_citizen_is_asked_once(town: Store) -> None:
    made = holds_and_books(town)
    assert asked(town, at(24, 12)) == 0
    deliver(town, made, at(24, 12))
    assert asked(town, at(25, 12) - AT_ONCE) == 0
    assert asked(town, at(25, 12)) == 1
    assert [asked(town, at(25, 12) + timedelta(days=n)) for n in range(1, 20)] == [0] * 19
    assert "1 से 5" in reminded(town, "feedback_ask")[0].text


def test_who_has_rated_already_or_got_it_long_ago_is_not_asked(town: Store) -> None:
    one, two = holds_and_books(town, "c1"), holds_and_books(town, "c2")
    deliver(town, one, at(24, 12))
    deliver(town, two, at(24, 12))
    with town.begin() as session:
        session.add(Feedback(booking_id=one.id, rating=5, at=at(24, 13)))
    assert asked(town, at(24, 12) + timedelta(days=14)) == 0
    assert asked(town, at(25, 12)) == 1


def test_events_of_a_booking_are_not_changed_by_reminding(town: Store) -> None:
    made = holds_and_books(town)
    in_the_evening(town, at(22, 18))
    shortly(town, at(23, 8) + MINUTE)
    with town.read() as session:
        booking = session.get_one(Booking, made.id)
        count = len(list(session.scalars(select(BookingEvent))))
    assert (booking.version, count) == (1, 1)


def test_of_two_runs_at_the_same_time_one_reminds(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if town.sqlite:
        return  # one writer: the second run looks after the first has written
    for n in range(3):
        holds_and_books(town, f"c{n}", at(23, 9 + n))
    other = Store(town.engine.url.render_as_string(hide_password=False))
    write, second = reminders.write_notice, list[int]()

    def meanwhile(*args: Any, **values: Any) -> int:
        if not second:
            second.append(-1)
            second.append(in_the_evening(other, at(22, 18)))
        return write(*args, **values)

    monkeypatch.setattr(reminders, "write_notice", meanwhile)
    assert in_the_evening(town, at(22, 18)) == 3
    assert second == [-1, 0]
    assert len(reminded(town, "reminder_evening")) == 3
    other.close()


def test_a_booking_that_is_being_changed_is_reminded_by_the_next_run(town: Store) -> None:
    if town.sqlite:
        return  # one writer: the run waits for the change
    made = holds_and_books(town)
    other = Store(town.engine.url.render_as_string(hide_password=False))
    with other.begin() as session:
        lock_booking(session, session.get_one(Booking, made.id))
        assert in_the_evening(town, at(22, 18)) == 0
    assert in_the_evening(town, at(22, 18, 5)) == 1
    other.close()
