"""The way from a task to a call, in the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.desk import tasks
from booking.desk.making import New, ensure
from console.desk.work import routes as work
from models.accounts import Account
from models.audit import AuditEntry
from models.presence import Presence
from models.queue import Handoff
from models.store import Store
from models.tasks import Task
from tests.console.accounts.house import START, Browser, Clock, account
from tests.console.desk.at_the_desk import does, is_ready, signed_in, text

NUMBER = "+919826401799"


@pytest.fixture
def flask(flask: Flask) -> Flask:
    flask.register_blueprint(work.blueprint())
    return flask


@pytest.fixture
def ravi(flask: Flask, store: Store, clock: Clock) -> Browser:
    is_ready(store, account(store, "ravi", name="रवि वर्मा"), clock)
    return signed_in(flask)


def task(store: Store, login: str = "ravi") -> int:
    with store.begin() as session:
        ensure(session, START, New("missed_call", "handoff:1", START + timedelta(hours=1), NUMBER, "hi", None))
        row = session.scalars(select(Task)).one()
        tasks.take(session, START, row.id, session.scalars(select(Account.id).where(Account.login == login)).one())
        return row.id


def test_the_page_with_the_telephone_says_whom_to_call_and_notes_that_it_was_seen(ravi: Browser, store: Store) -> None:
    id = task(store)
    assert f"/desk/calling/{id}" in ravi.get(f"/desk?call={id}").get_data(as_text=True)
    assert "/desk/calling" not in ravi.get("/desk?call=<x>").get_data(as_text=True)
    assert "+91 98264 01799" in text(ravi.get(f"/desk/calling/{id}"))
    with store.read() as session:
        assert f"task:{id}" in session.scalars(select(AuditEntry.subject).where(AuditEntry.what == "task.seen")).all()


def test_a_carrier_that_cannot_call_is_said_and_leaves_the_agent_with_the_work_after_it(
    ravi: Browser, store: Store
) -> None:
    answer = does(ravi, f"/desk/calling/{task(store)}")  # this carrier knows no call
    assert answer.status_code == 409
    assert "not on the line any more" in text(answer)
    with store.read() as session:
        assert session.scalars(select(Presence.state)).one() == "wrap_up"


def test_a_task_of_somebody_else_is_not_called(ravi: Browser, flask: Flask, store: Store) -> None:
    account(store, "gita", name="गीता साहू")
    id = task(store, "gita")
    assert ravi.get(f"/desk/calling/{id}").status_code == 404
    assert does(ravi, f"/desk/calling/{id}").status_code == 404
    assert does(ravi, "/desk/calling/99999999999").status_code == 404


@pytest.mark.parametrize(
    ("language", "remedy"), [("en", "First press “Ready”, then “Call”."), ("hi", "पहले “तैयार” दबाएँ, फिर “कॉल करें”।")]
)
def test_who_was_never_at_the_desk_is_told_to_come_there_first(
    flask: Flask, store: Store, language: str, remedy: str
) -> None:
    account(store, "ravi", name="रवि वर्मा")
    ravi, id = signed_in(flask, language=language), task(store)
    refused = does(ravi, f"/desk/calling/{id}")
    assert refused.status_code == 409
    assert remedy in text(refused)
    assert 'href="#status"' in refused.get_data(as_text=True)
    assert 'id="status"' in ravi.get(f"/desk?call={id}").get_data(as_text=True)
    with store.read() as session:
        assert session.scalars(select(Handoff)).all() == []
    does(ravi, "/desk/ready")
    assert remedy not in text(does(ravi, f"/desk/calling/{id}"))
    with store.read() as session:
        assert session.scalars(select(Handoff.reason)).all() == ["callback"]


def test_without_a_line_the_agent_is_told_so(ravi: Browser, flask: Flask, store: Store) -> None:
    ours = flask.extensions["mitan-desk"]
    flask.extensions["mitan-desk"] = type(ours)(**{**vars(ours), "controls": lambda: None})
    answer = does(ravi, f"/desk/calling/{task(store)}")
    assert answer.status_code == 409
    assert "The line for calls is not connected" in text(answer)
