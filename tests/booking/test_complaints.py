from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.actors import CALLER, JOB, Actor
from booking.complaint_stages import STAGES, ComplaintRules
from booking.complaints import (
    NewComplaint,
    answer,
    assign,
    by_mobile,
    by_number,
    close,
    close_due,
    rate,
    register,
    reopen,
    reopen_until,
    resolve,
)
from booking.errors import (
    BadMobile,
    BadValue,
    BookingError,
    CityNotCovered,
    Conflict,
    NotAllowed,
    NotFound,
    TooLate,
)
from booking.numbers import kind_of
from models.complaints import Complaint
from models.notices import Notice
from models.store import Store
from tests.booking.grievances import ADMIN, AGENT, MOBILE, OFFICE, complains, events_of, found_levels, told
from tests.booking.town import NOW, at, holds_and_books

DAY = timedelta(days=1)


@pytest.fixture
def desk(town: Store) -> Store:
    found_levels(town)
    return town


def resolves(store: Store, complaint: Complaint, now: object = NOW, text: str = "Done.") -> None:
    with store.begin() as session:
        resolve(session, now, session.get_one(Complaint, complaint.id), OFFICE, text)  # type: ignore[arg-type]


def stands(store: Store, complaint: Complaint) -> Complaint:
    with store.read() as session:
        return session.get_one(Complaint, complaint.id)


def test_a_complaint_has_a_number_an_event_a_notice_and_the_day_on_which_it_rises(desk: Store) -> None:
    made = complains(desk, service="birth_certificate", text="Nobody came.", conversation="c1", caller="+919812345615")
    assert (kind_of(made.number), made.stage, made.level) == ("complaint", "registered", 1)
    assert events_of(desk, made) == [("stage", None, "registered")]
    assert told(desk, complaint_id=made.id) == ["complaint_registered"]
    with desk.read() as session:
        notice = session.scalars(select(Notice)).one()
        assert made.number in notice.text
        assert notice.recipient == f"+91{MOBILE}"
    assert made.due_at is not None
    assert made.due_at > NOW + 7 * DAY  # seven working days


def test_a_replayed_complaint_is_registered_once(desk: Store) -> None:
    first = complains(desk, replay_key="c1/complaint", text="first")
    again = complains(desk, replay_key="c1/complaint", text="again")
    other = complains(desk, replay_key="c2/complaint")
    assert (again.id, again.text) == (first.id, "first")
    assert other.id != first.id
    assert told(desk, complaint_id=first.id) == ["complaint_registered"]


def test_ten_threads_that_replay_a_complaint_register_it_once(desk: Store) -> None:
    numbers: list[str] = []
    gate = threading.Barrier(10)

    def act() -> None:
        gate.wait()
        numbers.append(complains(desk, replay_key="c1").number)

    threads = [threading.Thread(target=act) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 10
    assert len(set(numbers)) == 1
    assert told(desk, complaint_id=1).count("complaint_registered") == 1


def test_a_complaint_about_a_booking_takes_over_its_service_and_city(desk: Store) -> None:
    booking = holds_and_books(desk)
    made = complains(desk, booking=booking.number)
    assert (made.booking_id, made.service_id, made.city_id) == (booking.id, "birth_certificate", "raipur")


def test_a_bribe_is_always_confidential_and_anything_else_when_asked(desk: Store) -> None:
    assert complains(desk, "bribe", confidential=False).confidential
    assert complains(desk, "behaviour", confidential=True).confidential
    assert not complains(desk, "behaviour").confidential


def test_numbers_of_twelve_digits_are_not_stored(desk: Store) -> None:
    made = complains(desk, text="My Aadhaar is 1234 5678 9012.", place="1234 5678 9012", department="1234 5678 9012")
    assert "1234" not in made.text + made.place + made.department


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "anger"}, BadValue),
        ({"mobile": "022 2345 6789"}, BadMobile),
        ({"mobile": "+1 212 555 0100"}, BadMobile),
        ({"mobile": ""}, BadMobile),
        ({"service": "passport"}, NotFound),
        ({"booking": "12345678"}, NotFound),
        ({"note": "none"}, NotFound),
        ({"city": "atlantis"}, CityNotCovered),
        ({"text": "x" * 4001}, BadValue),
        ({"department": "x" * 201}, BadValue),
    ],
)
def test_bad_input_is_refused_with_its_reason_and_leaves_nothing(
    desk: Store, changes: dict[str, str], error: type[BookingError]
) -> None:
    values = {"kind": "delay", "mobile": MOBILE, **changes}
    with pytest.raises(error), desk.begin() as session:
        register(session, NOW, NewComplaint(**values))  # type: ignore[arg-type]
    with desk.read() as session:
        assert session.scalar(select(func.count(Complaint.id))) == 0


def test_complaints_are_found_by_number_and_by_mobile_newest_first(desk: Store) -> None:
    old, new = complains(desk), complains(desk, now=NOW + DAY)
    complains(desk, mobile="9812345699")
    with desk.read() as session:
        assert [c.id for c in by_mobile(session, "+91 98123 45615")] == [new.id, old.id]
        assert by_mobile(session, "nobody") == []
        found = by_number(session, old.number)
        assert found is not None
        assert found.id == old.id
        assert by_number(session, "300000000") is None


def test_the_whole_way_is_an_event_a_step_and_a_notice_where_the_citizen_must_know(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        assign(session, NOW, row, OFFICE)
        answer(session, NOW, row, OFFICE, "We are looking into it.")
        due = row.due_at
        assert due == made.due_at  # an interim answer does not stop the clock
        resolve(session, NOW + DAY, row, OFFICE, "It is done.")
        assert (row.due_at, row.resolved_at) == (None, NOW + DAY)
        rate(session, NOW + DAY, row, 4)
        assert (row.stage, row.rating, row.version) == ("closed", 4, 6)
    assert events_of(desk, made) == [
        ("stage", None, "registered"),
        ("stage", "registered", "assigned"),
        ("stage", "assigned", "answered"),
        ("stage", "answered", "resolved"),
        ("rated", "resolved", "resolved"),
        ("stage", "resolved", "closed"),
    ]
    events = ["complaint_registered", "complaint_answered", "complaint_resolved", "complaint_closed"]
    assert told(desk, complaint_id=made.id) == events


@pytest.mark.parametrize("rating", [1, 2])
def test_a_bad_rating_leaves_the_complaint_open_for_reopening(desk: Store, rating: int) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session:
        row = rate(session, NOW, session.get_one(Complaint, made.id), rating)
        assert (row.stage, row.rating) == ("resolved", rating)
        assert reopen_until(row, ComplaintRules()) == at(22, 0).date() + 10 * DAY


@pytest.mark.parametrize("rating", [3, 4, 5])
def test_a_good_rating_closes_the_complaint(desk: Store, rating: int) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session:
        assert rate(session, NOW, session.get_one(Complaint, made.id), rating).stage == "closed"


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_that_is_not_one_to_five_is_refused(desk: Store, rating: int) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session, pytest.raises(BadValue):
        rate(session, NOW, session.get_one(Complaint, made.id), rating)


def test_what_is_not_resolved_cannot_be_rated(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session, pytest.raises(NotAllowed):
        rate(session, NOW, session.get_one(Complaint, made.id), 5)


def test_one_that_closed_by_itself_can_still_be_rated_once(desk: Store) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session:
        close_due(session, NOW + 11 * DAY)
        row = session.get_one(Complaint, made.id)
        assert rate(session, NOW + 12 * DAY, row, 2).rating == 2
        assert row.stage == "closed"
        with pytest.raises(NotAllowed):
            rate(session, NOW + 12 * DAY, row, 5)


def test_reopening_goes_on_at_the_next_level_and_stays_at_the_last(desk: Store) -> None:
    made = complains(desk)
    for times, level in ((1, 2), (2, 3), (3, 3)):
        resolves(desk, made, text=f"Done {times}.")
        with desk.begin() as session:
            rate(session, NOW, session.get_one(Complaint, made.id), 1)
            row = reopen(session, NOW, session.get_one(Complaint, made.id), CALLER, "Nothing was done.")
            assert (row.stage, row.level, row.reopened) == ("assigned", level, times)
            assert (row.resolved_at, row.rating) == (None, None)
            assert row.due_at is not None
    assert told(desk, complaint_id=made.id).count("complaint_escalated") == 2
    assert [e[0] for e in events_of(desk, made)].count("reopened") == 3


def test_reopening_twice_at_once_counts_once(desk: Store) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        reopen(session, NOW, row, CALLER)
        reopen(session, NOW, row, CALLER)
        assert (row.reopened, row.level) == (1, 2)


@pytest.mark.parametrize("rated", [None, 5])
def test_reopening_is_possible_through_the_tenth_day_and_not_on_the_eleventh(desk: Store, rated: int | None) -> None:
    resolved = at(22, 23, 59)
    early, late = complains(desk), complains(desk)
    for made in (early, late):
        resolves(desk, made, resolved)
        if rated:
            with desk.begin() as session:
                rate(session, resolved, session.get_one(Complaint, made.id), rated)
    with desk.begin() as session:
        end = at(22, 0) + 11 * DAY  # the first moment of the eleventh day after
        reopen(session, end - timedelta(seconds=1), session.get_one(Complaint, early.id), CALLER)
        with pytest.raises(TooLate):
            reopen(session, end, session.get_one(Complaint, late.id), CALLER)


def test_the_window_is_a_rule(desk: Store) -> None:
    made = complains(desk)
    resolves(desk, made)
    with desk.begin() as session, pytest.raises(TooLate):
        reopen(session, NOW + 3 * DAY, session.get_one(Complaint, made.id), CALLER, rules=ComplaintRules(reopen_days=2))


def test_what_was_resolved_at_midnight_has_its_ten_days_too(desk: Store) -> None:
    made = complains(desk)
    resolves(desk, made, at(23, 0))
    with desk.begin() as session:
        assert close_due(session, at(23, 0) + 11 * DAY - timedelta(seconds=1)) == 0
        assert close_due(session, at(23, 0) + 11 * DAY) == 1


def test_the_job_closes_what_can_no_longer_be_reopened_and_nothing_else(desk: Store) -> None:
    old, young, unresolved = complains(desk), complains(desk), complains(desk)
    resolves(desk, old, NOW - 11 * DAY)
    resolves(desk, young, NOW - 10 * DAY)
    with desk.begin() as session:
        assert close_due(session, NOW) == 1
        assert close_due(session, NOW) == 0
    assert [stands(desk, c).stage for c in (old, young, unresolved)] == ["closed", "resolved", "registered"]
    assert events_of(desk, old)[-1] == ("stage", "resolved", "closed")


@pytest.mark.parametrize("actor", [OFFICE, ADMIN, JOB, Actor("executive", "e")])
def test_only_the_citizens_word_closes_before_the_window_is_over(desk: Store, actor: Actor) -> None:
    made = complains(desk)
    with desk.begin() as session, pytest.raises(NotAllowed):
        close(session, NOW, session.get_one(Complaint, made.id), actor, "done with it")


def test_a_citizen_may_withdraw_at_any_time_and_an_agent_says_what_the_citizen_said(desk: Store) -> None:
    mine, told_to_agent = complains(desk), complains(desk)
    with desk.begin() as session:
        close(session, NOW, session.get_one(Complaint, mine.id), CALLER, "")
        row = session.get_one(Complaint, told_to_agent.id)
        with pytest.raises(BadValue):
            close(session, NOW, row, AGENT, " ")
        close(session, NOW, row, AGENT, "The citizen says that it has been settled.")
        close(session, NOW, row, AGENT, "again")
        assert (row.stage, row.due_at, row.version) == ("closed", None, 2)
        with pytest.raises(NotAllowed):  # withdrawn, never resolved
            reopen(session, NOW, row, CALLER)


@pytest.mark.parametrize("actor", [CALLER, JOB, Actor("executive", "e")])
def test_a_citizen_an_executive_and_a_job_do_not_resolve(desk: Store, actor: Actor) -> None:
    made = complains(desk)
    with desk.begin() as session, pytest.raises(NotAllowed):
        resolve(session, NOW, session.get_one(Complaint, made.id), actor, "Done.")


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_an_answer_says_something(desk: Store, text: str) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        for act in (answer, resolve):
            with pytest.raises(BadValue):
                act(session, NOW, row, OFFICE, text)


def test_the_same_answer_again_changes_nothing(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        for act in (answer, answer, resolve, resolve):
            act(session, NOW, row, OFFICE, "Done.")
        assert row.version == 3
    assert told(desk, complaint_id=made.id).count("complaint_resolved") == 1


def test_who_has_seen_an_older_version_is_told_and_nothing_changes(desk: Store) -> None:
    made = complains(desk)
    with desk.begin() as session:
        row = session.get_one(Complaint, made.id)
        assign(session, NOW, row, OFFICE, expected_version=1)
        for act in (answer, resolve):
            with pytest.raises(Conflict):
                act(session, NOW, row, OFFICE, "Done.", expected_version=1)
    assert stands(desk, made).stage == "assigned"


def test_two_at_once_one_resolves_and_the_other_is_told(desk: Store) -> None:
    made = complains(desk)
    outcomes: list[str] = []
    gate = threading.Barrier(6)

    def act(n: int) -> None:
        gate.wait()
        try:
            with desk.begin() as session:
                row = session.get_one(Complaint, made.id)
                resolve(session, NOW, row, OFFICE, f"Done by {n}.", expected_version=1)
            outcomes.append("resolved")
        except (Conflict, NotAllowed) as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=act, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("resolved") == 1
    assert len(events_of(desk, made)) == 2


def test_every_stage_leads_only_to_stages_of_the_table() -> None:
    assert {to for ways in STAGES.values() for to in ways} <= STAGES.keys()
