"""A booking on the agent's screen: what may be done with it is offered, what is done is done as everywhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.holds import hold
from booking.stages import STAGES
from booking.tracking import by_number
from models.audit import AuditEntry
from models.bookings import Booking
from models.store import Store
from tests.booking.life import engages, goes, goes_until, told
from tests.booking.town import at, holds_and_books
from tests.console.accounts.house import START, Browser, Clock
from tests.console.accounts.house import at as leads
from tests.console.desk.office import RULES, form, furnished, office, problems, signed_in, text, value

VISIT = at(25, 10)


@pytest.fixture
def flask(store: Store, clock: Clock) -> Flask:
    furnished(store)
    return office(store, clock)


@pytest.fixture
def ravi(flask: Flask) -> Browser:
    return signed_in(flask)


@pytest.fixture
def gita(flask: Flask) -> Browser:
    return signed_in(flask, "gita")


@pytest.fixture
def number(store: Store, flask: Flask) -> str:
    return holds_and_books(store, start=VISIT, service="domicile_certificate").number


def later(browser: Browser, clock: Clock, moment: datetime) -> Browser:
    """The same agent at another time, signed in again."""
    clock.at = moment
    return signed_in(browser.flask)


def sends(browser: Browser, number: str, deed: str, **fields: Any) -> TestResponse:
    """Open the booking and send one of its forms."""
    path = f"/desk/booking/{number}"
    shown = browser.get(path)
    return browser.post(f"{path}/{deed}", path, **{**form(shown), **fields})


def now(store: Store, number: str) -> Booking:
    with store.read() as session:
        return by_number(session, number)


def last(store: Store, number: str) -> tuple[str, str, str, str]:
    with store.read() as session:
        event = by_number(session, number).events[-1]
        return event.what, event.to_stage, event.who[:6], event.why


def test_a_booking_is_shown_with_all_that_is_known_of_it(ravi: Browser, number: str, store: Store) -> None:
    said = text(ravi.get(f"/desk/booking/{number}"))
    for word in (f"{number[:4]} {number[4:]}", "domicile certificate", "Raipur", "10:00", "98123 45615", "492001",
                 "identity (en)", "₹50", "₹30", "Booked", "Citizen"):  # fmt: skip
        assert word in said
    with store.read() as session:
        seen = session.scalars(select(AuditEntry.what).where(AuditEntry.subject == f"booking:{number}")).all()
    assert "booking.seen" in seen


def test_another_time_is_taken_and_told(ravi: Browser, number: str, store: Store) -> None:
    done = sends(ravi, number, "move", slot="2026-11-26T12:00")
    assert leads(done) == f"/desk/booking/{number}"
    assert "The time is changed." in text(ravi.get(leads(done)))
    assert now(store, number).starts_at == at(26, 12)
    assert told(store, number) == ["booked", "moved"]
    assert last(store, number) == ("moved", "booked", "agent:", "")
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "booking.moved")).one()
        assert (entry.who, entry.before["version"], entry.after["version"]) == ("ravi", 1, 2)  # type: ignore[index]


def test_a_time_that_is_taken_or_none_at_all_is_refused(ravi: Browser, number: str, store: Store) -> None:
    with store.begin() as session:
        hold(session, START, RULES, "raipur", at(26, 12), "somebody")
    for slot in ("2026-11-26T12:00", "", "2026-11-26T12:34", "2026-11-22T12:00"):
        again = sends(ravi, number, "move", slot=slot, day="2026-11-26")
        assert (again.status_code, problems(again)) == (400, {"slot"}), slot
    assert now(store, number).version == 1


def test_it_is_called_off_with_the_reason(ravi: Browser, number: str, store: Store) -> None:
    assert problems(sends(ravi, number, "cancel", reason=" ")) == {"reason"}
    assert problems(sends(ravi, number, "cancel", reason="न" * 301)) == {"reason"}
    assert sends(ravi, number, "cancel", reason="घर बदल गया").status_code == 303
    assert (now(store, number).stage, now(store, number).reason) == ("cancelled", "घर बदल गया")
    assert told(store, number)[-1] == "cancelled"
    page = ravi.get(f"/desk/booking/{number}").get_data(as_text=True)
    assert not any(f"/desk/booking/{number}/{deed}" in page for deed in ("move", "cancel", "stage", "details"))


def test_exactly_the_stages_are_offered_to_which_an_agent_may_take_it(
    ravi: Browser, number: str, store: Store, clock: Clock
) -> None:
    def offered() -> set[str]:
        page = browser.get(f"/desk/booking/{number}").get_data(as_text=True)
        return {to for to in STAGES if f'name="to" value="{to}"' in page}

    browser = ravi
    assert offered() == {"assigned", "executive_absent"}
    goes_until(store, number, "visited")
    browser = later(ravi, clock, at(25, 12))
    assert offered() == {"fee_paid", "documents_needed"}
    goes(store, number, "fee_paid")
    assert offered() == {"submitted"}


def test_a_stage_is_changed_by_the_agent(ravi: Browser, number: str, store: Store, clock: Clock) -> None:
    goes_until(store, number, "visited")
    ravi = later(ravi, clock, at(25, 12))
    assert problems(sends(ravi, number, "stage")) == {"to"}
    assert problems(sends(ravi, number, "stage", to="documents_needed", why="आधार नहीं था")) == {"missing"}
    done = sends(ravi, number, "stage", to="documents_needed", missing="identity", more="राशन कार्ड\n", why="नहीं था")
    assert done.status_code == 303
    assert now(store, number).missing == ["identity", "राशन कार्ड"]
    assert last(store, number) == ("stage", "documents_needed", "agent:", "नहीं था")
    assert "identity (en), राशन कार्ड" in text(ravi.get(f"/desk/booking/{number}"))
    assert sends(ravi, number, "move", slot="2026-11-27T09:00").status_code == 303
    assert last(store, number)[:2] == ("second_visit", "booked")


@pytest.mark.parametrize("to", ["approved", "delivered", "booked", "cancelled", "nonsense", "visited"])
def test_a_stage_that_is_not_the_agents_is_refused(ravi: Browser, number: str, store: Store, to: str) -> None:
    again = sends(ravi, number, "stage", to=to, why="bitte")
    assert again.status_code == 400
    assert "This cannot be done at this stage." in text(again) or "not possible yet" in text(again)
    assert now(store, number).version == 1


def test_an_executive_is_assigned_when_there_is_one(ravi: Browser, number: str, store: Store) -> None:
    assert "No executive is free" in text(sends(ravi, number, "stage", to="assigned"))
    engages(store)
    assert sends(ravi, number, "stage", to="assigned").status_code == 303
    assert "Sunita Sahu, M-1" in text(ravi.get(f"/desk/booking/{number}"))


def test_the_visit_that_has_not_begun_cannot_have_failed(ravi: Browser, number: str, store: Store) -> None:
    engages(store)
    sends(ravi, number, "stage", to="assigned")
    again = sends(ravi, number, "stage", to="citizen_absent")
    assert (again.status_code, "has not come" in text(again)) == (400, True)


def test_name_and_address_are_corrected_and_the_event_does_not_repeat_them(
    ravi: Browser, number: str, store: Store
) -> None:
    given = {"name": "मीना यादव", "address": "मकान 12", "pin": "४९२००४", "language": "en"}
    assert sends(ravi, number, "details", **given).status_code == 303
    row = now(store, number)
    assert (row.name, row.address, row.pin, row.language, row.version) == ("मीना यादव", "मकान 12", "492004", "en", 2)
    with store.read() as session:
        event = by_number(session, number).events[-1]
        assert (event.what, event.data) == ("details", {"changed": ["address", "language", "name", "pin"]})
    assert sends(ravi, number, "details", **given).status_code == 303
    assert now(store, number).version == 2
    again = sends(ravi, number, "details", **{**given, "pin": "1"}, key="x")
    assert (problems(again), value(again, "name")) == ({"pin"}, "मीना यादव")


def test_an_aadhaar_number_is_not_kept(ravi: Browser, number: str, store: Store) -> None:
    sends(ravi, number, "details", name="1234 5678 9012", address="x", pin="492001", language="hi")
    assert now(store, number).name == "xxxx xxxx xxxx"


def test_two_agents_see_each_other(ravi: Browser, gita: Browser, number: str, clock: Clock) -> None:
    path = f"/desk/booking/{number}"
    assert "open too" not in text(ravi.get(path))
    assert "रवि वर्मा has this open too, since 10:00." in text(gita.get(path))
    assert "गीता साहू has this open too" in text(ravi.get(f"/desk/others/{number}?event=1"))
    clock.later(seconds=31)
    assert "open too" not in text(ravi.get(f"/desk/others/{number}?event=1"))


def test_an_open_page_hears_of_a_change_by_somebody_else(ravi: Browser, gita: Browser, number: str) -> None:
    event = form(ravi.get(f"/desk/booking/{number}"))["event"]
    sends(gita, number, "move", slot="2026-11-26T12:00")
    news = text(ravi.get(f"/desk/others/{number}?event={event}"))
    assert "This has been changed meanwhile" in news
    assert "Moved → Thu, 26 Nov, 12:00 गीता साहू" in news
    assert "changed meanwhile" not in text(gita.get(f"/desk/others/{number}?event={int(event) + 1}"))


@pytest.mark.parametrize(
    ("deed", "fields", "typed"),
    [
        ("move", {"slot": "2026-11-27T12:00"}, ""),
        ("cancel", {"reason": "घर बदल गया"}, "घर बदल गया"),
        ("stage", {"to": "executive_absent", "why": "बारिश"}, "बारिश"),
        ("details", {"name": "मीना", "address": "मकान 12", "pin": "492001", "language": "hi"}, "मकान 12"),
    ],
)
def test_nothing_is_overwritten_silently(
    ravi: Browser, gita: Browser, number: str, store: Store, clock: Clock, deed: str, fields: dict[str, str], typed: str
) -> None:
    path = f"/desk/booking/{number}"
    if deed == "stage":
        ravi, gita = later(ravi, clock, at(25, 11)), signed_in(ravi.flask, "gita")
    before = form(ravi.get(path))
    sends(gita, number, "details", name="मीना यादव", address="मकान 7", pin="492001", language="hi")
    again = ravi.post(f"{path}/{deed}", path, **before, **fields)
    assert again.status_code == 409
    said = text(again)
    assert "Somebody else changed this before you sent it." in said
    assert "Details corrected (Address, Name) गीता साहू" in said
    assert typed in said or typed in {value(again, n) for n in ("reason", "why", "address")}
    if deed == "details":
        assert "It says now: मकान 7" in said
    assert now(store, number).version == 2
    # Sent again on purpose, with what is on the screen now, it is done.
    done = ravi.post(f"{path}/{deed}", path, **form(again), **fields)
    assert done.status_code == 303
    assert now(store, number).version == 3


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 40])
def test_a_form_without_a_version_changes_nothing(ravi: Browser, number: str, store: Store, version: str) -> None:
    assert sends(ravi, number, "cancel", reason="x", version=version).status_code == 409
    assert now(store, number).stage == "booked"


@pytest.mark.parametrize("made_up", ["1", "12345678", "10000009", "%00", "x" * 300, "300000001"])
def test_what_is_no_booking_is_not_found(ravi: Browser, flask: Flask, made_up: str) -> None:
    assert ravi.get(f"/desk/booking/{made_up}").status_code == 404
    assert ravi.get(f"/desk/others/{made_up}").status_code == 404
    assert ravi.post(f"/desk/booking/{made_up}/cancel", "/desk/booking", reason="x").status_code == 404


def test_during_a_call_the_page_stays_and_the_call_goes_along(ravi: Browser, number: str, store: Store) -> None:
    from tests.console.desk.office import handed

    handoff = handed(store, filled={"task": "cancel"})
    records = ravi.get(leads(ravi.get(f"/desk/forms/{handoff}")))
    link = f"/desk/booking/{number}?handoff={handoff}"
    assert link in records.get_data(as_text=True)
    shown = ravi.get(link)
    assert value(shown, "handoff") == str(handoff)
    done = ravi.post(f"/desk/booking/{number}/cancel", link, **form(shown), handoff=handoff, reason="नहीं चाहिए")
    assert leads(done) == link
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "booking.cancelled")).one()
    assert entry.after is not None
    assert (entry.after["stage"], entry.after["handoff"]) == ("cancelled", str(handoff))
