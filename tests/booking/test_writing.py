"""Writing notices beside their cause: once, at the right time, and taken back when their cause is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from booking.actors import Actor
from booking.notices import Direct, Notices, notices, notify, withdraw, write_notice
from booking.quiet import QuietHours
from booking.sending import Report, send_due
from models.appeals import Appeal
from models.bookings import Booking
from models.complaints import Complaint, EscalationLevel
from models.executives import Executive
from models.notices import Notice
from models.slots import Slot
from models.store import Store
from models.waiting import Waiting
from tests.booking.life import moves
from tests.booking.town import AT_ONCE, MINUTE, NOW, RULES, TEN, at, holds_and_books

WORDING = notices()
NIGHT = at(22, 23)


def tell(store: Store, now: datetime, made: Booking, event: str, **values: object) -> None:
    with store.begin() as session:
        booking = session.get_one(Booking, made.id)
        write_notice(session, now, booking, event, WORDING, **values)


def rows(store: Store, *events: str) -> list[Notice]:
    with store.read() as session:
        found = list(session.scalars(select(Notice).order_by(Notice.id)))
    return [n for n in found if not events or n.event in events]


def sent(store: Store, now: datetime, wording: Notices = WORDING) -> list[str]:
    texts: list[str] = []
    send_due(store, now, lambda to, text: texts.append(text) or f"SM{len(texts)}", None, wording)
    return texts


def appoint(store: Store, made: Booking) -> None:
    with store.begin() as session:
        session.add(Executive(id="RPR-1", hi="अनिता साहू", en="Anita Sahu", mobile="9000000001", city_id="raipur",
                              weekdays=[0], capacity=8))  # fmt: skip
        session.flush()
        session.get_one(Booking, made.id).executive_id = "RPR-1"


def test_a_notice_says_what_the_booking_knows_and_keeps_its_variables(town: Store) -> None:
    made = holds_and_books(town, language="en")
    appoint(town, made)
    tell(town, NOW + timedelta(hours=3), made, "assigned")
    (row,) = rows(town, "assigned")
    assert row.text == (
        f"Mitan {made.number}: Anita Sahu (ID RPR-1) will visit you on Mon 23 Nov, 10 am. "
        "Please check the identity card at the door."
    )
    assert row.variables == {"name": "Mitan", "number": made.number, "executive": "Anita Sahu", "card": "RPR-1",
                             "when": "Mon 23 Nov, 10 am"}  # fmt: skip
    assert (row.subject, row.channel, row.recipient) == (f"booking:{made.id}", "sms", "+919812345615")
    assert (row.booking_id, row.complaint_id, row.expires_at) == (made.id, None, TEN)


def test_an_event_without_a_text_is_not_told(town: Store) -> None:
    made = holds_and_books(town)
    with town.begin() as session:
        assert write_notice(session, NOW, session.get_one(Booking, made.id), "in_verification") == 0
        assert notify(session, NOW, Direct("9812345615", "hi", "x"), "in_verification") == 0
    assert [n.event for n in rows(town)] == ["booked"]


def test_each_time_that_something_happens_is_told(town: Store) -> None:
    made = holds_and_books(town)
    for _ in range(2):
        tell(town, NOW, made, "moved")
    assert [(n.version, n.state) for n in rows(town, "moved")] == [(1, "dropped"), (2, "pending")]


@pytest.mark.parametrize(
    ("now", "event", "due"),
    [
        (NIGHT, "moved", NIGHT),  # an answer to what was just done
        (NIGHT, "certificate_ready", at(23, 8)),
        (at(22, 21), "certificate_ready", at(23, 8)),
        (at(22, 21) - AT_ONCE, "certificate_ready", at(22, 21) - AT_ONCE),
        (at(23, 0), "certificate_ready", at(23, 8)),
        (at(23, 8) - AT_ONCE, "certificate_ready", at(23, 8)),
        (at(23, 8), "certificate_ready", at(23, 8)),
        (datetime(2026, 12, 31, 22, tzinfo=TEN.tzinfo), "delivered", datetime(2027, 1, 1, 8, tzinfo=TEN.tzinfo)),
    ],
)
def test_in_the_quiet_hours_only_answers_are_due_at_once(town: Store, now: datetime, event: str, due: datetime) -> None:
    tell(town, now, holds_and_books(town), event)
    assert rows(town, event)[0].due_at == due


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        (QuietHours(21, 8), (21, 23, 0, 7), (8, 12, 20)),
        (QuietHours(0, 6), (0, 5), (6, 23)),
        (QuietHours(13, 15), (13, 14), (12, 15, 0)),
        (QuietHours(9, 9), (), (0, 9, 23)),
        (QuietHours(22, 0), (22, 23), (0, 21)),
    ],
)
def test_quiet_hours_within_a_day_and_over_midnight(
    hours: QuietHours, quiet: tuple[int, ...], loud: tuple[int, ...]
) -> None:
    for hour in quiet:
        moment = at(22, hour, 30)
        end = hours.after(moment)
        assert hours.quiet(moment)
        assert moment < end <= moment + timedelta(hours=12)
        assert not hours.quiet(end)
        assert hours.quiet(end - AT_ONCE)
    assert all(hours.after(at(22, hour)) == at(22, hour) for hour in loud)


def test_what_failed_in_the_evening_is_not_tried_again_at_night(town: Store) -> None:
    made = holds_and_books(town)
    sent(town, NOW)
    tell(town, at(22, 20, 59), made, "certificate_ready")
    tell(town, at(22, 20, 59), made, "moved")

    def busy(to: str, text: str) -> str:
        raise OSError

    assert send_due(town, at(22, 20, 59), busy, None, WORDING) == Report(retried=2)
    assert [text for text in sent(town, at(22, 21, 5)) if "बदल गया" in text] != []
    assert sent(town, at(23, 7, 59)) == []
    assert len(sent(town, at(23, 8))) == 1


@pytest.mark.parametrize(
    ("actor", "due"),
    [
        (Actor("caller"), NIGHT),
        (Actor("agent", "7"), NIGHT),
        (Actor("office", "raipur"), at(23, 8)),
        (Actor("admin", "asha"), at(23, 8)),
        (Actor("job"), at(23, 8)),
    ],
)
def test_at_night_only_the_citizen_and_who_talks_to_him_are_answered(town: Store, actor: Actor, due: datetime) -> None:
    made = holds_and_books(town, start=at(25, 10))
    sent(town, NOW)
    moves(town, made.number, at(25, 15), actor, NIGHT, RULES)
    assert rows(town, "moved")[0].due_at == due
    assert len(sent(town, NIGHT + MINUTE)) == (due == NIGHT)
    assert len(sent(town, at(23, 8))) == (due != NIGHT)


def test_what_others_have_done_at_night_and_would_be_too_late_in_the_morning_is_told_at_once(town: Store) -> None:
    made = holds_and_books(town)
    sent(town, NOW)
    moves(town, made.number, at(23, 8), Actor("office", "raipur"), NIGHT, RULES)
    assert len(sent(town, NIGHT)) == 1


def test_an_answer_that_failed_in_the_evening_is_tried_again_at_night_and_what_others_did_is_not(town: Store) -> None:
    evening = at(22, 20, 59)
    for n, actor in enumerate((Actor("caller"), Actor("admin", "asha"))):
        made = holds_and_books(town, f"c{n}", at(25, 10))
        sent(town, NOW)
        moves(town, made.number, at(25, 15 + n), actor, evening, RULES)

    def busy(to: str, text: str) -> str:
        raise OSError

    assert send_due(town, evening, busy, None, WORDING) == Report(retried=2)
    assert [len(sent(town, moment)) for moment in (at(22, 21, 5), at(23, 8))] == [1, 1]


def test_what_is_too_late_to_be_of_use_is_not_sent(town: Store) -> None:
    made = holds_and_books(town)
    assert send_due(town, TEN, lambda to, text: "SM1", None, WORDING) == Report(expired=1)
    assert [n.state for n in rows(town)] == ["expired"]
    appoint(town, made)
    tell(town, TEN + timedelta(hours=1), made, "visited")
    assert len(sent(town, TEN + timedelta(days=30))) == 1


def test_an_unsent_notice_is_dropped_when_its_cause_is_gone(town: Store) -> None:
    made = holds_and_books(town)
    appoint(town, made)
    tell(town, NIGHT, made, "assigned")
    tell(town, NIGHT, made, "fee_paid")
    tell(town, NIGHT, made, "cancelled")
    states = {n.event: n.state for n in rows(town)}
    assert states == {"booked": "dropped", "assigned": "dropped", "fee_paid": "pending", "cancelled": "pending"}
    assert len(sent(town, at(23, 8))) == 2


def test_sqlite_finds_the_unsent_ones_by_their_name_not_among_all_that_wait_to_be_sent(town: Store) -> None:
    if not town.sqlite:
        return  # PostgreSQL chooses by its statistics
    made, asked = holds_and_books(town), list[str]()
    with town.begin() as session:
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(asked.append)
        withdraw(session, NOW, session.get_one(Booking, made.id), "booked")
        driver.set_trace_callback(None)
        (sql,) = [one for one in asked if one.startswith("UPDATE notices")]
        plan = " ".join(str(row) for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    assert "(subject=? AND event=?)" in plan, plan


def test_what_is_dropped_while_it_is_being_sent_is_noted_as_it_went(town: Store) -> None:
    made = holds_and_books(town)

    def slow(to: str, text: str) -> str:
        tell(town, NOW, made, "cancelled")
        return "SM1"

    def broken(to: str, text: str) -> str:
        tell(town, NOW, made, "cancelled")
        raise OSError

    send_due(town, NOW, slow, None, WORDING)
    assert [n.state for n in rows(town, "booked")] == ["sent"]
    other = holds_and_books(town, "c2")
    made = other
    send_due(town, NOW, broken, None, WORDING)
    states = [n.state for n in rows(town, "booked")]
    assert states == ["sent", "dropped"]
    sent(town, NOW + timedelta(hours=1))
    assert [n.state for n in rows(town, "booked")] == ["sent", "dropped"]


def test_only_channels_that_there_are_send(town: Store) -> None:
    made = holds_and_books(town)
    with town.begin() as session:
        session.add(Notice(subject=f"booking:{made.id}", booking_id=made.id, event="booked", channel="mail",
                           language="hi", recipient="a@b.example", text="x", state="pending", due_at=NOW))  # fmt: skip
    assert len(sent(town, NOW)) == 1
    assert [(n.channel, n.state) for n in rows(town)] == [("sms", "sent"), ("mail", "pending")]


def complaint(**changes: object) -> Complaint:
    values = {"number": "312345678", "kind": "delay", "mobile": "9812345615", "language": "hi", "level": 2,
              "department": "पटवारी", "created_at": NOW, "updated_at": NOW, **changes}  # fmt: skip
    return Complaint(**values)


def test_complaints_appeals_and_places_in_line_are_told_of_too(town: Store) -> None:
    appeal = {"number": "512345678", "level": 1, "ground": "late", "mobile": "9812345615", "language": "en",
              "decide_by": date(2026, 12, 22), "created_at": NOW, "updated_at": NOW}  # fmt: skip
    with town.begin() as session:
        session.add(EscalationLevel(level=2, office="district", hi="जिला अधिकारी", en="the district officer", hours=48))
        subject, second = complaint(), Appeal(**appeal)
        session.add_all([subject, second])
        write_notice(session, NOW, subject, "complaint_escalated")
        write_notice(session, NOW, second, "appeal_registered")
    told = {n.event: (n.subject, n.complaint_id, n.appeal_id, n.text) for n in rows(town)}
    assert told["complaint_escalated"][:3] == (f"complaint:{subject.id}", subject.id, None)
    assert "जिला अधिकारी" in told["complaint_escalated"][3]
    assert told["appeal_registered"][:3] == (f"appeal:{second.id}", None, second.id)
    assert "by 22 Dec." in told["appeal_registered"][3]


def test_a_level_of_the_complaints_own_kind_is_named(town: Store) -> None:
    with town.begin() as session:
        for kind, name in (("", "कार्यालय"), ("bribe", "सतर्कता")):
            session.add(EscalationLevel(kind=kind, level=2, office="x", hi=name, en="x", hours=48))
        subject = complaint(kind="bribe")
        session.add(subject)
        assert write_notice(session, NOW, subject, "complaint_escalated") == 1
    (written,) = rows(town)
    assert "सतर्कता" in written.text


def test_an_offer_from_the_waiting_list_ends_with_it(town: Store) -> None:
    until = at(22, 9, 30)
    with town.begin() as session:
        slot = Slot(city_id="raipur", starts_at=TEN)
        session.add(slot)
        session.flush()
        place = Waiting(service_id="birth_certificate", city_id="raipur", first_day=TEN.date(), last_day=TEN.date(),
                        mobile="9812345615", language="hne", conversation_id="c9", slot_id=slot.id, offer_until=until,
                        created_at=NOW, updated_at=NOW)  # fmt: skip
        session.add(place)
        session.flush()
        session.refresh(place)
        write_notice(session, NOW, place, "waiting_offer")
    (row,) = rows(town)
    assert row.text == "मितान: जन्म प्रमाण पत्र के लिए 23/11 सुबह 10 बजे खाली है। 22/11 सुबह 9:30 बजे तक 14545 पर फोन करें।"
    assert (row.waiting_id, row.expires_at, row.language) == (place.id, until, "hi")


def test_a_list_of_documents_is_told_once_however_often_it_is_asked_for(town: Store) -> None:
    to = Direct("9812345615", "en", "service:pan_card/c1")
    with town.begin() as session:
        first = notify(session, NIGHT, to, "documents_list", service="PAN card", documents=["identity", "two_photos"])
    with town.begin() as session:
        again = notify(session, NIGHT, to, "documents_list", service="PAN card", documents=["identity"])
    assert (first, again) == (1, 0)
    assert sent(town, NIGHT) == ["Mitan: for PAN card please keep ready: identity proof, two photos"]


def test_the_templates_id_is_kept_with_the_notice(town: Store) -> None:
    wording = replace(WORDING, template_ids={"sms.moved.hi": "1107160000000000001"})
    made = holds_and_books(town)
    with town.begin() as session:
        write_notice(session, NOW, session.get_one(Booking, made.id), "moved", wording)
    assert rows(town, "moved")[0].template_id == "1107160000000000001"


@pytest.mark.parametrize(
    ("visit", "due"),
    [
        (at(23, 8), NIGHT),  # nobody would be told before the executive is at the door
        (at(23, 9), at(23, 8)),
    ],
)
def test_who_comes_is_told_at_night_when_it_would_be_too_late_in_the_morning(
    town: Store, visit: datetime, due: datetime
) -> None:
    made = holds_and_books(town, start=visit)
    sent(town, NOW)
    appoint(town, made)
    tell(town, NIGHT, made, "assigned")
    assert rows(town, "assigned")[0].due_at == due
    assert len(sent(town, NIGHT)) == (due == NIGHT)
    assert len(sent(town, at(23, 8) - AT_ONCE)) == 0
    assert len(sent(town, at(23, 8))) == (due != NIGHT)
    assert rows(town, "assigned")[0].state == "sent"
