from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.complaints import by_number
from models.bookings import Booking
from models.complaints import EscalationLevel
from models.store import Store
from tests.booking.town import NOW
from tests.console.api.programs import ADMIN, ASHA, CITIZEN, Clock, Program, fresh_key, token

OFFICE = ("complaints:read", "complaints:office", "complaints:write", "appeals:read", "appeals:decide", "bookings:read",
          "mobiles:read", "as:office")  # fmt: skip
ORDER = {"outcome": "dismissed", "order": "It was in time."}
WORDS = "Asked for 500 rupees. Call me at 98123 45615, Asha Verma."


@pytest.fixture(autouse=True)
def levels(town: Store) -> None:
    with town.begin() as session:
        for level, office in enumerate(("office", "district", "state"), 1):
            session.add(EscalationLevel(kind="", level=level, office=office, hi=office, en=office, hours=168))


@pytest.fixture
def office(town: Store, flask: Flask) -> Program:
    """The office complained about."""
    return Program(flask, token(town, *OFFICE, office="office/birth_certificate"), headers={"Mitan-Person": "clerk-3"})


@pytest.fixture
def district(town: Store, flask: Flask) -> Program:
    """The level above it."""
    return Program(flask, token(town, *OFFICE, office="district"))


def complains(program: Program, key: str | None = None, **changes: Any) -> TestResponse:
    body = {"kind": "delay", "service": "birth_certificate", "city": "raipur", "text": WORDS, **changes}
    return program.post("/complaints", body, Idempotency_Key=key or fresh_key())


def test_a_complaint_goes_from_registration_to_the_citizens_word(portal: Program, office: Program) -> None:
    made = complains(portal, "k")
    assert made.status_code == 201
    assert complains(portal, "k").data == made.data
    path = f"/complaints/{made.json['number']}"
    assert portal.get("/complaints").json["items"] == [made.json]
    assert office.acts_on(f"{path}/assign").json["stage"] == "assigned"
    assert office.acts_on(f"{path}/answer", {"text": "We look into it."}).json["answer"] == "We look into it."
    assert office.acts_on(f"{path}/resolve", {"text": "Done."}).json["stage"] == "resolved"
    assert portal.acts_on(f"{path}/rate", {"rating": 2}).json["stage"] == "resolved"
    again = portal.acts_on(f"{path}/reopen", {"why": "Not done."}).json
    assert (again["stage"], again["level"], again["reopened"]) == ("assigned", 2, 1)
    assert office.acts_on(f"{path}/resolve", {"text": "Really done."}).json["stage"] == "resolved"
    assert portal.acts_on(f"{path}/rate", {"rating": 4}).json["stage"] == "closed"
    mine, theirs = (p.get(f"{path}/events").json["items"] for p in (portal, office))
    assert {e["who"] for e in mine} == {None}
    assert "office:clerk-3" in {e["who"] for e in theirs}


def test_the_office_complained_about_never_learns_who_reported_a_bribe(
    portal: Program, office: Program, district: Program, agent: Program
) -> None:
    booked = portal.books().json["number"]
    made = complains(portal, kind="bribe", booking=booked).json
    assert (made["confidential"], made["hidden"], made["booking"]) == (True, False, booked)
    path = f"/complaints/{made['number']}"
    seen = [
        office.get(path),
        office.get(f"{path}/events"),
        office.get("/office/complaints"),
        office.acts_on(f"{path}/assign"),
        office.acts_on(f"{path}/answer", {"text": "Who was it?"}),
    ]
    for answer in seen:
        assert answer.status_code == 200
        for secret in (ASHA, "98123", "45615", booked, "9812345615", "98xxxxxx15"):
            assert secret not in answer.text
    hidden = office.get(path).json
    assert (hidden["hidden"], hidden["mobile"], hidden["booking"], hidden["language"]) == (True, None, None, None)
    assert district.get(path).json["mobile"] == ASHA
    assert agent.get(path).json["mobile"] == ASHA
    office.mobile = ASHA
    assert office.get("/complaints").status_code == 403
    assert office.get("/appeals").status_code == 403


def test_an_office_works_only_on_what_concerns_it_and_does_not_speak_for_the_citizen(
    portal: Program, office: Program
) -> None:
    other = complains(portal, service="domicile_certificate").json["number"]
    assert office.get(f"/complaints/{other}").status_code == 404
    assert office.post(f"/complaints/{other}/assign", {}, If_Match="*").status_code == 404
    path = f"/complaints/{complains(portal).json['number']}"
    assert office.acts_on(f"{path}/close", {"why": "done"}).json["code"] == "not_allowed"
    assert office.acts_on(f"{path}/rate", {"rating": 5}).json["code"] == "not_allowed"
    office.mobile = ASHA
    assert complains(office).status_code == 403
    assert [c["number"] for c in office.get("/office/complaints").json["items"]] == [path.rpartition("/")[2]]


def test_the_complaints_of_an_office_are_paged(portal: Program, office: Program) -> None:
    made = [complains(portal).json["number"] for _ in range(5)]
    seen, path = [], "/office/complaints?limit=2"
    while path:
        answer = office.get(path).json
        seen += [c["number"] for c in answer["items"]]
        path = f"/office/complaints?limit=2&cursor={answer['next']}" if answer["next"] else ""
    assert seen == made[::-1]
    assert office.get("/office/complaints?stage=closed").json["items"] == []


def test_an_office_reads_until_when_a_complaint_can_be_reopened_in_the_list_as_in_the_complaint(
    portal: Program, office: Program
) -> None:
    path = f"/complaints/{complains(portal).json['number']}"
    resolved = office.acts_on(f"{path}/resolve", {"text": "Done."}).json
    assert resolved["reopen_until"] == (NOW + timedelta(days=10)).date().isoformat()
    assert office.get("/office/complaints").json["items"] == [office.get(path).json] == [resolved]


def test_another_citizen_and_an_executive_see_no_complaint(
    portal: Program, stranger: Program, town: Store, flask: Flask
) -> None:
    made = complains(portal).json["number"]
    assert stranger.get(f"/complaints/{made}").json["code"] == "not_owner"
    assert stranger.post(f"/complaints/{made}/close", {}, If_Match="*").json["code"] == "not_owner"
    field = Program(flask, token(town, "complaints:read", "complaints:office", "as:executive", office="x"), ASHA)
    for path in (f"/complaints/{made}", "/complaints", "/office/complaints"):
        assert field.get(path).json["code"] == "forbidden"
    caller = Program(flask, token(town, *CITIZEN, "complaints:office", office="office"), ASHA)
    assert caller.get("/office/complaints").json["code"] == "forbidden"


def test_a_booking_of_somebody_else_is_not_complained_about(portal: Program, stranger: Program) -> None:
    booked = portal.books().json["number"]
    assert complains(stranger, booking=booked).json["code"] == "not_owner"


def test_of_two_who_answer_at_once_the_second_reads_again(portal: Program, office: Program, town: Store) -> None:
    made = complains(portal)
    path, tag = f"/complaints/{made.json['number']}", made.headers["ETag"]
    assert office.post(f"{path}/answer", {"text": "one"}, If_Match=tag).status_code == 200
    refused = office.post(f"{path}/answer", {"text": "two"}, If_Match=tag)
    assert (refused.status_code, refused.json["code"]) == (412, "changed")
    with town.read() as session:
        row = by_number(session, made.json["number"])
        assert row is not None
        assert row.answer == "one"


def test_a_late_booking_is_appealed_about_twice_and_decided(
    portal: Program, stranger: Program, town: Store, flask: Flask, clock: Clock
) -> None:
    booked = portal.books().json["number"]
    about = f"/appeals/eligibility?booking={booked}"
    assert portal.get(about).json["why"] == "in_time"
    assert portal.post("/appeals", {"booking": booked}, Idempotency_Key="early").json["code"] == "too_early"
    with town.begin() as session:
        row = session.scalars(select(Booking)).one()
        row.stage, row.due_on = "in_verification", NOW.date()
    clock.later(days=2)
    may = portal.get(about).json
    assert (may["ok"], may["level"], may["ground"]) == (True, 1, "late")
    assert stranger.get(about).json["code"] == "not_owner"
    assert stranger.post("/appeals", {"booking": booked}, Idempotency_Key="s").json["code"] == "not_owner"
    made = portal.post("/appeals", {"booking": booked, "text": "Late."}, Idempotency_Key="k")
    assert (made.status_code, made.json["level"], made.json["decide_by"]) == (201, 1, may["decide_by"])
    assert portal.post("/appeals", {"booking": booked, "text": "Late."}, Idempotency_Key="k").data == made.data
    assert portal.post("/appeals", {"booking": booked}, Idempotency_Key="k2").json["code"] == "not_allowed"
    path = f"/appeals/{made.json['number']}"
    assert stranger.get(path).json["code"] == "not_owner"
    admin = Program(flask, token(town, *ADMIN, office="desk"))
    assert portal.acts_on(f"{path}/decide", ORDER).json["code"] == "forbidden"
    assert admin.post(f"{path}/decide", ORDER, If_Match='"9"').json["code"] == "changed"
    assert admin.acts_on(f"{path}/decide", ORDER).json["outcome"] == "dismissed"
    assert portal.get(about).json["level"] == 2
    assert [a["stage"] for a in portal.get("/appeals").json["items"]] == ["decided"]


def appeals(program: Program, about: Program, **changes: Any) -> str:
    """The path of an appeal about a complaint that `about` has answered badly."""
    path = f"/complaints/{complains(program, **changes).json['number']}"
    about.acts_on(f"{path}/resolve", {"text": "Done."})
    number = program.acts_on(f"{path}/rate", {"rating": 1}).json["number"]
    return f"/appeals/{program.post('/appeals', {'complaint': number}, Idempotency_Key=fresh_key()).json['number']}"


@pytest.mark.parametrize("kind", ["delay", "bribe"])
def test_an_office_decides_no_appeal_against_itself_but_one_above_does(
    portal: Program, office: Program, district: Program, kind: str
) -> None:
    path = appeals(portal, office, kind=kind)
    assert office.get(path).json["hidden"] == (kind == "bribe")
    assert office.acts_on(f"{path}/decide", ORDER).json["code"] == "not_allowed"
    assert district.acts_on(f"{path}/decide", ORDER).json["outcome"] == "dismissed"


def test_an_office_finds_no_appeal_about_another_office_and_registers_none(
    portal: Program, office: Program, district: Program, town: Store, flask: Flask
) -> None:
    path = appeals(portal, district, service="domicile_certificate")
    assert office.get(path).status_code == 404
    assert office.post(f"{path}/decide", ORDER, If_Match="*").status_code == 404
    own = complains(portal).json["number"]
    writing = Program(flask, token(town, *OFFICE, "appeals:write", office="office/birth_certificate"), ASHA)
    assert writing.post("/appeals", {"complaint": own}, Idempotency_Key="k").json["code"] == "forbidden"


@pytest.mark.parametrize("body", [{}, {"booking": "10000009", "complaint": "300000001"}, {"complaint": "300000001"}])
def test_an_appeal_is_about_one_known_record(portal: Program, body: dict[str, str]) -> None:
    refused = portal.post("/appeals", body, Idempotency_Key="k")
    assert refused.status_code in (404, 422), json.dumps(refused.json)


def test_too_late_to_reopen(portal: Program, office: Program, clock: Clock) -> None:
    path = f"/complaints/{complains(portal).json['number']}"
    office.acts_on(f"{path}/resolve", {"text": "Done."})
    clock.at += timedelta(days=11)
    assert portal.acts_on(f"{path}/reopen").json["code"] == "too_late"
