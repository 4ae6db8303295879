"""The page of one conversation, and its parts that follow it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk import talks
from booking.errors import NotFound
from console.deps import deps
from console.desk.conversation.parts import show
from console.desk.live import listening
from console.desk.parts import names
from ivr.gate import open_to

LARGEST = 2**31 - 1


@open_to(AGENT, SUPERVISOR, seen="conversation")
def one(id: str) -> Response:
    """The whole page."""
    live = listening()  # first: what changes while the rest is read is fetched again
    return show("page", live=live, **known(id))


@open_to(AGENT, SUPERVISOR, idle=True)
def said(id: str) -> Response:
    """What was said since turn `?after=`, to be added to the page."""
    after = min(max(request.args.get("after", 0, type=int), 0), LARGEST)
    try:
        with deps().store.read() as session:
            return show("news", id=id, after=after, news=talks.news(session, id, after))
    except NotFound:
        abort(404)


@open_to(AGENT, SUPERVISOR, idle=True)
def about(id: str) -> Response:
    """What is known about it by now."""
    return show("about", **known(id))


def known(id: str) -> dict[str, Any]:
    """The conversation for its templates; answers 404 where there is none."""
    try:
        with deps().store.read() as session:
            talk = talks.talk(session, id)
            return {"talk": talk, "agents": names(session, (h.agent for h in talk.handoffs))}
    except NotFound:
        abort(404)
