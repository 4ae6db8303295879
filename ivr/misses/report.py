"""What was missed in a span of days and in the one before: groups, counts and the course of the days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from booking.misses.finding import KINDS, Miss, misses
from booking.misses.gathering import talks
from booking.misses.handled import Mark, Place, marks
from booking.zone import ZONE, local_day
from ivr.misses.grouping import Group, groups
from ivr.misses.sentences import digest, language_of, shown

MOST = 1500  # different answers that are kept to be compared with
STATES = ("open", "assigned", "ignored")


@dataclass(frozen=True)
class Wanted:
    """Which misses: of how many `days` up to now, in a `language`, at a question (`node`), of a `kind`, in a `state`
    ("open": nobody has dealt with them). Empty: all."""

    days: int = 7
    language: str = ""
    node: str = ""
    kind: str = ""
    state: str = "open"


@dataclass(frozen=True)
class Answered:
    """A sentence that was said at a question, understood or not, and how often."""

    node: str
    text: str
    count: int


@dataclass(frozen=True)
class Report:
    """`groups` are those wanted. Of all misses, whatever was done about them: `kinds` counts them by kind now and in
    the span before, `course` by day, both spans one after the other; `answers` counts all spoken answers now and
    before. `nodes` are the questions with misses, and how many; `marks` what was done; `said` the most frequent
    answers now."""

    groups: Sequence[Group]
    kinds: Mapping[str, tuple[int, int]]
    course: Sequence[tuple[date, int]]
    answers: tuple[int, int]
    nodes: Mapping[str, int]
    marks: Mapping[Place, Mark]
    said: Sequence[Answered]

    @property
    def count(self) -> tuple[int, int]:
        """All misses now and before."""
        return sum(now for now, _ in self.kinds.values()), sum(before for _, before in self.kinds.values())

    def find(self, node: str, hash: str) -> Group | None:
        """The group with a sentence."""
        return next((g for g in self.groups if g.node == node and any(s.hash == hash for s in g.sentences)), None)


def report(session: Session, now: datetime, wanted: Wanted, nodes: Collection[str]) -> Report:
    """The report; only answers to the questions `nodes` are looked at."""
    since, first = _spans(now, wanted.days)
    every: list[Miss] = []
    said: Counter[tuple[str, str]] = Counter()
    earlier = 0
    for talk in talks(session, first, now):
        every += (miss for miss in misses(talk) if miss.node in nodes)
        spoken = [(a.node, a.text) for a in talk.answers if a.spoken and a.node in nodes]
        earlier += len(spoken) if talk.started_at < since else 0
        said.update(spoken if talk.started_at >= since else ())
    done = marks(session)
    chosen = [miss for miss in every if _wanted(miss, wanted) and _state(miss, done) == wanted.state]
    return Report(
        groups=groups(chosen, since),
        kinds={kind: _counted(every, since, kind) for kind in KINDS},
        course=_course(every, local_day(first), local_day(now)),
        answers=(said.total(), earlier),
        nodes=dict(Counter(miss.node for miss in every if miss.started_at >= since).most_common()),
        marks=done,
        said=[Answered(node, shown(text), count) for (node, text), count in said.most_common(MOST)],
    )


def _spans(now: datetime, days: int) -> tuple[datetime, datetime]:
    """The beginnings of the span, which has whole days and today, and of the one before it."""
    today = datetime.combine(local_day(now), time(), ZONE)
    since = today - timedelta(days=days - 1)
    return since, since - timedelta(days=days)


def _wanted(miss: Miss, wanted: Wanted) -> bool:
    pairs = ((miss.node, wanted.node), (miss.kind, wanted.kind), (language_of(miss.text), wanted.language))
    return all(not asked or found == asked for found, asked in pairs)


def _state(miss: Miss, done: Mapping[Place, Mark]) -> str:
    mark = done.get((miss.node, digest(shown(miss.text))))
    return mark.state if mark and mark.covers(miss.started_at) else "open"


def _counted(every: Sequence[Miss], since: datetime, kind: str) -> tuple[int, int]:
    found = [miss.started_at >= since for miss in every if miss.kind == kind]
    return sum(found), len(found) - sum(found)


def _course(every: Sequence[Miss], first: date, last: date) -> list[tuple[date, int]]:
    counted = Counter(local_day(miss.started_at) for miss in every)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, counted[day]) for day in days]
