"""The waiting list and the executives' day."""

from __future__ import annotations

import csv
import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from booking.tracking import by_number
from booking.waiting import offer_freed
from models.executives import Executive
from models.store import Store
from tests.booking.town import NOW, RULES, TEN, at
from tests.console.api.programs import AGENT, ASHA, Clock, Program, fresh_key, token

WISH = {"service": "birth_certificate", "city": "raipur", "first_day": "2026-11-23", "last_day": "2026-11-23",
        "daypart": "morning"}  # fmt: skip
CITIES = ("raipur", "durg")
VISIT = {"pin": "492001", "name": "Asha Verma", "address": "House 4"}


@pytest.fixture
def team(town: Store) -> None:
    with town.begin() as session:
        for id, name in (("M-1", "Sunita Sahu"), ("M-2", "Ramesh Rao")):
            session.add(Executive(id=id, hi="सुनीता", en=name, mobile="9000000001", city_id="raipur",
                                  weekdays=list(range(7)), capacity=8))  # fmt: skip


def joins(program: Program, **changes: Any) -> Any:
    return program.post("/waiting", {**WISH, **changes}, Idempotency_Key=fresh_key())


def offers(town: Store, clock: Clock) -> None:
    with town.begin() as session:
        offer_freed(session, clock.at, RULES)


def test_who_waits_is_offered_a_seat_and_takes_it_once(
    portal: Program, stranger: Program, town: Store, clock: Clock
) -> None:
    clock.at = at(22, 9)
    made = joins(portal)
    assert (made.status_code, made.json["state"]) == (201, "waiting")
    path = f"/waiting/{made.json['id']}"
    assert portal.acts_on(f"{path}/take", VISIT).json["code"] == "not_allowed"
    offers(town, clock)
    offered = portal.get(path)
    assert (offered.json["state"], offered.json["starts_at"][:10]) == ("offered", "2026-11-23")
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/take", VISIT, If_Match="*").status_code == 404
    assert portal.post(f"{path}/take", VISIT, If_Match=made.headers["ETag"]).json["code"] == "changed"
    booked = portal.post(f"{path}/take", VISIT, If_Match=offered.headers["ETag"])
    assert (booked.status_code, booked.json["channel"]) == (201, "api")
    with town.read() as session:
        row = by_number(session, booked.json["number"])
        assert (row.name, row.address) == (VISIT["name"], VISIT["address"])
    again = portal.acts_on(f"{path}/take", VISIT)
    assert again.json["number"] == booked.json["number"]
    assert portal.get(path).json["booking"] == booked.json["number"]
    assert portal.acts_on(f"{path}/leave").json["code"] == "not_allowed"


def test_who_takes_the_offered_seat_is_written_down_as_the_token_says(
    portal: Program, agent: Program, town: Store, clock: Clock
) -> None:
    agent.headers["Mitan-Person"] = "7"
    clock.at = at(22, 9)
    wishes = ((portal, "birth_certificate", "caller:api-"), (agent, "domicile_certificate", "agent:7"))
    paths = [f"/waiting/{joins(program, service=service).json['id']}" for program, service, _ in wishes]
    offers(town, clock)
    for path, (program, _, who) in zip(paths, wishes, strict=True):
        number = program.acts_on(f"{path}/take", VISIT).json["number"]
        assert agent.get(f"/bookings/{number}/events").json["items"][0]["who"].startswith(who)


def test_who_leaves_at_the_moment_of_an_offer_does_not_throw_the_seat_away(
    portal: Program, town: Store, clock: Clock
) -> None:
    clock.at = at(22, 9)
    made = joins(portal)
    path, answers = f"/waiting/{made.json['id']}", []
    leaving = threading.Thread(
        target=lambda: answers.append(portal.post(f"{path}/leave", If_Match=made.headers["ETag"]))
    )
    with town.begin() as session:
        offer_freed(session, clock.at, RULES)
        leaving.start()
        leaving.join(0.5)  # seconds, in which it comes to wait: in PostgreSQL for the row that it has read before
    leaving.join()
    assert [(a.status_code, a.json["code"]) for a in answers] == [(412, "changed")]
    assert portal.get(path).json["state"] == "offered"


def test_an_offer_is_over_after_its_time(portal: Program, town: Store, clock: Clock) -> None:
    clock.at = at(22, 9)
    path = f"/waiting/{joins(portal).json['id']}"
    offers(town, clock)
    clock.later(hours=5)
    assert portal.acts_on(f"{path}/take", VISIT).json["code"] == "too_late"


def test_who_leaves_the_line_is_no_longer_in_it(portal: Program) -> None:
    path = f"/waiting/{joins(portal).json['id']}"
    assert [w["id"] for w in portal.get("/waiting").json["items"]] == [int(path.rpartition("/")[2])]
    assert portal.acts_on(f"{path}/leave").json["state"] == "left"
    assert portal.get("/waiting").json["items"] == []


def test_the_next_page_of_the_line_goes_on_where_the_last_place_seen_was_left_meanwhile(portal: Program) -> None:
    wishes = [(service, city) for service in ("birth_certificate", "domicile_certificate") for city in CITIES]
    ids = [joins(portal, service=service, city=city).json["id"] for service, city in wishes]
    first = portal.get("/waiting?limit=2").json
    assert [w["id"] for w in first["items"]] == [ids[3], ids[2]]
    portal.acts_on(f"/waiting/{ids[2]}/leave")
    second = portal.get(f"/waiting?limit=2&cursor={first['next']}").json
    assert ([w["id"] for w in second["items"]], second["next"]) == ([ids[1], ids[0]], None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"last_day": "2026-11-20"}, "bad_value"),
        ({"last_day": "2027-11-20"}, "bad_value"),
        ({"first_day": "20261123"}, "invalid"),
        ({"service": "passport"}, "service_closed"),
        ({"city": "delhi"}, "city_not_covered"),
        ({"pin": "12"}, "bad_pin"),
    ],
)
def test_a_bad_wish_is_refused(portal: Program, changes: dict[str, str], code: str) -> None:
    refused = joins(portal, **changes)
    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_an_executive_is_assigned_and_replaced_and_finds_the_visit_in_the_day_sheet(
    portal: Program, agent: Program, team: None
) -> None:
    number = portal.books(name="=1+1").json["number"]
    path = f"/bookings/{number}"
    assert portal.acts_on(f"{path}/assignment").json["code"] == "forbidden"
    first = agent.acts_on(f"{path}/assignment").json
    assert (first["stage"], first["executive"]["id"]) == ("assigned", "M-1")
    assert portal.get(path).json["executive"]["name"]["en"] == "Sunita Sahu"
    second = agent.acts_on(f"{path}/assignment", {"executive": "M-2", "why": "ill"}).json
    assert second["executive"]["id"] == "M-2"
    assert agent.acts_on(f"{path}/assignment", {"executive": "M-9"}).json["code"] == "not_found"
    sheet = agent.get("/executives/day?executive=M-2&day=2026-11-23").json["items"]
    assert [(v["number"], v["mobile"], v["name"]) for v in sheet] == [(number, ASHA, "=1+1")]
    assert agent.get("/executives/day?executive=M-1&day=2026-11-23").json["items"] == []
    answer = agent.get("/executives/day.csv?executive=M-2&day=2026-11-23&language=en")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert number in rows[1]
    assert "'=1+1" in rows[1]


def test_nobody_free_is_said(portal: Program, agent: Program) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    assert agent.acts_on(f"{path}/assignment").json["code"] == "nobody_free"


def test_an_executives_program_sees_the_own_day_and_ends_the_own_visits(
    portal: Program, agent: Program, team: None, town: Store, flask: Flask, clock: Clock
) -> None:
    number = portal.books().json["number"]
    agent.acts_on(f"/bookings/{number}/assignment", {"executive": "M-1"})
    secret = token(town, "executives:read", "bookings:read", "stages:write", "as:executive")
    own, other = (Program(flask, secret, headers={"Mitan-Person": id}) for id in ("M-1", "M-2"))
    sheet = "/executives/day?executive=M-1&day=2026-11-23"
    assert own.get(sheet).json["items"][0]["mobile"] == "98xxxxxx15"
    assert own.get(sheet).json["items"][0]["address"] is None
    assert own.get(sheet.replace("day?", "day.csv?")).status_code == 403
    assert other.get(sheet).status_code == 403
    assert Program(flask, secret).get(sheet).status_code == 403
    stage = f"/bookings/{number}/stage"
    assert own.acts_on(stage, {"to": "visited"}).json["code"] == "too_early"
    clock.at = TEN + timedelta(minutes=20)
    assert other.acts_on(stage, {"to": "visited"}).json["code"] == "not_allowed"
    assert own.acts_on(stage, {"to": "visited"}).json["stage"] == "visited"
    again = {"starts_at": at(25, 9).isoformat(), "missing": ["identity"]}
    second = own.acts_on(f"/bookings/{number}/second-visit", again).json
    assert (second["stage"], second["missing"], second["starts_at"]) == ("booked", ["identity"], again["starts_at"])


def test_a_citizens_program_sees_no_day_sheet(town: Store, flask: Flask, team: None) -> None:
    caller = Program(flask, token(town, *AGENT[:-1], office="desk"), ASHA)
    assert caller.get("/executives/day?executive=M-1&day=2026-11-23").json["code"] == "forbidden"


def test_nobody_at_home_is_noted(portal: Program, agent: Program, team: None, clock: Clock) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    agent.acts_on(f"{path}/assignment")
    clock.at = TEN + timedelta(minutes=30)
    assert agent.acts_on(f"{path}/stage", {"to": "citizen_absent"}).json["stage"] == "citizen_absent"
    assert clock.at > NOW
