"""The agent's page: its frame; the parts fetch themselves when something changes."""

from __future__ import annotations

from flask import Response

from booking.accounts.roles import AGENT, SUPERVISOR
from console.desk import line, presence
from console.desk.live import listening
from console.desk.parts import show
from ivr.gate import open_to


@open_to(AGENT, SUPERVISOR)
def page() -> Response:
    """The whole page."""
    live = listening()  # first: what changes while the rest is read is fetched again
    return show("page", live=live, **presence.mine(), tasks=line.due(), **line.stands())
