"""What was done about missed sentences: who made phrases of them in which draft, or passed them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.errors import StaleState
from models.drafts import Draft
from models.editions import Edition
from models.misses import HandledMiss

ASSIGNED, IGNORED = "assigned", "ignored"
Place = tuple[str, str]
"""A question, and the hash of a sentence."""


@dataclass(frozen=True)
class Mark:
    """What was done about a sentence. `open` says whether the draft is still being worked on, `from_at` from when on
    its phrases count (None: they do not yet, or never will)."""

    id: int
    state: str
    target: str
    draft: int | None
    by: str
    at: datetime
    open: bool
    from_at: datetime | None

    def covers(self, started_at: datetime) -> bool:
        """Whether it settles what was missed in a conversation that began at `started_at`. A sentence that is missed
        although its phrase is published comes back, and so does one whose draft was thrown away."""
        if self.state == IGNORED or self.open:
            return True
        return self.from_at is not None and started_at < self.from_at


@dataclass(frozen=True)
class Deed:
    """What is done: `state`, and where it is assigned the list of phrases (`target`) and the draft."""

    state: str
    target: str = ""
    draft: int | None = None


def marks(session: Session) -> Mapping[Place, Mark]:
    """All that was done."""
    query = (
        select(HandledMiss, Draft.id, Draft.published_as, Edition.from_at)
        .outerjoin(Draft, HandledMiss.draft_id == Draft.id)
        .outerjoin(Edition, Draft.published_as == Edition.id)
    )
    return {
        (row.node, row.sentence): Mark(row.id, row.state, row.target, row.draft_id, row.handled_by, row.handled_at,
                                       draft is not None and published is None, from_at)
        for row, draft, published, from_at in session.execute(query)
    }  # fmt: skip


def mark(session: Session, now: datetime, by: str, deed: Deed, fresh: Mapping[Place, Mark | None]) -> None:
    """Do it for sentences, each with the mark that was seen of it (None: there was none). Raises StaleState when
    somebody else has dealt with one of them meanwhile."""
    _forget(session, [seen.id for seen in fresh.values() if seen])
    rows = [
        HandledMiss(node=node, sentence=sentence, state=deed.state, target=deed.target, draft_id=deed.draft,
                    handled_at=now, handled_by=by)
        for node, sentence in sorted(fresh)
    ]  # fmt: skip
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError:
        raise StaleState("a missed sentence") from None


def take_back(session: Session, places: Iterable[Place]) -> Sequence[Place]:
    """What was done about these sentences does not count any more; returns those of which something was."""
    known = marks(session)
    found = [place for place in places if place in known]
    _forget(session, [known[place].id for place in found])
    return found


def _forget(session: Session, ids: Sequence[int]) -> None:
    if ids:
        session.execute(delete(HandledMiss).where(HandledMiss.id.in_(ids)))
