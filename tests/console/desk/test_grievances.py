"""Complaints and appeals at the desk, and finding a record by its number or mobile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.appeals import by_number as appeal_by_number
from booking.complaints import by_number, resolve
from models.audit import AuditEntry
from models.complaints import Complaint
from models.store import Store
from tests.booking.grievances import OFFICE, complains, found_levels
from tests.booking.life import goes, goes_until
from tests.booking.town import at, holds_and_books
from tests.console.accounts.house import Browser, Clock
from tests.console.accounts.house import at as leads
from tests.console.desk.office import form, furnished, handed, office, problems, signed_in, text, value

WHOLE = {"kind": "delay", "service": "department.ration", "city": "raipur", "text": "राशन नहीं मिला",
         "mobile": "9812345615", "language": "hi"}  # fmt: skip


@pytest.fixture
def flask(store: Store, clock: Clock) -> Flask:
    furnished(store)
    found_levels(store)
    return office(store, clock)


@pytest.fixture
def ravi(flask: Flask) -> Browser:
    return signed_in(flask)


def one(store: Store, number: str) -> Complaint:
    with store.read() as session:
        found = by_number(session, number)
        assert found is not None
        return found


def sends(browser: Browser, number: str, **fields: Any) -> TestResponse:
    path = f"/desk/complaint/{number}"
    return browser.post(path, path, **{**form(browser.get(path)), **fields})


def resolved(store: Store, number: str) -> None:
    with store.begin() as session:
        found = by_number(session, number)
        assert found is not None
        resolve(session, at(23, 10), found, OFFICE, "मिल गया")


def test_a_complaint_is_filled_in_from_the_conversation(ravi: Browser, store: Store) -> None:
    said = {"task": "complaint", "complaint": "bribe", "about_id": "department.revenue", "place": "खरोरा",
            "what_note": "n1"}  # fmt: skip
    handoff = handed(store, filled=said)
    page = ravi.get(leads(ravi.get(f"/desk/forms/{handoff}")))
    names = ("kind", "service", "place", "mobile", "note", "confidential")
    assert [value(page, n) for n in names] == ["bribe", "department.revenue", "खरोरा", "9812345615", "n1", "1"]
    done = ravi.post("/desk/complaint", f"/desk/complaint?handoff={handoff}", handoff=handoff, kind="bribe", note="n1",
                     service="department.revenue", place="खरोरा", mobile="9812345615", language="hi")  # fmt: skip
    row = one(store, leads(done).split("/")[-1][:9])
    assert (row.conversation_id, row.channel, row.note_id, row.confidential) == ("c1", "desk", "n1", True)
    assert (row.department, row.place, row.city_id) == ("department.revenue", "खरोरा", None)
    with store.read() as session:
        events = by_number(session, row.number).events  # type: ignore[union-attr]
        assert events[0].who.startswith("agent:")
        assert [n.event for n in by_number(session, row.number).notices] == ["complaint_registered"]  # type: ignore[union-attr]
        what = f"complaint:{row.number}"
        assert "complaint.made" in session.scalars(select(AuditEntry.what).where(AuditEntry.subject == what)).all()
    assert "Confidential" in text(ravi.get(leads(done)))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "murder"}, "kind"),
        ({"text": ""}, "text"),
        ({"text": "अ" * 4001}, "text"),
        ({"mobile": "12"}, "mobile"),
        ({"department": "x" * 201, "service": ""}, "department"),
        ({"booking": "12345678"}, "booking"),
        ({"city": "atlantis"}, "city"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_what_is_wrong_is_said_beside_its_field(ravi: Browser, typed: dict[str, str], field: str) -> None:
    sent = {**WHOLE, **typed}
    again = ravi.post("/desk/complaint", **sent)
    assert again.status_code == 400
    assert field in problems(again)
    assert value(again, "text") == sent["text"]


def test_sent_twice_it_is_registered_once(ravi: Browser, store: Store) -> None:
    assert len({leads(ravi.post("/desk/complaint", **WHOLE, key="A" * 12)) for _ in range(2)}) == 1


def test_a_complaint_about_a_booking_knows_it(ravi: Browser, store: Store) -> None:
    booked = holds_and_books(store, start=at(25, 10))
    page = ravi.get(f"/desk/complaint?booking={booked.number}")
    assert [value(page, n) for n in ("booking", "service", "city", "mobile")] == [
        booked.number, "birth_certificate", "raipur", "9812345615",
    ]  # fmt: skip


def test_an_answer_of_the_office_is_written_down(ravi: Browser, store: Store) -> None:
    number = complains(store, text="देर").number
    assert problems(sends(ravi, number)) == {"way"}
    assert problems(sends(ravi, number, way="answer", words="")) == {"words"}
    assert problems(sends(ravi, number, way="reopen", words="x")) == {"way"}
    assert problems(sends(ravi, number, way="nonsense", words="x")) == {"way"}
    assert sends(ravi, number, way="answer", words="देख रहे हैं").status_code == 303
    assert sends(ravi, number, way="resolve", words="हो गया").status_code == 303
    row = one(store, number)
    assert (row.stage, row.answer, row.version) == ("resolved", "हो गया", 3)


def test_it_is_rated_and_closed_on_the_citizens_word(ravi: Browser, store: Store) -> None:
    number = complains(store).number
    resolved(store, number)
    assert problems(sends(ravi, number, way="rate")) == {"rating"}
    assert sends(ravi, number, way="rate", rating="4").status_code == 303
    assert (one(store, number).stage, one(store, number).rating) == ("closed", 4)


def test_it_is_opened_again(ravi: Browser, store: Store, clock: Clock) -> None:
    number = complains(store).number
    resolved(store, number)
    assert sends(ravi, number, way="reopen", words="कुछ नहीं हुआ").status_code == 303
    assert (one(store, number).stage, one(store, number).level) == ("assigned", 2)
    resolved(store, number)
    clock.later(days=40)
    signed = signed_in(ravi.flask, "gita")
    assert 'value="reopen"' not in signed.get(f"/desk/complaint/{number}").get_data(as_text=True)


def test_nothing_is_overwritten_silently(flask: Flask, ravi: Browser, store: Store) -> None:
    number, gita = complains(store).number, signed_in(flask, "gita")
    path = f"/desk/complaint/{number}"
    before = form(ravi.get(path))
    sends(gita, number, way="answer", words="देख रहे हैं")
    again = ravi.post(path, path, **before, way="close", words="मान गए")
    assert (again.status_code, one(store, number).stage) == (409, "answered")
    assert "Stage: Answered – देख रहे हैं गीता साहू" in text(again)
    assert value(again, "words") == "मान गए"
    assert ravi.post(path, path, **form(again), way="close", words="मान गए").status_code == 303
    assert one(store, number).stage == "closed"


def test_an_appeal_is_offered_when_it_is_possible_and_registered(ravi: Browser, store: Store, clock: Clock) -> None:
    number = holds_and_books(store, start=at(25, 10)).number
    path = f"/desk/booking/{number}"
    assert "An appeal is possible once the time limit has passed." in text(ravi.get(path))
    goes_until(store, number, "in_verification")
    goes(store, number, "rejected", OFFICE, now=at(23, 11), why="दस्तावेज़ ग़लत")
    clock.at = at(24, 10)
    ravi = signed_in(ravi.flask)
    shown = ravi.get(path)
    assert "An appeal is possible until Wednesday, 23 December." in text(shown)
    again = ravi.post(f"/desk/appeal/{number}", path, **form(shown), text="")
    assert (again.status_code, problems(again)) == (400, {"text"})
    done = ravi.post(f"/desk/appeal/{number}", path, **form(shown), text="दस्तावेज़ सही हैं")
    assert done.status_code == 303
    page = text(ravi.get(leads(done)))
    assert "दस्तावेज़ सही हैं" in page
    assert "The appeal is registered." in page
    with store.read() as session:
        row = appeal_by_number(session, leads(done).split("/")[-1])
        assert row is not None
        assert (row.mobile, row.channel, row.events[0].who[:6]) == ("9812345615", "desk", "agent:")
    second = ravi.post(f"/desk/appeal/{number}", path, **form(shown), text="फिर से")
    assert (second.status_code, "No appeal is possible about this now." in text(second)) == (400, True)
    assert "is not decided yet" in text(ravi.get(path))


def test_an_appeal_about_a_complaint(ravi: Browser, store: Store) -> None:
    number = complains(store).number
    resolved(store, number)
    sends(ravi, number, way="rate", rating="1")
    path = f"/desk/complaint/{number}"
    done = ravi.post(f"/desk/appeal/{number}", path, **form(ravi.get(path)), text="हल नहीं हुआ")
    assert done.status_code == 303
    assert f"/desk/complaint/{number}" in ravi.get(leads(done)).get_data(as_text=True)


@pytest.mark.parametrize("path", ["/desk/complaint/300000001", "/desk/complaint/x", "/desk/appeal/500000009",
                                  "/desk/appeal/%00", "/desk/complaint/12345678"])  # fmt: skip
def test_what_is_not_there_is_not_found(ravi: Browser, path: str) -> None:
    assert ravi.get(path).status_code == 404


def test_a_record_is_found_by_its_number_in_any_spelling(ravi: Browser, store: Store) -> None:
    booked, complained = holds_and_books(store, start=at(25, 10)).number, complains(store).number
    for number, page in ((booked, "booking"), (complained, "complaint")):
        spelt = f" {number[:4]}-{number[4:]} "
        assert leads(ravi.post("/desk/booking", asked=spelt)) == f"/desk/{page}/{number}"


def test_all_records_of_a_mobile_are_found_and_the_search_is_noted(ravi: Browser, store: Store) -> None:
    booked, complained = holds_and_books(store, start=at(25, 10)).number, complains(store).number
    page = ravi.post("/desk/booking", asked="+91 98123 45615")
    assert page.status_code == 200
    assert f"/desk/booking/{booked}" in page.get_data(as_text=True)
    assert f"/desk/complaint/{complained}" in page.get_data(as_text=True)
    with store.read() as session:
        assert session.scalars(select(AuditEntry.subject).where(AuditEntry.what == "mobile.seen")).all() == [
            "mobile:98xxxxxx15"
        ]
    assert "Nothing is on record" in text(ravi.post("/desk/booking", asked="9999999999"))


@pytest.mark.parametrize("asked", ["", "x", "12345671", "९८", "'; --", "1" * 200])
def test_what_is_no_number_is_said(ravi: Browser, asked: str) -> None:
    again = ravi.post("/desk/booking", asked=asked)
    assert (again.status_code, problems(again)) == (400, {"asked"})


def test_after_the_days_for_it_no_appeal_is_offered(ravi: Browser, store: Store, clock: Clock) -> None:
    number = holds_and_books(store, start=at(25, 10)).number
    goes_until(store, number, "in_verification")
    goes(store, number, "rejected", OFFICE, now=at(23, 11), why="x")
    clock.at = at(23, 11) + timedelta(days=60)
    assert "The days for an appeal ended on" in text(signed_in(ravi.flask).get(f"/desk/booking/{number}"))
