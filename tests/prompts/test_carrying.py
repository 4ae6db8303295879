"""An urgent publication stays when the time of another comes, and what waits can be taken back before its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.store import Store
from prompts import drafts
from prompts.body import Body
from prompts.carrying import Clash, Plan, carry_out, plan, take_back, waiting, without
from prompts.contents import Spot, contents
from prompts.editions import Publication, body_of, current, publish, published
from prompts.errors import Overtaken

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = {"en/prompts.yaml": "a: one\nb: two\nc: three\n"}


def saying(**texts: str) -> Body:
    own = {"a": "one", "b": "two", "c": "three", **texts}
    return Body({"en/prompts.yaml": "".join(f"{key}: {text}\n" for key, text in own.items())})


def playing(body: Body, *keys: str) -> Body:
    """The same with recordings of some prompts, each made of the text that stands there."""
    made = {Spot("recording", "en", key): ("0" * 63 + key, *body.every[Spot("prompt", "en", key)]) for key in keys}
    return Body(body.files, made)


def put(store: Store, body: Body, hours: float = 0, *, now: datetime = NOW, ours: bool = False) -> Plan:
    at = now + hours * HOUR if hours else None
    with store.begin() as session:
        planned = plan(session, now, at, body, FIRST, ours=ours)
        carry_out(session, now, Publication("asha", "words", at), planned)
        return planned


def heard(store: Store, hours: float) -> str:
    """The texts at a moment, in the order of their keys."""
    with store.read() as session:
        found = body_of(session, current(session, NOW + hours * HOUR), FIRST).every
    return " ".join(text for spot in sorted(found) if spot.kind == "prompt" for text in found[spot])


def played(store: Store, hours: float) -> str:
    """The prompts that are recordings at a moment, as the text that was recorded."""
    with store.read() as session:
        found = body_of(session, current(session, NOW + hours * HOUR), FIRST).recordings
    return " ".join(found[spot][1] for spot in sorted(found))


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
        publish(session, NOW, Publication("prem", "quick"), saying(c="quick").files)
    for now in (NOW, NOW + 6 * HOUR):
        with pytest.raises(Overtaken), store.begin() as session:
            carry_out(session, now, Publication("asha", "words"), planned)
    assert heard(store, 0) == "one two quick"


def test_an_urgent_recording_is_played_by_the_waiting_edition_too(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    assert not put(store, playing(saying(), "b")).clashes
    assert (played(store, 0), played(store, 5)) == ("two", "two")
    assert heard(store, 5) == "festival two three"


def test_an_urgent_text_leaves_the_waiting_edition_its_recordings(store: Store) -> None:
    put(store, playing(saying(), "a"), 5)
    assert not put(store, saying(b="urgent")).clashes
    assert (played(store, 0), played(store, 5), heard(store, 5)) == ("", "one", "one urgent three")


@pytest.mark.parametrize(("ours", "then"), [(False, ("festival", "festival")), (True, ("one", "one"))])
def test_where_both_record_the_same_prompt_somebody_chooses(store: Store, ours: bool, then: tuple[str, str]) -> None:
    put(store, playing(saying(a="festival"), "a"), 5)
    planned = put(store, playing(saying(), "a"), ours=ours)
    assert planned.clashes == [Clash(1, Spot("recording", "en", "a"))]
    assert (played(store, 5), heard(store, 5).split()[0]) == then


@pytest.mark.parametrize(("ours", "then"), [(False, ("one", "one")), (True, ("", "urgent"))])
def test_a_new_text_and_a_new_recording_of_the_old_one_cannot_both_be_heard(
    store: Store, ours: bool, then: tuple[str, str]
) -> None:
    put(store, playing(saying(), "a"), 5)
    planned = put(store, saying(a="urgent"), ours=ours)
    assert planned.clashes == [Clash(1, Spot("prompt", "en", "a"))]
    assert (played(store, 5), heard(store, 5).split()[0]) == then


def test_a_recording_that_says_the_new_text_clashes_with_nothing(store: Store) -> None:
    put(store, saying(a="festival"), 5)
    recorded = playing(saying(a="festival"), "a")
    assert not put(store, recorded).clashes
    assert (played(store, 0), played(store, 5)) == ("festival", "festival")


def test_taking_back_takes_the_recordings_back_too(store: Store) -> None:
    put(store, playing(saying(), "a"), 5)
    put(store, playing(saying(b="later"), "b"), 7)
    with store.begin() as session:
        take_back(session, NOW, "prem", 1, without(session, NOW, 1, FIRST))
    assert [played(store, h) for h in (0, 5, 7)] == ["", "", "later"]


def test_a_first_list_of_phrases_for_a_service_is_carried(store: Store) -> None:
    first = {**FIRST, "en/phrases.yaml": "services:\n  pan: [pan]\n"}
    spot = Spot("phrases", "en", "services.ration")
    with store.begin() as session:
        later = Publication("asha", "words", NOW + HOUR)
        carry_out(session, NOW, later, plan(session, NOW, later.from_at, Body({**first, **saying(a="x").files}), first))
        body = Body(first).changed({spot: ("ration card",)})
        carry_out(session, NOW, Publication("asha", "urgent"), plan(session, NOW, None, body, first))
        (row,) = waiting(session, NOW)
        assert body_of(session, row.id, first).every[spot] == ("ration card",)
