"""A booking made by an agent: filled in from the conversation, corrected, booked once, as the bot would."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from booking.holds import hold
from booking.tracking import by_mobile, by_number
from booking.zone import ZONE
from models.audit import AuditEntry
from models.slots import SeatClaim
from models.store import Store
from tests.booking.town import at
from tests.console.accounts.house import START, Browser, Clock
from tests.console.accounts.house import at as leads
from tests.console.desk.office import FRAGMENT, RULES, furnished, handed, office, problems, signed_in, text, value

ELEVEN = datetime(2026, 11, 25, 11, 0, tzinfo=ZONE)
WHOLE = {
    "service": "birth_certificate",
    "city": "raipur",
    "day": "2026-11-25",
    "slot": "2026-11-25T11:00",
    "name": "मीना यादव",
    "address": "मकान 12\nटिकरापारा",
    "pin": "492001",
    "mobile": "98123 45615",
    "language": "hi",
}


@pytest.fixture
def flask(store: Store) -> Flask:
    furnished(store)
    return office(store, Clock())


@pytest.fixture
def ravi(flask: Flask) -> Browser:
    return signed_in(flask)


def test_the_form_is_filled_in_from_the_conversation(ravi: Browser, store: Store) -> None:
    handoff = handed(store)
    page = ravi.get(leads(ravi.get(f"/desk/forms/{handoff}")))
    assert page.status_code == 200
    assert [value(page, n) for n in ("service", "city", "day", "slot", "pin", "mobile", "language", "note")] == [
        "domicile_certificate", "raipur", "2026-11-25", "2026-11-25T11:00", "492001", "9812345615", "hi", "n1",
    ]  # fmt: skip
    assert "identity (en)" in text(page)
    assert "₹30" in text(page)
    assert "/desk/note/n1" in page.get_data(as_text=True)


def test_it_is_booked_as_by_the_bot_and_belongs_to_the_agent_and_the_conversation(ravi: Browser, store: Store) -> None:
    handoff = handed(store)
    page = f"/desk/new?handoff={handoff}"
    done = ravi.post("/desk/new", page, **WHOLE, handoff=handoff, note="n1")
    assert done.status_code == 303
    with store.read() as session:
        (made,) = by_mobile(session, "9812345615")
        assert leads(done) == f"/desk/booking/{made.number}?handoff={handoff}"
        assert (made.starts_at, made.service_id, made.name) == (ELEVEN, "birth_certificate", "मीना यादव")
        assert (made.address, made.pin, made.note_id) == ("मकान 12\nटिकरापारा", "492001", "n1")
        assert (made.conversation_id, made.channel, made.caller) == ("c1", "desk", "+919812345615")
        assert [(e.who[:6], len(e.who)) for e in made.events] == [("agent:", 38)]
        assert [n.event for n in made.notices] == ["booked"]
        entries = session.scalars(select(AuditEntry.what).where(AuditEntry.subject == f"booking:{made.number}")).all()
    assert list(entries) == ["booking.made"]
    assert "Booked." in text(ravi.get(leads(done)))


def test_sent_twice_it_is_booked_once(ravi: Browser, store: Store) -> None:
    handoff = handed(store)
    first, second = (ravi.post("/desk/new", f"/desk/new?handoff={handoff}", **WHOLE, handoff=handoff) for _ in "ab")
    assert leads(first) == leads(second)


def test_the_seat_that_the_bot_holds_is_the_agents(ravi: Browser, store: Store) -> None:
    handoff = handed(store)
    with store.begin() as session:
        hold(session, START, RULES, "raipur", ELEVEN, "c1")
    assert "kept for you until 10:05" in text(ravi.get(f"/desk/new?handoff={handoff}"))
    assert ravi.post("/desk/new", f"/desk/new?handoff={handoff}", **WHOLE, handoff=handoff).status_code == 303


def test_a_time_that_is_gone_is_said_and_nothing_typed_is_lost(ravi: Browser, store: Store) -> None:
    handoff = handed(store)
    with store.begin() as session:
        hold(session, START, RULES, "raipur", ELEVEN, "somebody")
    again = ravi.post("/desk/new", f"/desk/new?handoff={handoff}", **WHOLE, handoff=handoff)
    assert again.status_code == 400
    assert problems(again) == {"slot"}
    assert [value(again, n) for n in ("name", "address", "service", "slot")] == [
        "मीना यादव", "मकान 12\nटिकरापारा", "birth_certificate", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"service": ""}, "service"),
        ({"service": "shop_registration"}, "service"),
        ({"service": "' OR 1=1 --"}, "service"),
        ({"city": ""}, "city"),
        ({"city": "bhilai"}, "area"),
        ({"city": "bhilai", "area": "raipur_1"}, "area"),
        ({"slot": ""}, "slot"),
        ({"slot": "yesterday"}, "slot"),
        ({"slot": "2026-11-25T11:17"}, "slot"),
        ({"slot": "2026-11-20T11:00"}, "slot"),
        ({"slot": "9999-12-31T23:59"}, "slot"),
        ({"pin": "12"}, "pin"),
        ({"pin": "110001"}, "pin"),
        ({"mobile": "98123 4561"}, "mobile"),
        ({"mobile": "<script>"}, "mobile"),
        ({"name": "न" * 201}, "name"),
        ({"address": "अ" * 2001}, "address"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_beside_its_field(ravi: Browser, store: Store, typed: dict[str, Any], field: str) -> None:
    sent = {**WHOLE, **typed}
    again = ravi.post("/desk/new", **sent)
    assert again.status_code == 400
    assert field in problems(again)
    assert value(again, "address") == sent["address"]
    with store.read() as session:
        assert by_mobile(session, "9812345615") == []


def test_an_area_is_asked_for_and_found_by_the_pin_code(ravi: Browser, store: Store) -> None:
    page = ravi.get(f"/desk/new?handoff={handed(store, filled={'city': 'bhilai', 'pin': '490002'})}")
    assert value(page, "area") == "bhilai_2"
    made = ravi.post("/desk/new", **{**WHOLE, "city": "bhilai", "area": "bhilai_2", "pin": "490002"})
    assert made.status_code == 303


def test_free_times_follow_the_place_and_the_day(ravi: Browser, store: Store) -> None:
    with store.begin() as session:
        for hour in range(8, 20):
            hold(session, START, RULES, "raipur", at(25, hour), f"other-{hour}")
    token = ravi.token("/desk/new")
    asked = {"csrf_token": token, "city": "raipur", "day": "2026-11-25", "key": "A" * 12}
    full = ravi.client.post("/desk/times", data=asked, headers=FRAGMENT)
    assert "No time is free on Wednesday, 25 November" in text(full)
    assert 'value="2026-11-26T08:00"' in full.get_data(as_text=True)
    elsewhere = ravi.client.post("/desk/times?place=1", data={**asked, "city": "bhilai"}, headers=FRAGMENT)
    assert "Ward 1" in text(elsewhere)
    assert "Choose a city" in text(elsewhere)
    unknown = ravi.client.post("/desk/times", data={**asked, "city": "atlantis"}, headers=FRAGMENT)
    assert "Choose a city" in text(unknown)


def test_a_chosen_time_is_kept_for_the_form_and_for_nobody_else(flask: Flask, ravi: Browser, store: Store) -> None:
    asked = {"city": "raipur", "day": "2026-11-25", "slot": "2026-11-25T11:00", "key": "A" * 12}
    kept = ravi.client.post("/desk/hold", data={**asked, "csrf_token": ravi.token("/desk/new")}, headers=FRAGMENT)
    assert "kept for you until 10:05" in text(kept)
    assert value(kept, "slot") == "2026-11-25T11:00"
    gita = signed_in(flask, "gita")
    token = gita.token("/desk/new")
    refused = gita.client.post("/desk/hold", data={**asked, "csrf_token": token}, headers=FRAGMENT)
    assert problems(refused) == {"slot"}
    assert gita.post("/desk/new", **WHOLE, key="A" * 12).status_code == 400
    assert ravi.post("/desk/new", **WHOLE, key="A" * 12).status_code == 303
    with store.read() as session:
        assert [c.booking_id is not None for c in session.scalars(select(SeatClaim))] == [True]


def test_without_scripts_a_button_shows_the_times(ravi: Browser) -> None:
    shown = ravi.post("/desk/new", **{**WHOLE, "slot": "", "pin": ""}, show="times")
    assert shown.status_code == 200
    assert problems(shown) == set()
    assert 'value="2026-11-25T08:00"' in shown.get_data(as_text=True)


def test_a_call_back_gives_its_conversation(ravi: Browser, store: Store) -> None:
    from booking.conversations import save, start

    with store.begin() as session:
        start(session, START, "phone", "+919812345615", "talk-1")
        save(session, "talk-1", {"language": "en", "filled": {"service": "birth_certificate", "city": "durg"}},
             expected_version=0)  # fmt: skip
    page = ravi.get("/desk/new?talk=talk-1")
    assert [value(page, n) for n in ("service", "city", "mobile", "language")] == [
        "birth_certificate", "durg", "9812345615", "en",
    ]  # fmt: skip
    done = ravi.post("/desk/new", "/desk/new?talk=talk-1", **{**WHOLE, "city": "durg"}, talk="talk-1")
    with store.read() as session:
        assert by_number(session, leads(done)[14:22]).conversation_id == "talk-1"


@pytest.mark.parametrize("path", ["/desk/new?handoff=99", "/desk/new?talk=nobody", "/desk/forms/99", "/desk/forms/x",
                                  "/desk/complaint?handoff=99", "/desk/records?talk=nobody"])  # fmt: skip
def test_a_call_that_nobody_knows_is_not_found(ravi: Browser, path: str) -> None:
    assert ravi.get(path).status_code == 404


@pytest.mark.parametrize("odd", ["handoff=1e9", "handoff=-1", "talk=%00", "key=%2e", "handoff=" + "9" * 40])
def test_odd_names_of_a_call_are_taken_for_none(ravi: Browser, odd: str) -> None:
    assert ravi.get(f"/desk/new?{odd}").status_code == 200


def test_the_desk_gets_the_form_alone(ravi: Browser, store: Store) -> None:
    part = ravi.get(f"/desk/new?handoff={handed(store)}", **FRAGMENT)
    assert part.status_code == 200
    assert "<html" not in part.get_data(as_text=True)
    assert "<h2" in part.get_data(as_text=True)


def test_what_a_conversation_holds_may_be_garbage(ravi: Browser, store: Store) -> None:
    odd = {"service": ["x"], "city": 7, "slot": None, "date": {}, "pin": 492001, "services": "ab", "note": []}
    assert ravi.get(f"/desk/new?handoff={handed(store, filled=odd)}").status_code == 200
    assert ravi.get("/desk/complaint?handoff=1").status_code == 200
