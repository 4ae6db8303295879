"""The agents' forms over a store with the small town, without calls; short ways to fill them in."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from booking.desk.line import Entry, enter
from booking.desk.rules import DeskRules
from booking.notices import notices
from booking.rules import VisitRules
from console.desk.conversation import routes as conversation
from console.desk.forms.deps import FormsDeps
from console.desk.forms.routes import mount
from models.areas import Area
from models.catalogue import CityRow
from models.store import Store
from models.voice_notes import VoiceNote
from tests.booking.town import found_town
from tests.console.accounts.house import START, Browser, Clock, account, application

RULES = VisitRules(seats=1)
FRAGMENT = {"HX-Request": "true"}
FILLED = {
    "task": "book",
    "service": "domicile_certificate",
    "city": "raipur",
    "date": "2026-11-25",
    "slot": "2026-11-25T11:00:00",
    "pin": "492001",
    "note": "n1",
}


def office(store: Store, clock: Clock) -> Flask:
    """The pages with the forms, as one server process has them."""
    flask = application(store, clock)
    flask.register_blueprint(conversation.blueprint())
    mount(flask, FormsDeps(RULES, notices(), lambda language, id: f"{id} ({language})"))
    return flask


def furnished(store: Store) -> None:
    """A town with a parted city, and two agents."""
    found_town(store)
    with store.begin() as session:
        session.add(CityRow(id="bhilai", hi="भिलाई", en="Bhilai", also=[], position=2))
        session.flush()
        session.add_all(
            Area(id=f"bhilai_{n}", city_id="bhilai", hi=f"वार्ड {n}", en=f"Ward {n}", places=[], pins=[f"49000{n}"])
            for n in (1, 2)
        )
    account(store, "ravi", name="रवि वर्मा")
    account(store, "gita", name="गीता साहू")


def handed(store: Store, conversation: str = "c1", filled: dict[str, Any] | None = None, **changes: Any) -> int:
    """A caller who is handed over, with a voice note; the number of the handoff."""
    values = {"caller": "+919812345615", "language": "hi", "summary": FILLED if filled is None else filled, **changes}
    with store.begin() as session:
        note = {"id": f"n{conversation[1:]}", "conversation_id": conversation, "created_at": START}
        session.add(VoiceNote(**note, audio=b"\xff" * 8000, seconds=1.0, text=""))
        return enter(session, START - timedelta(minutes=1), DeskRules(), Entry(conversation, "CA1", **values)).id


def signed_in(flask: Flask, login: str = "ravi") -> Browser:
    browser = Browser(flask)
    assert browser.sign_in(login).status_code == 303
    return browser


def text(answer: TestResponse) -> str:
    """What a page says, without its tags."""
    bare = re.sub(r"<(script|style).*?</\1>", "", answer.get_data(as_text=True), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))


def value(answer: TestResponse, name: str) -> str:
    """What stands in a field, a chosen option or a checked choice."""
    page = answer.get_data(as_text=True)
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"[^>]*checked', page)
    found = found or re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)</textarea>', page)
    chosen = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    if chosen:
        found = re.search(r'<option value="([^"]*)" selected', chosen[0])
    elif not found:
        found = re.search(rf'<input(?![^>]*type="(?:radio|checkbox)")[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def form(answer: TestResponse, *names: str) -> dict[str, str]:
    """The hidden fields of a page, to be sent with what is typed."""
    return {name: value(answer, name) for name in names or ("version", "event")}


def problems(answer: TestResponse) -> set[str]:
    """The fields beside which something is said to be wrong."""
    return set(re.findall(r'id="\w+?-(\w+)-wrong"', answer.get_data(as_text=True)))
