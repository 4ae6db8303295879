"""Every script of hi/ and en/ as a whole call: as text, taken up anew before every turn, and some on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.trials.rehearsal import CONVERSATIONS
from tests.calls.conftest import Town
from tests.calls.hooks import ByKeys
from tests.calls.player import Talking, play, script_of, scripts, start_of, told

ALL = [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in scripts()]


POSTGRES = (
    "hi/all-in-one-sentence hi/lost-hold hi/agent-at-night en/keys-booking hi/track-several hi/track-complaint hi/move "
    "hi/move-by-proof hi/move-somebody-was-quicker hi/outsider-three-wrong-tries hi/cancel hi/executive-late "
    "hi/complaint-corrected hi/complaint-opened-again hi/appeal-refused hi/feedback-with-note hi/documents-by-message "
    "hi/waiting-list-when-full hi/freed-seat-taken hi/keys-freed-seat-left en/appeal-out-of-time"
).split()


def _played(path: Path, town: Town, *, fresh: bool = False) -> None:
    script = script_of(path)
    helpline, clock = town(start_of(script))
    played = play(script, helpline.store, clock, Talking(helpline, script, fresh=fresh))
    assert not played.problems, "\n".join([*played.problems, "", told(played)["call"]])


@pytest.mark.parametrize("path", ALL)
def test_a_call_as_text_ends_in_the_expected_rows(path: Path, town: Town) -> None:
    _played(path, town)


@pytest.mark.parametrize("path", ALL)
def test_a_call_that_another_process_takes_up_before_every_turn_ends_alike(path: Path, town: Town) -> None:
    _played(path, town, fresh=True)


@pytest.mark.parametrize("name", POSTGRES)
def test_a_call_ends_alike_on_postgresql(name: str, postgres_town: Town) -> None:
    _played(CONVERSATIONS / f"{name}.yaml", postgres_town)


@pytest.mark.parametrize("path", [p for p in ALL if "keys-" in str(p.id)])
def test_a_call_by_keys_through_the_webhooks_ends_alike(path: Path, town: Town) -> None:
    script = script_of(path)
    helpline, clock = town(start_of(script))
    played = play(script, helpline.store, clock, ByKeys(helpline, script))
    assert not played.problems, "\n".join([*played.problems, "", told(played)["call"]])


@pytest.mark.parametrize("path", [p for p in ALL if "keys-" in str(p.id)])
def test_webhooks_that_come_twice_change_nothing_more(path: Path, town: Town) -> None:
    script = script_of(path)
    helpline, clock = town(start_of(script))
    played = play(script, helpline.store, clock, ByKeys(helpline, script, twice=True))
    assert not played.problems, "\n".join([*played.problems, "", told(played)["call"]])
