"""What is said is not kept longer than needed; what is needed stays, however old."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

import booking.forgetting
from booking import callers, calls, conversations
from booking.complaint_closing import close, reopen
from booking.conversations import Line
from booking.notes import keep
from booking.retention import Report, RetentionRules, retain
from models.access import ApiToken, IdempotentAnswer
from models.appeals import Appeal
from models.bookings import Booking, BookingEvent
from models.callbacks import Callback
from models.callers import Caller
from models.calls import Call
from models.complaints import Complaint, ComplaintEvent
from models.conversations import Conversation, Turn
from models.feedback import Feedback
from models.notices import STATES, Notice
from models.store import Store
from models.voice_notes import VoiceNote
from models.waiting import Waiting
from tests.booking.life import AGENT, cancels
from tests.booking.town import NOW, TEN, books, holds, holds_and_books, order

DAY = timedelta(days=1)
RULES = RetentionRules(
    voice_notes_days=100, transcripts_days=200, conversations_days=50, callbacks_days=30, answers_days=2
)


def note(store: Store, conversation: str = "c1") -> str:
    with store.begin() as session:
        return keep(session, NOW, conversation, b"voice", 1.0)


def booked(store: Store, id: str, stage: str, conversation: str = "c1") -> int:
    """A booking with the note, brought to a stage without its way there."""
    holds(store, conversation)
    made = books(store, order(conversation, note=id))
    with store.begin() as session:
        session.get_one(Booking, made.id).stage = stage
    return made.id


def complaint(note: str | None = None, booking: int | None = None, stage: str = "registered") -> Complaint:
    return Complaint(number="312345678", kind="delay", booking_id=booking, note_id=note, mobile="9812345615",
                     language="hi", stage=stage, created_at=NOW, updated_at=NOW)  # fmt: skip


def appeal(note: str | None = None, booking: int | None = None) -> Appeal:
    return Appeal(number="512345678", level=1, ground="late", booking_id=booking, note_id=note, mobile="9812345615",
                  language="hi", stage="registered", decide_by=date(2026, 12, 22), created_at=NOW,
                  updated_at=NOW)  # fmt: skip


def kept(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count(VoiceNote.id))) or 0


def test_a_note_goes_when_its_days_are_over_and_not_before(town: Store) -> None:
    note(town)
    assert retain(town, NOW + 100 * DAY, RULES).voice_notes == 0
    assert retain(town, NOW + 100 * DAY + timedelta(seconds=1), RULES) == Report(voice_notes=1)
    assert kept(town) == 0


@pytest.mark.parametrize("stage", ["booked", "submitted", "documents_needed", "out_for_delivery", "citizen_absent"])
def test_the_note_of_a_booking_that_is_not_over_stays(town: Store, stage: str) -> None:
    booked(town, note(town), stage)
    assert retain(town, NOW + 1000 * DAY, RULES) == Report(needed=1)
    assert kept(town) == 1


@pytest.mark.parametrize("stage", ["delivered", "cancelled", "rejected"])
def test_the_note_of_a_booking_that_is_over_goes_and_the_booking_stays_with_its_events(town: Store, stage: str) -> None:
    id = booked(town, note(town), stage)
    assert retain(town, NOW + 101 * DAY, RULES) == Report(voice_notes=1)
    with town.read() as session:
        assert session.get_one(Booking, id).note_id is None
        assert session.scalar(select(func.count(BookingEvent.id))) == 1


def test_the_days_count_from_the_last_change_of_the_booking(town: Store) -> None:
    id = booked(town, note(town), "delivered")
    with town.begin() as session:
        session.get_one(Booking, id).updated_at = NOW + 60 * DAY
    assert retain(town, NOW + 101 * DAY, RULES) == Report(needed=1)
    assert retain(town, NOW + 161 * DAY, RULES) == Report(voice_notes=1)


def test_a_note_in_dispute_stays_until_the_dispute_is_over(town: Store) -> None:
    id = booked(town, note(town), "rejected")
    with town.begin() as session:
        session.add_all([complaint(booking=id), appeal(booking=id)])
    assert retain(town, NOW + 500 * DAY, RULES).needed == 1
    with town.begin() as session:
        session.scalars(select(Complaint)).one().stage = "closed"
    assert retain(town, NOW + 500 * DAY, RULES).needed == 1
    with town.begin() as session:
        session.scalars(select(Appeal)).one().stage = "decided"
    assert retain(town, NOW + 500 * DAY, RULES) == Report(voice_notes=1)


def test_notes_of_open_complaints_and_appeals_and_of_new_feedback_stay(town: Store) -> None:
    first, second, third = (note(town, f"c{n}") for n in range(3))
    id = booked(town, note(town), "delivered")
    with town.begin() as session:
        session.add_all([complaint(first), appeal(second)])
        session.add(Feedback(booking_id=id, rating=1, note_id=third, at=NOW + 90 * DAY))
    assert retain(town, NOW + 101 * DAY, RULES) == Report(voice_notes=1, needed=3)
    with town.begin() as session:
        session.scalars(select(Complaint)).one().stage = "closed"
        session.scalars(select(Appeal)).one().stage = "decided"
    assert retain(town, NOW + 191 * DAY, RULES) == Report(voice_notes=3)


def test_the_note_of_who_waits_for_a_seat_stays_until_the_waiting_is_over(town: Store) -> None:
    row = Waiting(service_id="birth_certificate", city_id="raipur", first_day=TEN.date(), last_day=TEN.date(),
                  mobile="9812345615", pin="492001", note_id=note(town), language="hi", conversation_id="c1",
                  created_at=NOW, updated_at=NOW)  # fmt: skip
    with town.begin() as session:
        session.add(row)
    assert retain(town, NOW + 101 * DAY, RULES) == Report(needed=1)
    with town.begin() as session:
        session.scalars(select(Waiting)).one().state = "left"
    assert retain(town, NOW + 101 * DAY, RULES) == Report(voice_notes=1)


def test_transcripts_and_what_was_collected_go_but_the_conversation_counts_on(town: Store) -> None:
    with town.begin() as session:
        conversations.start(session, NOW, "phone", "+919812345615", "c1")
        conversations.add_turns(session, NOW, "c1", [Line("caller", "heard", "98123 45615")] * 3)
        conversations.save(session, "c1", {"filled": {"mobile": "9812345615"}}, expected_version=0, now=NOW)
        conversations.finish(session, NOW, "c1", "booked")
    assert retain(town, NOW + 50 * DAY, RULES) == Report()
    assert retain(town, NOW + 51 * DAY, RULES) == Report(conversations=1)
    assert retain(town, NOW + 201 * DAY, RULES) == Report(turns=3)
    with town.read() as session:
        row = session.get_one(Conversation, "c1")
        assert (row.caller, row.state, row.outcome) == (None, {}, "booked")
        assert session.scalar(select(func.count(Turn.id))) == 0


def test_callbacks_that_were_made_and_old_answers_go(town: Store) -> None:
    times = {"promised_at": NOW, "due_at": NOW, "summary": {}}
    with town.begin() as session:
        for id, done in (("c1", NOW), ("c2", None)):
            session.add(Callback(number="+919812345615", reason="busy", language="hi", conversation_id=id,
                                 done_at=done, **times))  # fmt: skip
        session.add(ApiToken(id="t", name="app", hash="0" * 64, scopes=[], created_at=NOW))
        session.flush()
        session.add(IdempotentAnswer(token_id="t", key="k", request="0" * 64, created_at=NOW))
    assert retain(town, NOW + 31 * DAY, RULES) == Report(callbacks=1, answers=1)
    with town.read() as session:
        assert session.scalars(select(Callback.conversation_id)).all() == ["c2"]


def test_many_go_in_batches_and_a_second_run_finds_nothing(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking.forgetting, "BATCH", 3)
    for n in range(10):
        note(town, f"c{n}")
    assert retain(town, NOW + 101 * DAY, RULES).voice_notes == 10
    assert retain(town, NOW + 101 * DAY, RULES) == Report()


def test_what_was_looked_for_and_is_needed_again_meanwhile_stays(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [note(town, f"c{n}") for n in range(3)]
    monkeypatch.setattr(booking.forgetting, "BATCH", 1)
    forgotten: list[bool] = []
    begin = town.begin

    def complains() -> AbstractContextManager[Session]:
        if not forgotten:  # after they were looked for, before the first goes
            with begin() as session:
                session.add(appeal(notes[2]))
        forgotten.append(True)
        return begin()

    monkeypatch.setattr(town, "begin", complains)
    report = retain(town, NOW + 101 * DAY, RULES)
    assert (report.voice_notes, report.needed) == (2, 0)


def test_an_appeal_that_was_overtaken_keeps_nothing(town: Store) -> None:
    overtaken = appeal(note(town))
    overtaken.stage = "lapsed"
    with town.begin() as session:
        session.add(overtaken)
    assert retain(town, NOW + 101 * DAY, RULES) == Report(voice_notes=1)


def test_what_citizens_wrote_goes_when_its_days_are_over_and_nobody_decides_on_it(town: Store) -> None:
    id = booked(town, note(town), "delivered")
    with town.begin() as session:
        session.add_all([complaint(), appeal(), Feedback(booking_id=id, rating=1, text="he was late", at=NOW)])
        session.flush()
        for row in (session.scalars(select(Complaint)).one(), session.scalars(select(Appeal)).one()):
            row.text = "he asked Asha Devi of house 7 for money"
    assert retain(town, NOW + 200 * DAY, RULES).texts == 0
    assert retain(town, NOW + 201 * DAY, RULES).texts == 1
    with town.begin() as session:
        session.scalars(select(Complaint)).one().stage = "closed"
        session.scalars(select(Appeal)).one().stage = "decided"
    assert retain(town, NOW + 201 * DAY, RULES).texts == 2
    assert retain(town, NOW + 201 * DAY, RULES) == Report()
    with town.read() as session:
        texts = [session.scalars(select(table)).one().text for table in (Complaint, Appeal, Feedback)]
    assert texts == ["", "", ""]


@pytest.mark.parametrize("state", STATES)
def test_the_words_of_a_notice_go_in_every_state_but_while_it_is_to_be_sent(town: Store, state: str) -> None:
    booked(town, note(town), "delivered")
    with town.begin() as session:
        session.execute(update(Notice).values(state=state))
    assert retain(town, NOW + 201 * DAY, RULES).texts == (state != "pending")


def test_the_words_of_a_notice_go_and_that_it_was_sent_stays(town: Store) -> None:
    booked(town, note(town), "delivered")
    with town.begin() as session:
        assert session.scalars(select(Notice)).one().text
        session.execute(update(Notice).values(state="delivered", sent_at=NOW))
    due = NOW + 201 * DAY
    assert retain(town, due - DAY - timedelta(seconds=1), RULES).texts == 0
    assert retain(town, due, RULES).texts == 1
    with town.read() as session:
        row = session.scalars(select(Notice)).one()
    assert (row.text, row.recipient, row.variables) == ("", "", None)
    assert (row.event, row.state, row.sent_at) == ("booked", "delivered", NOW)


WORDS = "Asha Devi of house 7 has the paper already"


def test_why_a_booking_was_cancelled_goes_with_the_transcripts_and_that_it_was_stays(town: Store) -> None:
    number = holds_and_books(town).number
    cancels(town, number, reason=WORDS)
    with town.begin() as session:
        session.add(complaint(booking=session.scalars(select(Booking.id)).one()))
    assert retain(town, NOW + 201 * DAY, RULES).reasons == 0  # somebody decides on it
    with town.begin() as session:
        session.execute(update(Complaint).values(stage="closed"))
    assert retain(town, NOW + 200 * DAY, RULES).reasons == 0
    assert retain(town, NOW + 201 * DAY, RULES).reasons == 1
    assert retain(town, NOW + 201 * DAY, RULES) == Report()
    with town.read() as session:
        row = session.scalars(select(Booking)).one()
        assert (row.stage, row.reason) == ("cancelled", "")
        assert [(e.to_stage, e.who, e.why) for e in row.events] == [
            ("booked", "caller", ""),
            ("cancelled", "caller", ""),
        ]


def test_what_an_office_said_of_a_refusal_stays(town: Store) -> None:
    id = booked(town, note(town), "rejected")
    with town.begin() as session:
        session.get_one(Booking, id).reason = "the deed is missing"
    assert retain(town, NOW + 201 * DAY, RULES).reasons == 0


def test_why_a_complaint_was_closed_or_reopened_goes_and_the_offices_words_stay(town: Store) -> None:
    with town.begin() as session:
        session.add(row := complaint(stage="resolved"))
        row.resolved_at = NOW
        row.events.append(ComplaintEvent(at=NOW, who="office:raipur", to_stage="answered", why="soon"))
        session.flush()
        reopen(session, NOW, row, AGENT, WORDS)
        close(session, NOW, row, AGENT, WORDS)
    assert retain(town, NOW + 200 * DAY, RULES).reasons == 0
    assert retain(town, NOW + 201 * DAY, RULES).reasons == 2
    assert retain(town, NOW + 201 * DAY, RULES).reasons == 0
    with town.read() as session:
        events = session.scalars(select(ComplaintEvent).order_by(ComplaintEvent.id)).all()
        assert [(e.what, e.why) for e in events] == [("stage", "soon"), ("reopened", ""), ("stage", "")]


def test_the_numbers_that_called_go_and_that_they_called_stays(town: Store) -> None:
    number = "+919812345615"
    with town.begin() as session:
        calls.opened(session, NOW, calls.Opening("CA1", number, "14545"))
        calls.closed(session, NOW, "CA1", "completed", 61)
        callers.remember_language(session, NOW, number, "en")
        callers.remember_language(session, NOW + 10 * DAY, "+919812345616", "en")
    assert retain(town, NOW + 50 * DAY, RULES) == Report()
    assert retain(town, NOW + 51 * DAY, RULES) == Report(calls=1, callers=1)
    assert retain(town, NOW + 51 * DAY, RULES) == Report()
    with town.read() as session:
        row = session.get_one(Call, "CA1")
        assert (row.from_number, row.to_number, row.duration) == (None, "14545", 61)
        assert session.scalars(select(Caller.number)).all() == ["+919812345616"]


def test_sqlite_finds_old_reasons_and_numbers_by_an_index(sqlite_town: Store) -> None:
    asked: list[str] = []
    event.listen(sqlite_town.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    retain(sqlite_town, NOW, RULES)
    with sqlite_town.read() as session:
        plans = {
            table: " ".join(
                str(row)
                for sql in asked
                if sql.startswith("SELECT") and f"FROM {table} " in sql.replace("\n", " ")
                for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?"))
            )
            for table in ("bookings", "calls", "callers")
        }
    assert "ix_bookings_stage_updated_at" in plans["bookings"]
    assert "ix_calls_numbered" in plans["calls"]
    assert "ix_callers_last_seen" in plans["callers"]
