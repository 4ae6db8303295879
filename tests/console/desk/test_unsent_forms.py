"""A page that is loaded again in a call has what was typed into its forms."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from booking.notices import notices
from booking.rules import VisitRules
from console.desk.forms.deps import FormsDeps
from console.desk.forms.routes import mount
from models.accounts import Account
from models.store import Store
from tests.console.accounts.house import Browser, Clock, account
from tests.console.desk.at_the_desk import does, is_ready, signed_in, talks_with, text
from tests.console.desk.office import FRAGMENT, furnished, value


@pytest.fixture
def flask(flask: Flask) -> Flask:
    mount(flask, FormsDeps(VisitRules(seats=1), notices(), lambda language, id: f"{id} ({language})"))
    return flask


@pytest.fixture
def ravi(flask: Flask, store: Store) -> Browser:
    furnished(store)
    return signed_in(flask)


@pytest.fixture
def call(ravi: Browser, store: Store, clock: Clock) -> int:
    """The number of a call that Ravi has."""
    with store.read() as session:
        id = session.scalars(select(Account.id).where(Account.login == "ravi")).one()
    is_ready(store, id, clock)
    return talks_with(store, clock, id)


def known(page: str) -> int:
    """The version that a form brings."""
    return int(re.findall(r'data-known="(\d+)"', page)[0])


def form(browser: Browser, path: str) -> str:
    return browser.get(path, **FRAGMENT).get_data(as_text=True)


def test_a_note_and_its_result_are_there_after_a_reload_and_gone_when_written(ravi: Browser, call: int) -> None:
    address = f"/desk/unsent/finish?handoff={call}"
    assert address.replace("&", "&amp;") in form(ravi, f"/desk/call/{call}")
    answer = does(ravi, address, known="0", note='said "it is <late>"', disposition="complaint")
    assert answer.get_json() == {"version": 1}
    page = ravi.get(f"/desk/call/{call}")
    assert value(page, "note") == 'said "it is <late>"'
    assert value(page, "disposition") == "complaint"
    assert known(page.get_data(as_text=True)) == 1
    assert does(ravi, f"/desk/call/{call}/finish", disposition="complaint", note="all of it").status_code == 204
    assert value(ravi.get(f"/desk/call/{call}"), "note") == "all of it"


def test_a_half_filled_booking_is_there_again_and_can_be_begun_anew(ravi: Browser, call: int) -> None:
    page = form(ravi, f"/desk/new?handoff={call}")
    assert "What you typed before" not in page
    typed = {"service": "birth_certificate", "city": "raipur", "name": "सीमा वर्मा", "address": "12 पंडरी", "pin": "4920"}
    assert does(ravi, f"/desk/unsent/new?handoff={call}", known=known(page), **typed).get_json() == {"version": 1}
    again = ravi.get(f"/desk/new?handoff={call}", **FRAGMENT)
    assert {name: value(again, name) for name in typed} == typed
    assert "What you typed before is here again" in text(again)
    answer = does(ravi, "/desk/new", handoff=call, afresh="yes", **typed)
    assert answer.status_code == 303
    anew = ravi.get(answer.headers["Location"], **FRAGMENT)
    assert value(anew, "name") == ""
    assert "What you typed before" not in text(anew)


def test_a_half_filled_complaint_is_what_a_reloaded_call_opens(ravi: Browser, call: int) -> None:
    assert ravi.get(f"/desk/forms/{call}").headers["Location"] == f"/desk/new?handoff={call}"
    does(ravi, f"/desk/unsent/complaint?handoff={call}", known="0", kind="delay", text="दो महीने हो गए")
    there = ravi.get(f"/desk/forms/{call}").headers["Location"]
    assert there == f"/desk/complaint?handoff={call}"
    assert value(ravi.get(there, **FRAGMENT), "text") == "दो महीने हो गए"
    other = ravi.get(f"{there}&booking=12345678", **FRAGMENT)
    assert value(other, "text") == ""  # a complaint about this booking is wanted now


def test_another_window_is_told_what_it_would_overwrite(ravi: Browser, call: int) -> None:
    address = f"/desk/unsent/finish?handoff={call}"
    does(ravi, address, known="0", note="from the first window")
    answer = does(ravi, address, known="0", note="from the second")
    assert (answer.status_code, answer.get_json()) == (409, {"version": 1})
    assert does(ravi, address, known="1", note="from the second").get_json() == {"version": 2}


def test_what_an_agent_typed_is_shown_to_nobody_else(ravi: Browser, flask: Flask, call: int) -> None:
    does(ravi, f"/desk/unsent/new?handoff={call}", known="0", name="सीमा वर्मा")
    gita = signed_in(flask, "gita")
    assert "सीमा वर्मा" not in form(gita, f"/desk/new?handoff={call}")


@pytest.mark.parametrize("path", ["finish", "new?key=abcdefghijkl", "other?handoff=1", "new?talk=<x>"])
def test_a_form_that_is_about_nothing_is_not_kept(ravi: Browser, path: str) -> None:
    assert does(ravi, f"/desk/unsent/{path}", known="0", note="x").status_code == 404


def test_bad_versions_and_unknown_fields_harm_nothing(ravi: Browser, call: int) -> None:
    address = f"/desk/unsent/finish?handoff={call}"
    odd = {"note": "x" * 9000, "agent": "somebody else", "fields": "{}"}
    assert does(ravi, address, known="-1", **odd).get_json() == {"version": 1}
    assert does(ravi, address, known="one", **odd).status_code == 409
    assert len(value(ravi.get(f"/desk/call/{call}"), "note")) == 8000


def test_an_outsider_keeps_nothing(flask: Flask, ravi: Browser, call: int) -> None:
    assert Browser(flask).raw(f"/desk/unsent/finish?handoff={call}", note="x").status_code == 401


def test_somebody_without_the_agents_role_keeps_nothing(flask: Flask, store: Store, ravi: Browser, call: int) -> None:
    account(store, "edith", "editor")
    editor = Browser(flask)
    editor.sign_in("edith")
    token = editor.token("/account")
    assert editor.raw(f"/desk/unsent/finish?handoff={call}", csrf_token=token, note="x").status_code == 403
