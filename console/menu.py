"""The menu of signed-in pages: whatever the person may open, by the same declaration that opens it."""

from __future__ import annotations

from flask import Flask, request, url_for

from console.person import Person
from ivr.gate import access_of

ENTRIES = (
    ("desk.page", "desk"),
    ("work.page", "work"),
    ("forms.find", "bookings"),
    ("supervisor.page", "supervision"),
    ("prompts.page", "prompts"),
    ("misses.page", "misses"),
    ("flow.page", "flow"),
    ("tables.page", "tables"),
    ("calendar.page", "calendar"),
    ("notices.page", "notices"),
    ("accounts.people", "people"),
    ("accounts.trail", "audit"),
)
"""Endpoints in their order, and the shared word for each; those that are not mounted are left out."""


def of(flask: Flask, person: Person | None) -> list[tuple[str, str, bool]]:
    """Address, word and whether it is the present page, for each entry that `person` may open."""
    if person is None:
        return []
    return [
        (url_for(endpoint), word, request.endpoint == endpoint)
        for endpoint, word in ENTRIES
        if endpoint in flask.view_functions and opens(flask, person, endpoint)
    ]


def opens(flask: Flask, person: Person, endpoint: str) -> bool:
    """Whether `person` may open the route."""
    access = access_of(flask, endpoint)
    return access is not None and (access.roles is None or bool(access.roles & person.roles))
