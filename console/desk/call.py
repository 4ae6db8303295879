"""A call that an agent may see, for all views about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from booking.accounts.roles import SUPERVISOR
from booking.desk.changes import load
from booking.errors import NotFound
from console.deps import deps
from console.desk.parts import me
from console.person import person
from models.presence import Presence
from models.queue import Handoff


@dataclass(frozen=True)
class Call:
    """A call that whoever asks may see, in an open session."""

    session: Session
    row: Handoff
    presence: Presence | None

    @property
    def mine(self) -> bool:
        """Whether it is this agent's call, so that its end is his to write."""
        return self.row.agent == me()


@contextmanager
def seen_by_me(handoff: int) -> Iterator[Call]:
    """The call: of the agent who has it, had it last or is asked into it; supervisors see all. Others are refused."""
    with deps().store.read() as session:
        try:
            row = load(session, handoff)
        except NotFound:
            abort(404)
        presence = session.get(Presence, me())
        inside = presence is not None and presence.handoff_id == row.id
        if not (inside or row.agent == me() or SUPERVISOR in person().roles):
            abort(403)
        yield Call(session, row, presence)
