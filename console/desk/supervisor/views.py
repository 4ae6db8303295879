"""The supervisor's page and the parts of it that are fetched anew."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from booking.accounts.roles import SUPERVISOR
from booking.desk.figures import total
from booking.desk.moment import calls_now, now_at, number_now
from console.deps import deps
from console.desk.conversation.views import known
from console.desk.deps import desk
from console.desk.live import listening
from console.desk.parts import names
from console.desk.queues import names as queues
from console.desk.supervisor.chart import columns, parts
from console.desk.supervisor.listen import listened
from console.desk.supervisor.parts import day, show
from ivr.gate import open_to


@open_to(SUPERVISOR)
def page() -> Response:
    """The whole page; `?call=` shows a conversation beside."""
    live = listening()  # first: what changes while the rest is read is fetched again
    chosen = request.args.get("call", "")
    beside = {**known(chosen), **listened(chosen)} if chosen else {"talk": None}
    return show("page", live=live, **_stands(), **_calls(), **_day(), **beside)


@open_to(SUPERVISOR, idle=True)
def stands() -> Response:
    """How the desk stands: who waits, who talks, the agents."""
    return show("stands", **_stands())


@open_to(SUPERVISOR, idle=True)
def agents() -> Response:
    """The agents."""
    return show("agents", **_stands())


@open_to(SUPERVISOR, idle=True)
def calls() -> Response:
    """The calls that go on."""
    return show("calls", **_calls())


@open_to(SUPERVISOR, idle=True)
def today() -> Response:
    """The figures of today."""
    return show("today", **_day())


@open_to(SUPERVISOR, idle=True)
def hours() -> Response:
    """The figures by hour."""
    return show("hours", **_day())


@open_to(SUPERVISOR, seen="conversation")
def call(id: str) -> Response:
    """A conversation beside the list."""
    return show("call", **known(id), **listened(id))


def _stands() -> dict[str, Any]:
    with deps().store.read() as session:
        found = now_at(session, deps().now())
        people = names(session, (a.agent for a in found.agents))
    with_caller = {r.agent: r.conversation_id for r in found.talking}
    return {"moment": found, "people": people, "with_caller": with_caller, "queues": queues()}


def _calls() -> dict[str, Any]:
    now = deps().now()
    with deps().store.read() as session:
        found, number = calls_now(session, now), number_now(session, now)
        people = names(session, (c.handoff.agent for c in found if c.handoff))
    return {"going": found, "more": number - len(found), "callers": people}


def _day() -> dict[str, Any]:
    with deps().store.read() as session:
        found = day().by_hour(session, deps().now(), desk().rules)
    return {"hours": found, "sum": total(found), "columns": columns(found), "parts_of": parts}
