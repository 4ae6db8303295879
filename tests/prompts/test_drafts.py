"""Drafts are shared, and nobody overwrites what somebody else has changed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from models.store import Store
from prompts.contents import Spot
from prompts.drafts import Change, begin, changes, close, entries, find, open_ones, put, sizes, throw_away
from prompts.errors import DraftOver, Overtaken, TextError
from prompts.rebasing import both_changed, move_on

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
GREETING, HINDI = Spot("prompt", "en", "help.ask"), Spot("prompt", "hi", "help.ask")


def drafted(store: Store, name: str = "Diwali") -> int:
    with store.begin() as session:
        return begin(session, NOW, "asha", name, 0).id


def change(store: Store, draft: int, seen: int, text: str | None, spot: Spot = GREETING, who: str = "asha") -> None:
    with store.begin() as session:
        put(session, NOW, who, draft, Change(spot, None if text is None else (text,), seen))


def stands(store: Store, draft: int) -> dict[Spot, tuple[str, ...]]:
    with store.read() as session:
        return changes(session, draft)


def test_a_draft_holds_only_what_differs(store: Store) -> None:
    draft = drafted(store)
    change(store, draft, 0, "Hello")
    change(store, draft, 0, "नमस्ते", HINDI)
    change(store, draft, 1, "Good morning")
    change(store, draft, 1, None, HINDI)
    assert stands(store, draft) == {GREETING: ("Good morning",)}
    with store.read() as session:
        assert sizes(session) == {draft: 1}


def test_who_has_not_seen_the_others_change_cannot_overwrite_it(store: Store) -> None:
    draft = drafted(store)
    change(store, draft, 0, "Hello")
    for seen in (0, 2, 7):
        with pytest.raises(Overtaken):
            change(store, draft, seen, "Hi", who="ravi")
    assert stands(store, draft) == {GREETING: ("Hello",)}
    change(store, draft, 1, "Hi", who="ravi")
    with store.read() as session:
        assert entries(session, draft)[GREETING].changed_by == "ravi"


def test_a_change_taken_back_and_made_again_is_not_taken_for_the_one_that_was_seen(store: Store) -> None:
    draft = drafted(store)
    change(store, draft, 0, "Hello")
    change(store, draft, 1, None, who="ravi")
    change(store, draft, 2, "Welcome", who="ravi")
    with pytest.raises(Overtaken):
        change(store, draft, 1, "Hi")


def test_of_many_at_once_one_wins_and_the_others_are_told(store: Store) -> None:
    draft = drafted(store)

    def attempt(n: int) -> bool:
        try:
            change(store, draft, 0, f"text {n}")
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


def test_different_prompts_of_a_draft_are_changed_side_by_side(store: Store) -> None:
    draft = drafted(store)
    spots = [Spot("prompt", "en", f"key.n{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda spot: change(store, draft, 0, "text", spot), spots))
    assert stands(store, draft).keys() == set(spots)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "diwali", "DIWALI "])
def test_a_draft_has_a_name_of_its_own(store: Store, name: str) -> None:
    drafted(store)
    with pytest.raises(TextError) as refused:
        drafted(store, name)
    assert refused.value.code in ("name_form", "name_taken")


def test_a_published_draft_changes_no_more(store: Store) -> None:
    draft = drafted(store)
    change(store, draft, 0, "Hello")
    with store.begin() as session, pytest.raises(Overtaken):
        close(session, draft, 1, 5)  # a change came after the look
    with store.begin() as session:
        close(session, draft, 2, 5)
    for deed in (lambda: change(store, draft, 1, "Hi"), lambda: thrown_away(store, draft)):
        with pytest.raises(DraftOver):
            deed()
    with store.read() as session:
        assert open_ones(session) == []
    drafted(store)  # its name is free again


def thrown_away(store: Store, draft: int) -> None:
    with store.begin() as session:
        throw_away(session, draft)


def test_a_draft_that_was_thrown_away_is_gone(store: Store) -> None:
    draft = drafted(store)
    change(store, draft, 0, "Hello")
    thrown_away(store, draft)
    with store.read() as session, pytest.raises(DraftOver):
        find(session, draft)
    assert stands(store, draft) == {}
    with pytest.raises(DraftOver):
        change(store, draft, 0, "Hello")


def test_moved_on_to_a_newer_edition_a_draft_keeps_what_is_still_different(store: Store) -> None:
    draft = drafted(store)
    gone = Spot("prompt", "en", "gone.ask")
    for spot in (GREETING, HINDI, gone):
        change(store, draft, 0, "mine", spot)
    old = {GREETING: ("a",), HINDI: ("a",), gone: ("a",)}
    new = {GREETING: ("mine",), HINDI: ("theirs",)}
    assert both_changed(stands(store, draft), old, new) == [HINDI, gone]
    with store.begin() as session:
        move_on(session, NOW, "asha", find(session, draft), (3, new))
    with store.read() as session:
        assert find(session, draft).based_on == 3
    assert stands(store, draft) == {HINDI: ("mine",)}
