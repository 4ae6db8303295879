"""What the phone's page is for who has signed in: an agent's telephone, the drafts that may be tried, the way in."""

from __future__ import annotations

from flask import url_for

from booking.accounts.roles import AGENT, SUPERVISOR
from console.deps import deps
from console.person import Person, somebody
from console.phone.routes import AgentPhone, DraftPhone
from console.prompts.parts import READERS
from ivr.bridge import address
from prompts import drafts


def agent_phone() -> AgentPhone | None:
    """The telephone of who is signed in, called by their account's id; None: nobody who takes calls is."""
    found = _with(frozenset({AGENT, SUPERVISOR}))
    return AgentPhone(found.name, address(found.account_id), url_for("telephone.token")) if found else None


def draft_phones() -> list[DraftPhone] | None:
    """The telephones that try drafts, for who is signed in; None: nobody who may see drafts is."""
    if _with(READERS) is None:
        return None
    with deps().store.read() as session:
        rows = drafts.open_ones(session)
    at = {row.id: (url_for("prompts.draft", id=row.id), url_for("prompts.proof", id=row.id)) for row in rows}
    return [DraftPhone(row.id, row.name, *at[row.id]) for row in rows]


def way_in(language: str, back: str) -> str:
    """The page that signs in and then leads to `back`; that of the password where it must be changed first; "" for who
    has signed in, as that would lead round in a circle."""
    found = somebody()
    if found is None:
        return url_for("accounts.sign_in", lang=language, next=back)
    return url_for("accounts.password", lang=language) if found.must_change else ""


def _with(roles: frozenset[str]) -> Person | None:
    """Who is signed in, if they have one of these roles."""
    found = somebody()
    return None if found is None or found.must_change or not found.roles & roles else found
