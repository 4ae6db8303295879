from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.access import IdempotentAnswer
from models.bookings import Booking, BookingEvent
from models.notices import Notice
from models.slots import SeatClaim
from models.store import Store
from tests.booking.town import NOW, TEN, at
from tests.console.api.programs import ASHA, RAVI, Clock, Program, booking


def count(store: Store, table: Any) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def at_once(*acts: Any) -> list[TestResponse]:
    """All acts at the same moment."""
    answers: list[TestResponse] = []
    gate = threading.Barrier(len(acts))

    def run(act: Any) -> None:
        gate.wait()
        answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(acts)
    return answers


def test_a_citizen_finds_a_slot_holds_it_and_books(portal: Program, town: Store) -> None:
    free = portal.get("/slots?city=raipur&from=2026-11-23&to=2026-11-23&daypart=morning").json["items"]
    assert [s["starts_at"][11:16] for s in free] == ["08:00", "09:00", "10:00", "11:00"]
    held = portal.post("/holds", {"city": "raipur", "starts_at": free[2]["starts_at"]})
    assert held.status_code == 201
    assert held.json["expires_at"] == (NOW + timedelta(minutes=5)).isoformat()
    left = portal.get("/slots?city=raipur&from=2026-11-23&to=2026-11-23").json["items"]
    assert [s["seats"] for s in left[:4]] == [2, 2, 1, 2]
    made = portal.books(hold=held.json["hold"])
    assert made.status_code == 201
    assert made.json["stage"] == "booked"
    assert (made.json["starts_at"], made.json["mobile"]) == (TEN.isoformat(), "98xxxxxx15")
    assert (made.json["name"], made.json["address"]) == (None, None)
    assert count(town, SeatClaim) == 1
    with town.read() as session:
        row = session.scalars(select(Booking)).one()
        assert (row.number, row.mobile, row.name, row.channel) == (made.json["number"], ASHA, "Asha Verma", "api")
        assert row.events[0].who.startswith("caller:api-")
        assert [n.event for n in row.notices] == ["booked"]


def test_a_hold_belongs_to_the_program_that_made_it_and_can_be_given_up(portal: Program, stranger: Program) -> None:
    held = portal.post("/holds", {"city": "raipur", "starts_at": TEN.isoformat()}).json["hold"]
    assert stranger.delete(f"/holds/{held}").status_code == 404
    assert portal.delete(f"/holds/{held}").status_code == 204
    assert portal.delete(f"/holds/{held}").json["code"] == "not_found"


def test_another_slot_is_held_in_place_of_the_first(portal: Program, town: Store) -> None:
    first = portal.post("/holds", {"city": "raipur", "starts_at": TEN.isoformat()}).json["hold"]
    again = portal.post("/holds", {"city": "raipur", "starts_at": at(23, 11).isoformat(), "hold": first})
    assert again.json["hold"] == first
    assert count(town, SeatClaim) == 1


def test_a_full_slot_is_refused_with_its_code(portal: Program, agent: Program) -> None:
    for _ in range(2):
        portal.post("/holds", {"city": "raipur", "starts_at": TEN.isoformat()})
    refused = agent.post("/holds", {"city": "raipur", "starts_at": TEN.isoformat()})
    assert (refused.status_code, refused.json["code"]) == (409, "slot_taken")
    assert agent.books().json["code"] == "slot_taken"
    assert agent.books(hold="A" * 16).json["code"] == "hold_lost"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service": "passport"}, "service_closed"),
        ({"city": "delhi"}, "city_not_covered"),
        ({"area": "ward_1"}, "area_unknown"),
        ({"pin": "012345"}, "bad_pin"),
        ({"starts_at": "2026-11-21T10:00:00+05:30"}, "slot_closed"),
        ({"starts_at": "2026-11-23T10:30:00+05:30"}, "slot_closed"),
        ({"starts_at": "2099-11-23T10:00:00+05:30"}, "slot_closed"),
        ({"starts_at": "2026-11-23T10:00:00"}, "invalid"),
        ({"starts_at": "1764000000"}, "invalid"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "invalid"),
        ({"name": "   "}, "invalid"),
        ({"name": "a\0b"}, "invalid"),
        ({"address": "x" * 10_000}, "invalid"),
        ({"pin": 492001}, "invalid"),
        ({"service": None}, "invalid"),
        ({"language": "fr"}, "invalid"),
        ({"mobile": "9812345615"}, "invalid"),
        ({"hold": "short"}, "invalid"),
    ],
)
def test_each_bad_value_has_its_code_and_nothing_is_booked(
    portal: Program, town: Store, changes: dict[str, Any], code: str
) -> None:
    refused = portal.books(**changes)
    assert refused.json["code"] == code
    assert refused.status_code == 422
    assert (count(town, Booking), count(town, SeatClaim), count(town, IdempotentAnswer)) == (0, 0, 0)


def test_why_a_time_cannot_be_booked_is_said(portal: Program) -> None:
    assert portal.books(starts_at="2026-11-21T10:00:00+05:30").json["why"] == "past"


def test_no_mobile_no_booking(portal: Program) -> None:
    portal.mobile = None
    assert portal.books().json["code"] == "mobile_missing"
    portal.mobile = "0788-2322222"
    assert portal.books().json["code"] == "bad_mobile"


def test_the_same_request_again_gets_the_same_answer_and_books_once(portal: Program, town: Store) -> None:
    first, second = portal.books("k1"), portal.books("k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (count(town, Booking), count(town, Notice), count(town, SeatClaim)) == (1, 1, 1)


def test_ten_same_requests_at_once_book_once(portal: Program, town: Store) -> None:
    answers = at_once(*[lambda: portal.books("k1")] * 10)
    assert {a.status_code for a in answers} == {201}
    assert len({a.json["number"] for a in answers}) == 1
    assert (count(town, Booking), count(town, Notice), count(town, SeatClaim)) == (1, 1, 1)


def test_a_key_is_good_for_one_request_of_one_program(portal: Program, stranger: Program) -> None:
    assert portal.books("k1").status_code == 201
    other = portal.books("k1", starts_at=at(23, 11).isoformat())
    assert (other.status_code, other.json["code"]) == (422, "key_reused")
    portal.mobile = RAVI
    assert portal.books("k1").json["code"] == "key_reused"
    assert stranger.books("k1").status_code == 201


def test_what_was_refused_may_be_asked_for_again_under_its_key(portal: Program, agent: Program, clock: Clock) -> None:
    held = [portal.post("/holds", {"city": "raipur", "starts_at": TEN.isoformat()}) for _ in range(2)]
    assert agent.books("k1").json["code"] == "slot_taken"
    clock.later(minutes=6)
    assert agent.books("k1").status_code == 201
    assert len(held) == 2


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "ключ".encode().decode("latin-1")])
def test_a_booking_needs_a_key(portal: Program, key: str) -> None:
    refused = portal.post("/bookings", booking(), Idempotency_Key=key)
    assert (refused.status_code, refused.json["code"]) == (400, "key_missing")


def test_a_booking_is_moved_and_cancelled_as_it_was_read(portal: Program) -> None:
    made = portal.books()
    path = f"/bookings/{made.json['number']}"
    moved = portal.post(f"{path}/move", {"starts_at": at(25, 9).isoformat()}, If_Match=made.headers["ETag"])
    assert moved.status_code == 200
    assert moved.json["starts_at"] == at(25, 9).isoformat()
    late = portal.post(f"{path}/cancel", {}, If_Match=made.headers["ETag"])
    assert (late.status_code, late.json["code"]) == (412, "changed")
    gone = portal.post(f"{path}/cancel", {"reason": "not needed"}, If_Match=moved.headers["ETag"])
    assert (gone.json["stage"], gone.json["reason"]) == ("cancelled", "not needed")
    events = portal.get(f"{path}/events").json["items"]
    assert [(e["what"], e["to_stage"], e["who"]) for e in events][1:] == [
        ("moved", "booked", None),
        ("stage", "cancelled", None),
    ]


def test_too_late_is_said_to_a_citizen_and_an_agent_may_still(portal: Program, agent: Program, clock: Clock) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    clock.at = TEN - timedelta(hours=23)
    refused = portal.acts_on(f"{path}/move", {"starts_at": at(25, 9).isoformat()})
    assert (refused.status_code, refused.json["code"]) == (409, "too_late")
    assert agent.acts_on(f"{path}/move", {"starts_at": at(25, 9).isoformat()}).status_code == 200


def test_of_two_who_move_at_once_one_is_told_that_it_has_changed(portal: Program, town: Store) -> None:
    made = portal.books()
    path, tag = f"/bookings/{made.json['number']}/move", made.headers["ETag"]
    answers = at_once(
        lambda: portal.post(path, {"starts_at": at(25, 9).isoformat()}, If_Match=tag),
        lambda: portal.post(path, {"starts_at": at(25, 10).isoformat()}, If_Match=tag),
    )
    assert sorted(a.status_code for a in answers) == [200, 412]
    assert count(town, SeatClaim) == 1


@pytest.mark.parametrize("tag", ['"0"', '"99"', "x", 'W/"1"', '"1', ",", '"-"'])
def test_a_tag_of_another_version_is_not_enough(portal: Program, tag: str) -> None:
    path = f"/bookings/{portal.books().json['number']}/cancel"
    assert portal.post(path, {}, If_Match=tag).status_code == 412


def test_a_change_without_a_tag_is_refused_and_a_star_means_as_it_is(portal: Program) -> None:
    path = f"/bookings/{portal.books().json['number']}/cancel"
    refused = portal.post(path, {})
    assert (refused.status_code, refused.json["code"]) == (428, "match_missing")
    assert portal.post(path, {}, If_Match="*").status_code == 200


def test_a_record_that_is_known_already_is_not_sent_again(portal: Program) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    tag = portal.get(path).headers["ETag"]
    again = portal.get(path, If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    portal.acts_on(f"{path}/cancel")
    assert portal.get(path, If_None_Match=tag).status_code == 200


def test_another_citizen_sees_and_changes_nothing(portal: Program, stranger: Program) -> None:
    made = portal.books()
    path = f"/bookings/{made.json['number']}"
    for refused in (
        stranger.get(path),
        stranger.get(f"{path}/events"),
        stranger.post(f"{path}/cancel", {}, If_Match="*"),
        stranger.post(f"{path}/move", {"starts_at": at(25, 9).isoformat()}, If_Match="*"),
        stranger.post(f"{path}/feedback", {"rating": 1}),
    ):
        assert (refused.status_code, refused.json["code"]) == (403, "not_owner")
    assert stranger.get("/bookings").json["items"] == []


def test_the_last_four_digits_prove_a_booking_with_three_tries(
    portal: Program, stranger: Program, clock: Clock, town: Store
) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    stranger.last4 = "5615"
    assert stranger.get(path).status_code == 200
    stranger.last4 = "0000"
    codes = [stranger.get(path).json["code"] for _ in range(3)]
    assert codes == ["not_owner"] * 3
    stranger.last4 = "5615"
    locked = stranger.get(path)
    assert (locked.status_code, locked.json["code"], locked.headers["Retry-After"]) == (429, "locked", "3601")
    assert portal.get(path).status_code == 200
    clock.later(hours=1)
    assert stranger.get(path).status_code == 200
    with town.read() as session:
        wrong = session.scalars(select(BookingEvent).where(BookingEvent.what == "proof_failed")).all()
    assert len(wrong) == 3


def test_tries_at_once_are_counted_too(portal: Program, stranger: Program) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    stranger.last4 = "0000"
    answers = at_once(*[lambda: stranger.get(path)] * 8)
    assert sorted(a.status_code for a in answers) == [403] * 3 + [429] * 5


def test_the_bookings_of_a_mobile_are_paged_newest_first(portal: Program, clock: Clock) -> None:
    numbers = []
    for hour in (9, 10, 11, 12, 13):
        clock.later(seconds=1)
        numbers.insert(0, portal.books(starts_at=at(23, hour).isoformat()).json["number"])
    seen, path = [], "/bookings?limit=2"
    while path:
        answer = portal.get(path).json
        assert len(answer["items"]) <= 2
        seen += [b["number"] for b in answer["items"]]
        path = f"/bookings?limit=2&cursor={answer['next']}" if answer["next"] else ""
    assert seen == numbers


def test_the_next_page_of_slots_goes_on_where_the_last_one_seen_was_taken_meanwhile(
    portal: Program, agent: Program
) -> None:
    path = "/slots?city=raipur&from=2026-11-23&to=2026-11-23&limit=2"
    first = portal.get(path).json
    assert [s["starts_at"][11:16] for s in first["items"]] == ["08:00", "09:00"]
    for _ in range(2):  # seats
        agent.post("/holds", {"city": "raipur", "starts_at": first["items"][-1]["starts_at"]})
    second = portal.get(f"{path}&cursor={first['next']}").json
    assert [s["starts_at"][11:16] for s in second["items"]] == ["10:00", "11:00"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%00", "cursor=!!!", "cursor=e30x", "a=1"])
def test_a_bad_page_is_refused(portal: Program, query: str) -> None:
    assert portal.get(f"/bookings?{query}").status_code == 422


def test_an_agent_sees_who_did_what_and_whom_it_concerns(portal: Program, agent: Program) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    agent.mobile = None
    seen = agent.get(path).json
    assert (seen["mobile"], seen["name"], seen["address"]) == (ASHA, "Asha Verma", "House 4, Shanti Nagar")
    assert agent.get(f"{path}/events").json["items"][0]["who"].startswith("caller:api-")


@pytest.mark.parametrize("number", ["12345678", "1234567", "0", "%00", "abc", "123456789012", "१२३४५६७८", "1" * 5000])
def test_a_number_that_cannot_be_one_is_not_found(portal: Program, number: str) -> None:
    assert portal.get(f"/bookings/{number}").status_code == 404


def test_a_wrong_check_digit_is_named(portal: Program) -> None:
    number = portal.books().json["number"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert portal.get(f"/bookings/{wrong}").json["code"] == "bad_number"


def test_a_delivered_booking_is_rated_once_and_others_not_yet(portal: Program, town: Store) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    assert portal.post(f"{path}/feedback", {"rating": 5}).json["code"] == "too_early"
    with town.begin() as session:
        session.scalars(select(Booking)).one().stage = "delivered"
    for rating in (0, 6, "5", 4.5, True, None):
        assert portal.post(f"{path}/feedback", {"rating": rating}).json["code"] == "invalid"
    assert portal.post(f"{path}/feedback", {"rating": 5, "text": "good"}).json["rating"] == 5


def test_the_stage_is_changed_by_those_who_may(portal: Program, agent: Program, town: Store, clock: Clock) -> None:
    path = f"/bookings/{portal.books().json['number']}"
    with town.begin() as session:
        session.scalars(select(Booking)).one().stage = "assigned"
    assert portal.acts_on(f"{path}/stage", {"to": "visited"}).json["code"] == "forbidden"
    assert agent.acts_on(f"{path}/stage", {"to": "visited"}).json["code"] == "too_early"
    clock.at = TEN
    assert agent.acts_on(f"{path}/stage", {"to": "visited"}).json["stage"] == "visited"
    needed = agent.acts_on(f"{path}/stage", {"to": "documents_needed", "missing": ["identity"]})
    assert needed.json["missing"] == ["identity"]
    assert agent.acts_on(f"{path}/stage", {"to": "approved"}).json["code"] == "not_allowed"
    for to in ("booked", "cancelled", "assigned", "flown", ""):
        assert agent.acts_on(f"{path}/stage", {"to": to}).json["code"] == "bad_value"
