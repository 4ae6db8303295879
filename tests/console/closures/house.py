"""The calendar's pages over a small town, without calls."""

from __future__ import annotations

import html
import re

from flask import Flask

from booking.hours import AgentHours
from booking.notices import notices
from console.closures import deps, routes
from console.closures.deps import CalendarDeps
from models.areas import Area
from models.store import Store
from tests.booking.town import RULES, at, books, found_town, holds, order
from tests.console.accounts.house import Browser, Clock, application, everybody

HOME, HOURS, AGENTS = "/admin/calendar", "/admin/calendar/hours", "/admin/calendar/agents"
THURSDAY = "2026-11-26"


def furnished(store: Store, clock: Clock) -> Flask:
    """Raipur and Durg, which has two areas; Esha edits, Prem publishes."""
    everybody(store)
    found_town(store)
    with store.begin() as session:
        for n, (name, hindi) in enumerate((("East", "पूर्व"), ("West", "पश्चिम"))):
            session.add(Area(id=name.lower(), city_id="durg", hi=hindi, en=name, places=[], pins=[], position=n))
    flask = application(store, clock)
    deps.install(flask, CalendarDeps(RULES, AgentHours(8, 20), notices()))
    flask.register_blueprint(routes.blueprint())
    return flask


def booked(store: Store, number: int = 2) -> list[str]:
    """Bookings in Raipur on Thursday at ten."""
    made = []
    for n in range(number):
        what = order(f"c{n}", at(26, 10), mobile=f"981234560{n}")
        holds(store, f"c{n}", at(26, 10), now=Clock().now())
        made.append(books(store, what, Clock().now()).number)
    return made


def closing(**fields: str) -> dict[str, str]:
    """The form that closes Thursday in Raipur."""
    return {"day": THURSDAY, "city": "raipur", "calendar": "visits", "reason": "चुनाव", **fields}


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the last form of a page, without its token."""
    form = text[text.rindex("<form") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def closed(browser: Browser, then: str = "move", **fields: str) -> str:
    """Close Thursday after a look at what it touches; the page that says so."""
    asked = browser.post(HOME, **closing(**fields))
    assert asked.status_code == 409, asked.text
    answer = browser.post(HOME, **hidden(asked.text), then=then)
    assert answer.status_code == 303, answer.text
    return browser.get(HOME).text
