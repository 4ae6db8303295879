"""Which queues an agent takes: said by whoever runs the desk, and true from the next offer on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking import audit
from booking.accounts import people
from booking.audit import Deed, Who
from booking.desk.presence import Post, come
from booking.errors import Conflict
from models.presence import Presence


@dataclass(frozen=True)
class Choice:
    """The queues that `agent` (the account's id) is to take, none: all. `known` are those that whoever chooses has
    seen, `languages` what an agent takes who was never at the desk yet."""

    agent: str
    known: Sequence[str]
    queues: Sequence[str]
    languages: Sequence[str]


def taken(session: Session, agent: str) -> list[str]:
    """The queues that the agent takes; none: all."""
    row = session.get(Presence, agent)
    return list(row.queues) if row else []


def choose(session: Session, now: datetime, who: Who, choice: Choice) -> None:
    """Let the agent take these queues; a call that rings or is on stays. Raises NotFound (account), Conflict (somebody
    else has chosen since)."""
    account = people.one(session, choice.agent)
    row = session.get(Presence, account.id, with_for_update=True, populate_existing=True)
    before = list(row.queues) if row else []
    if before != list(choice.known):
        raise Conflict(f"queues of {account.login}: {before}")
    if before == list(choice.queues):
        return
    if row is None:
        come(session, now, account.id, Post(choice.languages))
    # Not a change of the row's version: it must not disturb an offer that is under way.
    new = update(Presence).where(Presence.agent == account.id).values(queues=list(choice.queues))
    session.execute(new.execution_options(synchronize_session="fetch"))
    shown = {"queues": before or "all"}, {"queues": list(choice.queues) or "all"}
    audit.note(session, now, who, Deed("account.queues", people.subject(account), *shown))
