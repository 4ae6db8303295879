from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, asdict
from datetime import timedelta

import pytest

from booking.actors import CALLER
from booking.appeals import NewAppeal
from booking.appeals import register as appeal
from booking.complaints import rate, reopen, resolve
from booking.confidential import appeal_seen_by, find_appeal_for, find_for, hides, list_for, seen_by, steps_seen_by
from booking.errors import NotFound
from booking.notes import keep
from models.bookings import Booking
from models.complaints import Complaint, EscalationLevel
from models.store import Store
from tests.booking.grievances import MOBILE, OFFICE, complains, found_levels
from tests.booking.town import NOW, holds_and_books

OWN = "office/birth_certificate"
SECRETS = (MOBILE, "talk-1", "98123 45615", "call-note", "8123456")


@pytest.fixture
def desk(town: Store) -> Store:
    found_levels(town)
    return town


@pytest.fixture
def bribe(desk: Store) -> Complaint:
    """A complaint about a bribe that says in every place who complains."""
    booking = holds_and_books(desk, "talk-1")
    with desk.begin() as session:
        note = keep(session, NOW, "talk-1", b"\xff" * 80, 1.0, "call-note")
    return complains(
        desk,
        "bribe",
        booking=booking.number,
        conversation="talk-1",
        caller=f"+91{MOBILE}",
        note=note,
        city="raipur",
        place="Ward 12, tel 98123 45615",
        text="He wanted 500 rupees. My number is 98123 45615, booking 8123456 7.",
        replay_key="talk-1/complaint",
    )


def text_of(view: object) -> str:
    return json.dumps(asdict(view), default=str)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "office", [OWN, "office", "office/raipur", "office/birth_certificate/raipur", "unknown", "x/y"]
)
def test_the_office_complained_about_and_any_unknown_one_never_see_who_complains(
    desk: Store, bribe: Complaint, office: str
) -> None:
    with desk.read() as session:
        view = seen_by(session.get_one(Complaint, bribe.id), office)
    assert view.hidden
    said = text_of(view)
    assert [s for s in (*SECRETS, str(bribe.note_id)) if s in said] == []
    assert (view.mobile, view.caller, view.note_id, view.conversation_id, view.booking_id) == (None,) * 5
    assert view.replay_key is None
    assert "500 rupees" in view.text  # what it is about stays
    assert (view.number, view.kind, view.service_id, view.city_id) == (bribe.number, "bribe", OWN[7:], "raipur")


@pytest.mark.parametrize("office", ["", "district", "state", "district/raipur"])
def test_agents_and_higher_levels_see_all_of_it(desk: Store, bribe: Complaint, office: str) -> None:
    with desk.read() as session:
        view = seen_by(session.get_one(Complaint, bribe.id), office)
    assert not view.hidden
    assert (view.mobile, view.conversation_id, view.booking_id) == (MOBILE, "talk-1", bribe.booking_id)
    assert "98123 45615" in view.text


def test_an_open_complaint_shows_the_office_who_complains(desk: Store) -> None:
    made = complains(desk, "delay", service="birth_certificate", text="Call 98123 45615.")
    with desk.read() as session:
        view = seen_by(session.get_one(Complaint, made.id), OWN)
    assert (view.hidden, view.mobile, view.text) == (False, MOBILE, "Call 98123 45615.")


def test_it_stays_hidden_when_the_complaint_has_risen(desk: Store, bribe: Complaint) -> None:
    with desk.begin() as session:
        row = session.get_one(Complaint, bribe.id)
        resolve(session, NOW, row, OFFICE, "Done.")
        reopen(session, NOW, row, CALLER)
        assert row.level == 2
        assert hides(row, OWN)
        assert not hides(row, "district")


def test_a_row_without_a_session_hides_rather_than_shows(desk: Store, bribe: Complaint) -> None:
    assert hides(bribe, "district")
    assert not hides(bribe, "")


def test_without_levels_nobody_but_agents_sees_who_complains(town: Store) -> None:
    made = complains(town, "bribe")
    with town.read() as session:
        row = session.get_one(Complaint, made.id)
        assert hides(row, "district")
        assert not hides(row, "")


def test_an_office_that_only_handles_bribes_sees_who_complains(desk: Store, bribe: Complaint) -> None:
    with desk.begin() as session:
        session.add(EscalationLevel(kind="bribe", level=1, office="vigilance", hi="", en="", hours=24))
        session.flush()
        assert not hides(session.get_one(Complaint, bribe.id), "vigilance")
        assert hides(session.get_one(Complaint, bribe.id), "office")


def test_what_was_only_spoken_is_read_in_its_transcript_and_that_is_masked_too(desk: Store) -> None:
    with desk.begin() as session:
        note = keep(session, NOW, "talk-2", b"", 3.0, "उसने पैसे मांगे मेरा नंबर नौ आठ एक दो तीन चार पांच है")
    made = complains(desk, "bribe", service="birth_certificate", note=note)
    with desk.read() as session:
        row = session.get_one(Complaint, made.id)
        assert seen_by(row, OWN).text == "उसने पैसे मांगे मेरा नंबर xxxx है"
        assert "नौ आठ एक" in seen_by(row, "").text


def test_a_view_cannot_be_changed(desk: Store, bribe: Complaint) -> None:
    with desk.read() as session:
        view = seen_by(session.get_one(Complaint, bribe.id), OWN)
    with pytest.raises(FrozenInstanceError):
        view.mobile = MOBILE  # type: ignore[misc]


def test_the_history_is_shown_without_numbers(desk: Store, bribe: Complaint) -> None:
    with desk.begin() as session:
        row = session.get_one(Complaint, bribe.id)
        resolve(session, NOW, row, OFFICE, "We called 98123 45615.")
        reopen(session, NOW, row, CALLER, "You know me, 98123 45615.")
    with desk.read() as session:
        row = session.get_one(Complaint, bribe.id)
        hidden, shown = steps_seen_by(row, OWN), steps_seen_by(row, "state")
        assert "98123" not in str(hidden) + str(seen_by(row, OWN))
        assert "98123" in str(shown)
    assert [s.to_stage for s in hidden] == ["registered", "resolved", "assigned"]


def test_lists_for_an_office_hold_what_concerns_it_newest_first_and_hide(desk: Store, bribe: Complaint) -> None:
    other = complains(desk, "delay", service="domicile_certificate", city="durg")
    mine = complains(desk, "delay", service="birth_certificate", city="durg")
    with desk.read() as session:
        assert [v.id for v in list_for(session, OWN)] == [mine.id, bribe.id]
        assert [v.id for v in list_for(session, "office/birth_certificate/durg")] == [mine.id]
        assert [v.id for v in list_for(session, "state")] == [mine.id, other.id, bribe.id]
        assert [v.id for v in list_for(session, "state", after=mine.id, limit=1)] == [other.id]
        assert [v.id for v in list_for(session, "state", stage="resolved")] == []
        assert [v.hidden for v in list_for(session, OWN)] == [False, True]
        assert [s for v in list_for(session, OWN) if v.hidden for s in SECRETS if s in text_of(v)] == []
        assert not any(v.hidden for v in list_for(session, ""))


def test_an_office_finds_only_what_concerns_it(desk: Store, bribe: Complaint) -> None:
    with desk.read() as session:
        assert find_for(session, OWN, bribe.number).id == bribe.id
        for office, number in (("office/pan_card", bribe.number), (OWN, "300000000")):
            with pytest.raises(NotFound):
                find_for(session, office, number)


def test_an_appeal_about_a_confidential_complaint_hides_who_appeals(desk: Store, bribe: Complaint) -> None:
    with desk.begin() as session:
        row = session.get_one(Complaint, bribe.id)
        resolve(session, NOW, row, OFFICE, "Nothing found.")
        rate(session, NOW, row, 1)
        made = appeal(
            session, NOW + timedelta(days=1), NewAppeal(MOBILE, complaint=row.number, text="I am 98123 45615.")
        )
        hidden, shown = appeal_seen_by(session, made, OWN), appeal_seen_by(session, made, "state")
    assert (hidden.hidden, hidden.mobile, hidden.text) == (True, None, "I am xxxx.")
    assert (shown.hidden, shown.mobile) == (False, MOBILE)
    assert MOBILE not in text_of(hidden)


def test_an_office_finds_only_appeals_about_what_concerns_it(desk: Store, bribe: Complaint) -> None:
    refused = holds_and_books(desk, "talk-2")
    with desk.begin() as session:
        session.get_one(Booking, refused.id).stage = "rejected"
        row = session.get_one(Complaint, bribe.id)
        resolve(session, NOW, row, OFFICE, "Nothing found.")
        rate(session, NOW, row, 1)
        for about in (NewAppeal(MOBILE, complaint=row.number), NewAppeal(MOBILE, booking=refused.number)):
            number = appeal(session, NOW + timedelta(days=1), about).number
            for office in ("", "state", OWN, "office/raipur", f"{OWN}/raipur"):
                assert find_appeal_for(session, office, number).number == number
            for office in ("office/pan_card", "district/durg", f"{OWN}/durg"):
                with pytest.raises(NotFound):
                    find_appeal_for(session, office, number)
