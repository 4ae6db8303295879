"""An urgent publication stays when the time of another comes, and what waits can be taken back before its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.store import Store
from prompts import drafts
from prompts.carrying import Clash, Plan, carry_out, plan, take_back, waiting, without
from prompts.contents import Spot, contents
from prompts.editions import Publication, current, files_of, publish, published
from prompts.errors import Overtaken

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = {"en/prompts.yaml": "a: one\nb: two\nc: three\n"}


def saying(**texts: str) -> dict[str, str]:
    own = {"a": "one", "b": "two", "c": "three", **texts}
    return {"en/prompts.yaml": "".join(f"{key}: {text}\n" for key, text in own.items())}


def put(store: Store, files: dict[str, str], hours: float = 0, *, now: datetime = NOW, ours: bool = False) -> Plan:
    at = now + hours * HOUR if hours else None
    with store.begin() as session:
        planned = plan(session, now, at, files, FIRST, ours=ours)
        carry_out(session, now, Publication("asha", "words", at), planned)
        return planned


def heard(store: Store, hours: float) -> str:
    """The texts at a moment, in the order of their keys."""
    with store.read() as session:
        found = contents(files_of(session, current(session, NOW + hours * HOUR), FIRST))
    return " ".join(text for spot in sorted(found) for text in found[spot])


def test_what_is_published_urgently_stays_when_the_waiting_edition_begins(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    assert not put(store, saying(b="urgent")).clashes
    assert heard(store, 0) == "one urgent three"
    assert heard(store, 5) == "festival urgent three"


def test_what_is_to_begin_later_has_what_begins_before_it(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    put(store, saying(b="later"), 7)
    put(store, saying(c="between"), 3)
    assert [heard(store, h) for h in (0, 3, 5, 7)] == [
        "one two three", "one two between", "festival two between", "festival later between",
    ]  # fmt: skip


@pytest.mark.parametrize(("ours", "then"), [(False, "festival two three"), (True, "urgent two three")])
def test_where_both_change_the_same_somebody_chooses(store: Store, ours: bool, then: str) -> None:
    put(store, saying(a="festival"), 5)
    planned = put(store, saying(a="urgent"), ours=ours)
    assert planned.clashes == [Clash(1, Spot("prompt", "en", "a"))]
    assert heard(store, 0) == "urgent two three"
    assert heard(store, 5) == then


def test_going_back_keeps_what_waits(store: Store) -> None:
    put(store, saying(b="wrong"))
    put(store, saying(a="festival", b="wrong"), 5)
    put(store, saying())
    assert heard(store, 0) == "one two three"
    assert heard(store, 5) == "festival two three"


def test_what_was_carried_is_named_and_never_counts_again(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    put(store, saying(b="urgent"))
    with store.read() as session:
        rows = {row.id: row for row in published(session)}
        assert [row.id for row in waiting(session, NOW)] == [3]
    assert (rows[1].carried_to, rows[1].withdrawn_by, rows[3].note, rows[3].author) == (3, "asha", "words", "asha")
    assert contents(rows[1].files)[Spot("prompt", "en", "b")] == ("two",)


def test_taking_back_takes_it_out_of_what_comes_later_and_opens_the_draft_again(store: Store) -> None:
    with store.begin() as session:
        draft = drafts.begin(session, NOW, "asha", "Festival", 0).id
    put(store, saying(a="festival"), 5)
    with store.begin() as session:
        drafts.close(session, draft, 1, 1)
    put(store, saying(b="later"), 7)
    put(store, saying(c="urgent"))
    with store.begin() as session:
        first = waiting(session, NOW)[0].id
        take_back(session, NOW, "prem", first, without(session, NOW, first, FIRST))
    assert [heard(store, h) for h in (0, 5, 7)] == ["one two urgent", "one two urgent", "one later urgent"]
    with store.read() as session:
        assert drafts.find(session, draft).name == "Festival"


def test_what_counts_or_was_taken_back_cannot_be_taken_back(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    with store.begin() as session:
        planned = without(session, NOW, 1, FIRST)
        take_back(session, NOW, "prem", 1, planned)
    for edition in (1, 2, 99):
        with store.begin() as session, pytest.raises(Overtaken):
            without(session, NOW, edition, FIRST)
    put(store, saying(a="festival"), 5)
    with store.begin() as session, pytest.raises(Overtaken):
        without(session, NOW + 6 * HOUR, 2, FIRST)
    assert heard(store, 6) == "festival two three"


def test_a_plan_does_not_hold_when_somebody_published_meanwhile_or_its_time_came(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    with store.begin() as session:
        planned = plan(session, NOW, None, saying(b="urgent"), FIRST)
        publish(session, NOW, Publication("prem", "quick"), saying(c="quick"))
    for now in (NOW, NOW + 6 * HOUR):
        with pytest.raises(Overtaken), store.begin() as session:
            carry_out(session, now, Publication("asha", "words"), planned)
    assert heard(store, 0) == "one two quick"
