"""Editions in the store: what was published counts from its time on, is never changed, and can be gone back to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.store import Store
from prompts import folder
from prompts.body import Body
from prompts.contents import Spot
from prompts.editions import Beside, Publication, body_of, current, files_of, publish, published
from prompts.errors import PromptError

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILES, OTHER, FIRST = {"hi/prompts.yaml": "a: नमस्ते"}, {"hi/prompts.yaml": "a: राम राम"}, {"hi/prompts.yaml": "a: जोहार"}
WHAT = Publication("asha", "a warmer greeting")


def test_without_a_publication_the_files_of_the_product_count(store: Store) -> None:
    with store.begin() as session:
        assert current(session, NOW) == 0
        assert files_of(session, 0, FIRST) == FIRST
        assert published(session) == []


def test_the_newest_edition_counts_and_the_older_ones_stay(store: Store) -> None:
    with store.begin() as session:
        first = publish(session, NOW, WHAT, FILES).id
        second = publish(session, NOW, WHAT, OTHER).id
    with store.read() as session:
        assert current(session, NOW) == second
        assert files_of(session, first, FIRST) == FILES
        assert [e.id for e in published(session)] == [second, first]


def test_a_publication_of_tomorrow_counts_from_then_on(store: Store) -> None:
    with store.begin() as session:
        now = publish(session, NOW, WHAT, FILES).id
        later = publish(session, NOW, Publication("asha", "festival", NOW + HOUR), OTHER).id
        assert current(session, NOW) == now
        assert current(session, NOW + HOUR) == later
        urgent = publish(session, NOW + HOUR / 2, WHAT, FILES).id
        assert current(session, NOW + HOUR / 2) == urgent
        assert current(session, NOW + HOUR) == later


def test_an_edition_has_its_files_and_recordings(store: Store) -> None:
    recording = {Spot("recording", "hi", "a"): ("0" * 64, "नमस्ते")}
    with store.begin() as session:
        first = publish(session, NOW, WHAT, FILES, Beside(recording)).id
        assert body_of(session, first, FIRST) == Body(FILES, recording)
        assert body_of(session, 0, FIRST) == Body(FIRST)
        with pytest.raises(PromptError, match="edition 999: there is none"):
            body_of(session, 999, FIRST)


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_a_publication_says_what_for(store: Store, note: str) -> None:
    with store.begin() as session, pytest.raises(PromptError, match="note"):
        publish(session, NOW, Publication("asha", note), FILES)


def test_nothing_is_published_into_the_past(store: Store) -> None:
    with store.begin() as session, pytest.raises(PromptError, match="is past"):
        publish(session, NOW, Publication("asha", "x", NOW - HOUR), FILES)


def test_a_folder_becomes_texts_and_a_folder_again(tmp_path: Path) -> None:
    folder.write({"hi/prompts.yaml": "a: नमस्ते\n", "hi/desk.yaml": "b: आप\n", "en/prompts.yaml": "a: hello\n"}, tmp_path)
    found = folder.texts(tmp_path)
    assert found["hi/desk.yaml"] == "b: आप\n"
    assert sorted(found) == ["en/prompts.yaml", "hi/desk.yaml", "hi/prompts.yaml"]


@pytest.mark.parametrize(
    "name",
    ["../hi/x.yaml", "/etc/x.yaml", "hi/../../x.yaml", "hi/x.py", "x.yaml", "hi/a/x.yaml", "hi\\..\\x.yaml", "hi/.."],
)
def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PromptError, match="no prompt file"):
        folder.write({name: "a: b"}, tmp_path / "edition")
    assert list(tmp_path.rglob("*.*")) == []


def test_a_file_of_a_million_letters_and_a_thousand_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="characters"):
        folder.write({"hi/prompts.yaml": "x" * 1_000_001}, tmp_path)
    with pytest.raises(PromptError, match="files"):
        folder.write({f"hi/{n}.yaml": "a: b" for n in range(1000)}, tmp_path)


def test_a_folder_without_prompts_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="has no prompts"):
        folder.texts(tmp_path)
