"""Conversations are played with a draft: what must end a certain way is an error, what is said otherwise a doubt."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import main
from ivr.helpline import PROMPTS
from ivr.trials import keeping
from ivr.trials.beside import Rehearsals
from ivr.trials.rehearsal import CONVERSATIONS, Fault, Faults, rehearse
from models.store import Store
from models.trials import Trial
from prompts import folder
from prompts.contents import Spot
from prompts.errors import PromptError
from prompts.filing import filed
from tests.console.accounts.house import START

SOME = ("en/plain-booking", "hi/plain-booking", "hi/keys-booking")


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """A few of the conversations."""
    root = tmp_path / "conversations"
    for name in SOME:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONVERSATIONS / f"{name}.yaml", root / f"{name}.yaml")
    return root


def with_changes(changes: dict[Spot, tuple[str, ...]]) -> dict[str, str]:
    return filed(folder.texts(PROMPTS), changes)


def test_the_products_own_prompts_have_no_fault(some: Path) -> None:
    steps: list[tuple[int, int]] = []
    assert rehearse(folder.texts(PROMPTS), lambda *step: steps.append(step), some) == Faults((), ())
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_what_is_said_in_other_words_is_a_doubt_once_and_no_error(some: Path) -> None:
    found = rehearse(with_changes({Spot("prompt", "hi", "bye.booked"): ("अलविदा।",)}), root=some)
    assert not found.errors
    assert {(d.wanted, d.also) for d in found.doubts} == {("धन्यवाद", 0), ("मितान आपके घर", 0)}
    assert "अलविदा" in found.doubts[0].heard


def test_a_conversation_that_comes_to_no_booking_is_named_with_its_turn(some: Path) -> None:
    stolen = ("i need an income certificate", "goodbye")
    (error,) = rehearse(with_changes({Spot("phrases", "en", "commands.goodbye"): stolen}), root=some).errors
    assert error.file == "en/plain-booking"
    assert "outcome is goodbye, expected booked" in error.told
    assert (error.turn, error.wanted) == (3, "which city")
    assert error.heard == "Thank you for calling. Goodbye."
    assert error.act == "bilaspur please"


def test_files_that_cannot_be_used_at_all_are_refused(some: Path) -> None:
    with pytest.raises(PromptError):
        rehearse({**folder.texts(PROMPTS), "hi/prompts.yaml": "a: [1, {"}, root=some)


def trial(store: Store, files: dict[str, str]) -> int:
    with store.begin() as session:
        row = Trial(draft_id=1, version=1, made_at=START, files=files, errors=[], doubts=[])
        session.add(row)
        session.flush()
        return row.id


def stands(store: Store, id: int) -> Trial:
    with store.read() as session:
        return session.get_one(Trial, id)


def test_only_one_plays_at_a_time_and_who_died_does_not_block_for_ever(store: Store) -> None:
    id = trial(store, {})
    with store.begin() as session:
        assert keeping.claim(session, START, id)
    with store.begin() as session:
        assert not keeping.claim(session, START, id)
        assert keeping.claim(session, START + keeping.LONGEST + timedelta(seconds=1), id)
    fault = Fault("hi/x", "X", ("no booking was made",))
    keeping.progress(store, id, 3, 9)
    assert (stands(store, id).done, stands(store, id).passed) == (3, False)
    keeping.ended(store, START, id, Faults((fault,), ()))
    assert not stands(store, id).passed
    assert stands(store, id).errors[0]["file"] == "hi/x"
    keeping.broke(store, START, id, "late")
    assert not stands(store, id).broken
    with store.begin() as session:
        assert keeping.claim(session, START, id)
    keeping.ended(store, START, id, Faults((), ()))
    assert stands(store, id).passed


def until(so: Callable[[], bool], tries: int = 5600) -> None:
    for _ in range(tries):
        if so():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ((sys.executable, "-c", "import sys; sys.exit('Error: no disk')"), "Error: no disk"),
        ((sys.executable, "-c", "import sys; sys.exit(3)"), "ended with 3"),
        (("/nothing/here",), "No such file"),
    ],
)
def test_a_process_that_fails_leaves_its_reason(sqlite_store: Store, command: tuple[str, ...], why: str) -> None:
    id = trial(sqlite_store, {})
    Rehearsals(sqlite_store, "sqlite:///x", lambda: START, command).begin(id)
    until(lambda: stands(sqlite_store, id).ended_at is not None)
    assert why in stands(sqlite_store, id).broken
    assert not stands(sqlite_store, id).passed


@pytest.mark.timeout(300)
def test_all_conversations_are_played_in_a_process_of_their_own(sqlite_store: Store) -> None:
    id = trial(sqlite_store, folder.texts(PROMPTS))
    url = sqlite_store.engine.url.render_as_string(hide_password=False)
    Rehearsals(sqlite_store, url, lambda: START).begin(id)
    until(lambda: stands(sqlite_store, id).ended_at is not None)
    found = stands(sqlite_store, id)
    assert found.broken == ""
    assert found.passed, found.errors
    assert found.done == found.number > 100


def test_the_command_plays_them_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Fault("hi/x", "X", ("no booking was made",), 3, "धन्यवाद", "नमस्ते", also=2)
    monkeypatch.setattr("ivr.commands.check.rehearse", lambda files: Faults((fault,), ()))
    done = CliRunner().invoke(main, ["check", "--conversations"])
    assert done.exit_code == 1
    assert "dialogs/conversations/hi/x.yaml: no booking was made; turn 3: 'धन्यवाद' was not heard" in done.output
    assert "(and 2 others)" in done.output
    assert CliRunner().invoke(main, ["check"]).exit_code == 0
