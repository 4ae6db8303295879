from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from booking.actors import CALLER, JOB
from booking.appeals import NewAppeal, by_mobile, by_number, decide, eligible, register, ways_out
from booking.complaints import close_due, rate, reopen, resolve
from booking.errors import BadMobile, BadValue, BookingError, Conflict, NotAllowed, NotFound, TooEarly, TooLate
from booking.escalation import escalate_due
from booking.numbers import kind_of
from booking.zone import local_day
from models.appeals import Appeal, AppealEvent
from models.bookings import Booking, BookingEvent
from models.complaints import Complaint, EscalationLevel
from models.store import Store
from tests.booking.grievances import ADMIN, AGENT, MOBILE, OFFICE, complains, found_levels, told
from tests.booking.town import NOW, holds_and_books

DAY = timedelta(days=1)
TODAY = local_day(NOW)


@pytest.fixture
def desk(town: Store) -> Store:
    found_levels(town)
    return town


def booked(store: Store, conversation: str = "c1", **values: Any) -> Booking:
    """A booking that stands as `values` say."""
    made = holds_and_books(store, conversation)
    with store.begin() as session:
        row = session.get_one(Booking, made.id)
        for name, value in values.items():
            setattr(row, name, value)
        return row


def refused(store: Store, now: datetime = NOW) -> Booking:
    row = booked(store, stage="rejected", reason="No proof.")
    with store.begin() as session:
        session.add(
            BookingEvent(booking_id=row.id, at=now, who="office", from_stage="in_verification", to_stage="rejected")
        )
    return row


def appeals(store: Store, now: datetime, **changes: Any) -> Appeal:
    with store.begin() as session:
        return register(session, now, NewAppeal(**{"mobile": MOBILE, **changes}))


def judged(store: Store, now: datetime, record: Booking | Complaint) -> Any:
    with store.read() as session:
        return eligible(session, now, session.get_one(type(record), record.id))


def decides(store: Store, now: datetime, appeal: Appeal, outcome: Any, order: str = "Looked at.") -> Appeal:
    with store.begin() as session:
        return decide(session, now, session.get_one(Appeal, appeal.id), outcome, order, OFFICE, office="district")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"stage": "booked"}, "in_time"),
        ({"stage": "submitted", "due_on": TODAY}, "in_time"),
        ({"stage": "submitted", "due_on": TODAY - DAY}, ""),
        ({"stage": "approved", "due_on": TODAY - DAY}, ""),
        ({"stage": "documents_needed", "due_on": TODAY - DAY}, ""),
        ({"stage": "certificate_ready", "due_on": TODAY - DAY}, "finished"),
        ({"stage": "out_for_delivery", "due_on": TODAY - DAY}, "finished"),
        ({"stage": "delivered", "due_on": TODAY - DAY}, "finished"),
        ({"stage": "cancelled", "due_on": TODAY - DAY}, "cancelled"),
        ({"stage": "in_verification", "due_on": TODAY - 31 * DAY}, "too_late"),
    ],
)
def test_a_booking_is_appealed_about_when_it_is_late_and_not_ready(
    desk: Store, values: dict[str, Any], why: str
) -> None:
    row = booked(desk, **values)
    answer = judged(desk, NOW, row)
    assert (answer.ok, answer.why) == (not why, why)


def test_a_refusal_can_be_appealed_against_with_a_number_a_day_an_event_and_a_notice(desk: Store) -> None:
    row = refused(desk, NOW - 3 * DAY)
    made = appeals(desk, NOW, booking=row.number, text="I have the proof.")
    assert (made.level, made.ground, made.stage) == (1, "refused", "registered")
    assert made.decide_by == TODAY + 30 * DAY
    assert kind_of(made.number) == "appeal"
    assert told(desk, appeal_id=made.id) == ["appeal_registered"]
    with desk.read() as session:
        events = [(e.from_stage, e.to_stage, e.who) for e in session.scalars(select(AppealEvent))]
        assert events == [(None, "registered", "caller")]
        found = by_number(session, made.number)
        assert found is not None
        assert [a.id for a in by_mobile(session, MOBILE)] == [found.id]


def test_the_day_of_the_last_refusal_counts(desk: Store) -> None:
    row = refused(desk, NOW - 60 * DAY)
    assert judged(desk, NOW, row).why == "too_late"
    with desk.begin() as session:
        again = BookingEvent(
            booking_id=row.id, at=NOW - DAY, who="o", from_stage="in_verification", to_stage="rejected"
        )
        session.add(again)
    assert judged(desk, NOW, row).until_day == TODAY + 29 * DAY


def test_a_replay_gives_the_same_appeal_and_without_a_key_the_reason(desk: Store) -> None:
    row = refused(desk)
    first = appeals(desk, NOW, booking=row.number, replay_key="k")
    assert appeals(desk, NOW, booking=row.number, replay_key="k").id == first.id
    with pytest.raises(NotAllowed) as refusal:
        appeals(desk, NOW, booking=row.number)
    assert refusal.value.detail == "pending"
    answer = judged(desk, NOW, row)
    assert (answer.number, answer.decide_by) == (first.number, first.decide_by)


@pytest.mark.parametrize("key", ["k", None])
def test_eight_threads_register_one_appeal(desk: Store, key: str | None) -> None:
    row = refused(desk)
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def act() -> None:
        gate.wait()
        try:
            outcomes.append(appeals(desk, NOW, booking=row.number, replay_key=key).number)
        except NotAllowed as refusal:
            outcomes.append(refusal.detail)

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert len(set(outcomes)) == (1 if key else 2)
    with desk.read() as session:
        assert session.scalar(select(func.count(Appeal.id))) == 1


def test_first_order_second_order_commission(desk: Store) -> None:
    row = refused(desk)
    first = appeals(desk, NOW, booking=row.number)
    decides(desk, NOW + 20 * DAY, first, "dismissed")
    second = appeals(desk, NOW + 50 * DAY, booking=row.number)
    assert (second.level, second.earlier_id) == (2, first.id)
    assert second.decide_by == TODAY + 95 * DAY
    decides(desk, NOW + 60 * DAY, second, "dismissed")
    answer = judged(desk, NOW + 61 * DAY, row)
    assert (answer.ok, answer.why, answer.level) == (False, "commission", 3)
    with pytest.raises(NotAllowed):
        appeals(desk, NOW + 61 * DAY, booking=row.number)


def test_without_an_order_the_second_appeal_ends_the_first(desk: Store) -> None:
    row = refused(desk)
    first = appeals(desk, NOW, booking=row.number)
    with pytest.raises(NotAllowed):
        appeals(desk, NOW + 45 * DAY, booking=row.number)
    second = appeals(desk, NOW + 46 * DAY, booking=row.number)
    assert second.level == 2
    with desk.begin() as session:
        lapsed = session.get_one(Appeal, first.id)
        assert [e.to_stage for e in lapsed.events] == ["registered", "lapsed"]
        assert lapsed.events[-1].who == str(JOB)
        with pytest.raises(NotAllowed):
            decide(session, NOW, lapsed, "allowed", "Too late.", OFFICE, office="district")


def test_an_appeal_that_is_allowed_sends_the_booking_back_to_verification(desk: Store) -> None:
    row = refused(desk)
    made = decides(desk, NOW + DAY, appeals(desk, NOW, booking=row.number), "allowed", "The proof is good.")
    assert (made.stage, made.outcome, made.order) == ("decided", "allowed", "The proof is good.")
    assert told(desk, appeal_id=made.id)[-1] == "appeal_decided"
    with desk.read() as session:
        booking = session.get_one(Booking, row.id)
        assert booking.stage == "in_verification"
        assert made.number in booking.events[-1].why


def test_a_refusal_after_an_allowed_appeal_is_a_new_cause(desk: Store) -> None:
    row = refused(desk)
    decides(desk, NOW + DAY, appeals(desk, NOW, booking=row.number), "allowed")
    with desk.begin() as session:
        session.get_one(Booking, row.id).stage = "rejected"
        at = NOW + 5 * DAY
        session.add(BookingEvent(booking_id=row.id, at=at, who="o", from_stage="in_verification", to_stage="rejected"))
    assert appeals(desk, NOW + 6 * DAY, booking=row.number).level == 1


def test_one_open_appeal_a_booking_also_when_the_ground_changes(desk: Store) -> None:
    row = booked(desk, stage="in_verification", due_on=TODAY - DAY)
    late = appeals(desk, NOW, booking=row.number)
    assert late.ground == "late"
    with desk.begin() as session:
        session.get_one(Booking, row.id).stage = "rejected"
        at = NOW + DAY
        session.add(BookingEvent(booking_id=row.id, at=at, who="o", from_stage="in_verification", to_stage="rejected"))
    answer = judged(desk, NOW + 2 * DAY, row)
    assert (answer.why, answer.number) == ("pending", late.number)
    decides(desk, NOW + 3 * DAY, late, "dismissed")
    second = appeals(desk, NOW + 4 * DAY, booking=row.number)
    assert (second.level, second.ground) == (1, "refused")


def test_a_complaint_is_appealed_about_when_its_last_level_let_the_time_pass(desk: Store) -> None:
    made, now = complains(desk), NOW
    for _ in range(2):
        assert judged(desk, now, made).why == "in_time"
        with desk.begin() as session:
            now = session.get_one(Complaint, made.id).due_at or now
            escalate_due(session, now)
    with desk.read() as session:
        last = session.get_one(Complaint, made.id).due_at
    assert last is not None
    assert judged(desk, last, made).from_day == local_day(last) + DAY
    before_the_job = judged(desk, last + DAY, made)
    with desk.begin() as session:
        escalate_due(session, last + DAY)
    assert judged(desk, last + DAY, made) == before_the_job
    assert before_the_job.ok
    assert appeals(desk, last + DAY, complaint=made.number).ground == "late"


def test_a_bad_rating_offers_reopening_and_appeal(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        resolve(session, NOW, row, OFFICE, "Done.")
        assert ways_out(session, NOW, row).appeal.why == "finished"
        rate(session, NOW, row, 2)
        ways = ways_out(session, NOW, row)
        assert ways.reopen_until == TODAY + 10 * DAY
        assert (ways.appeal.ok, ways.appeal.ground, ways.appeal.until_day) == (True, "refused", TODAY + 30 * DAY)
        later = ways_out(session, NOW + 11 * DAY, row)
        assert (later.reopen_until, later.appeal.ok) == (None, True)
        reopen(session, NOW, row, CALLER)
        assert ways_out(session, NOW, row).appeal.why == "in_time"


def rated_badly(store: Store) -> Complaint:
    made = complains(store)
    with store.begin() as session:
        row = session.get_one(Complaint, made.id)
        resolve(session, NOW, row, OFFICE, "Done.")
        rate(session, NOW, row, 1)
    return made


@pytest.mark.parametrize("rests", [1, 20])
def test_an_appeal_that_is_allowed_reopens_the_complaint_also_after_the_citizens_own_window(
    desk: Store, rests: int
) -> None:
    made = rated_badly(desk)
    appeal = appeals(desk, NOW + rests * DAY, complaint=made.number)
    with desk.begin() as session:
        close_due(session, NOW + rests * DAY)
    decides(desk, NOW + (rests + 1) * DAY, appeal, "allowed", "Look again.")
    with desk.read() as session:
        row = session.get_one(Complaint, made.id)
        assert (row.stage, row.reopened, row.level, row.rating) == ("assigned", 1, 2, None)
        assert appeal.number in row.events[-1].why
        assert row.due_at is not None
        assert row.due_at > NOW + (rests + 1) * DAY


def test_an_appeal_that_is_dismissed_leaves_the_complaint_as_it_is(desk: Store) -> None:
    made = rated_badly(desk)
    decides(desk, NOW + 2 * DAY, appeals(desk, NOW + DAY, complaint=made.number), "dismissed")
    with desk.read() as session:
        assert session.get_one(Complaint, made.id).stage == "resolved"


def test_an_office_reopens_no_complaint_by_itself(desk: Store) -> None:
    made = rated_badly(desk)
    with desk.begin() as session, pytest.raises(NotAllowed):
        reopen(session, NOW + DAY, session.get_one(Complaint, made.id), OFFICE)


def test_a_good_rating_ends_it(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        resolve(session, NOW, row, OFFICE, "Done.")
        rate(session, NOW, row, 3)
    assert judged(desk, NOW, made).why == "finished"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mobile": "12345"}, BadMobile),
        ({"booking": None}, BadValue),
        ({"complaint": "300000000"}, BadValue),
        ({"booking": "99999999"}, NotFound),
        ({"booking": None, "complaint": "300000000"}, NotFound),
        ({"note": "none"}, NotFound),
        ({"text": "x" * 4001}, BadValue),
    ],
)
def test_bad_input_is_refused_and_leaves_nothing(
    desk: Store, changes: dict[str, Any], error: type[BookingError]
) -> None:
    row = refused(desk)
    with pytest.raises(error):
        appeals(desk, NOW, **{"booking": row.number, **changes})
    with desk.read() as session:
        assert session.scalar(select(func.count(Appeal.id))) == 0


def test_too_early_and_too_late_say_the_day(desk: Store) -> None:
    early = booked(desk, stage="submitted", due_on=TODAY + 5 * DAY)
    with pytest.raises(TooEarly, match=str(TODAY + 6 * DAY)):
        appeals(desk, NOW, booking=early.number)
    with pytest.raises(TooLate, match=str(TODAY + 35 * DAY)):
        appeals(desk, NOW + 50 * DAY, booking=early.number)


@pytest.mark.parametrize(("outcome", "order"), [("perhaps", "x"), ("allowed", " "), ("dismissed", "x" * 4001)])
def test_an_order_has_an_outcome_and_a_text(desk: Store, outcome: str, order: str) -> None:
    made = appeals(desk, NOW, booking=refused(desk).number)
    with pytest.raises(BadValue):
        decides(desk, NOW, made, outcome, order)


def test_only_an_office_decides_once_and_the_same_again_changes_nothing(desk: Store) -> None:
    made = appeals(desk, NOW, booking=refused(desk).number)
    with desk.begin() as session:
        row = session.get_one(Appeal, made.id)
        for actor in (CALLER, AGENT, JOB):
            with pytest.raises(NotAllowed):
                decide(session, NOW, row, "allowed", "Yes.", actor)
        with pytest.raises(Conflict):
            decide(session, NOW, row, "dismissed", "No.", ADMIN, expected_version=7)
        decide(session, NOW, row, "dismissed", "No.", ADMIN)
        decide(session, NOW, row, "dismissed", "No.", ADMIN)
        assert row.version == 2
        with pytest.raises(NotAllowed):
            decide(session, NOW, row, "allowed", "Yes.", ADMIN)


@pytest.mark.parametrize("office", ["", "office", "office/birth_certificate", "unknown", "vigilance"])
def test_the_office_appealed_against_and_any_unknown_one_decide_nothing(desk: Store, office: str) -> None:
    with desk.begin() as session:  # stands above the office for bribes only
        session.add(EscalationLevel(kind="bribe", level=2, office="vigilance", hi="", en="", hours=24))
    for about in ({"booking": refused(desk).number}, {"complaint": rated_badly(desk).number}):
        made = appeals(desk, NOW, **about)
        with desk.begin() as session, pytest.raises(NotAllowed):
            decide(session, NOW, session.get_one(Appeal, made.id), "dismissed", "No.", OFFICE, office=office)


@pytest.mark.parametrize("office", ["district", "district/raipur", "state"])
def test_an_office_above_the_one_appealed_against_decides(desk: Store, office: str) -> None:
    made = appeals(desk, NOW, booking=refused(desk).number)
    with desk.begin() as session:
        row = session.get_one(Appeal, made.id)
        assert decide(session, NOW, row, "dismissed", "No.", OFFICE, office=office).outcome == "dismissed"
