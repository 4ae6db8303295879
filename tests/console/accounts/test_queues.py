"""The form for the queues of somebody at the desk."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking.accounts.roles import EDITOR, SUPERVISOR
from models.audit import AuditEntry
from models.presence import Presence
from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, Browser, account, at
from tests.console.accounts.test_own_account import id_of

ALL = ["general", "complaints", "confidential"]


def form(store: Store, login: str = RAVI) -> str:
    return f"/accounts/{id_of(store, login)}/queues"


def taken(store: Store) -> list[str] | None:
    with store.read() as session:
        row = session.get(Presence, id_of(store, RAVI))
        return list(row.queues) if row else None


def test_an_administrator_chooses_the_queues_and_the_account_shows_them(asha: Browser, store: Store) -> None:
    page = f"/accounts/{id_of(store, RAVI)}"
    assert "general, complaints, confidential" in asha.get(page).get_data(as_text=True)
    answer = asha.post(form(store), known=ALL, queues=["complaints", "general"])
    assert at(answer) == form(store)
    assert "The change is saved" in asha.get(form(store)).get_data(as_text=True)
    assert taken(store) == ["general", "complaints"]
    shown = asha.get(page).get_data(as_text=True)
    assert "general, complaints" in shown
    assert "confidential" not in shown


def test_who_takes_all_queues_takes_those_to_come_too(asha: Browser, store: Store) -> None:
    asha.post(form(store), known=ALL, queues=["general"])
    asha.post(form(store), known=["general"], queues=ALL)
    assert taken(store) == []


def test_a_supervisor_may_choose_and_stands_in_the_audit_trail(house: Flask, store: Store) -> None:
    account(store, "gita", SUPERVISOR)
    gita = Browser(house)
    gita.sign_in("gita")
    gita.post(form(store), known=ALL, queues=["confidential"])
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "account.queues")).one()
    assert (entry.who, entry.subject) == ("gita", f"account:{RAVI}")
    assert (entry.before, entry.after) == ({"queues": "all"}, {"queues": ["confidential"]})


@pytest.mark.parametrize("sent", [[], ["x"], ["general\x00"]])
def test_no_queue_is_refused_beside_the_field(asha: Browser, store: Store, sent: list[str]) -> None:
    answer = asha.post(form(store), known=ALL, queues=sent)
    assert answer.status_code == 400
    assert "Choose at least one queue" in answer.get_data(as_text=True)
    assert taken(store) is None


def test_who_is_late_sees_what_stands_keeps_what_was_ticked_and_may_save_again(asha: Browser, store: Store) -> None:
    asha.post(form(store), known=ALL, queues=["general"])
    late = asha.post(form(store), known=ALL, queues=["complaints"])
    page = late.get_data(as_text=True)
    assert late.status_code == 400
    assert "Somebody else changed the queues" in page
    assert 'value="complaints" checked' in page
    assert 'name="known" value="general"' in page
    assert taken(store) == ["general"]
    asha.post(form(store), known=["general"], queues=["complaints"])
    assert taken(store) == ["complaints"]


def test_agents_do_not_choose_for_themselves(ravi: Browser, store: Store) -> None:
    assert ravi.get(form(store)).status_code == 403
    assert ravi.post(form(store), on="/account", known=ALL, queues=["general"]).status_code == 403


def test_who_is_not_at_the_desk_has_no_queues(asha: Browser, store: Store) -> None:
    account(store, "edit", EDITOR)
    for login in ("edit", ASHA):
        assert asha.get(form(store, login)).status_code == 404
    assert asha.get("/accounts/" + "0" * 32 + "/queues").status_code == 404
    assert "Choose queues" not in asha.get(f"/accounts/{id_of(store, 'edit')}").get_data(as_text=True)
