"""One thing has one word on all pages of the desk: card, forms, lists and supervision say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

DESK = Path(__file__).parents[3] / "console/desk"
# What a page says for it, and what another one does.
SAME = {
    "stage_": ("forms/words.yaml", "stage_"),
    "cstage_": ("forms/words.yaml", "of_complaint_"),
    "wstate_": ("forms/words.yaml", "of_waiting_"),
    "complaint_": ("forms/words.yaml", "kind_"),
    "outcome_": ("conversation/words.yaml", "outcome_"),
    "break_": ("supervisor/words.yaml", "reason_"),
    "reason_": ("conversation/words.yaml", "reason_"),
}
# Second words for one thing, or another spelling of the same word.
SECOND = ("कार्य-सूची", "मुलाक़ात", "दस्तावेज़", "काग़ज़", "फ़ीस", "स्वीकृत", "टेलीफ़ोन", "इलाक़ा", "बाक़ी", "आवाज़ का संदेश")


def words(path: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((DESK / path).read_text("utf-8"))
    return found


@pytest.mark.parametrize("kind", SAME)
def test_what_can_stand_on_two_pages_is_called_the_same_on_both(kind: str) -> None:
    path, other = SAME[kind]
    here, there = words("words.yaml")["hi"], words(path)["hi"]
    codes = [k.removeprefix(kind) for k in here if k.startswith(kind) and other + k.removeprefix(kind) in there]
    assert codes
    assert {c: here[kind + c] for c in codes} == {c: there[other + c] for c in codes}


@pytest.mark.parametrize("path", sorted(str(p.relative_to(DESK)) for p in DESK.rglob("*.yaml")))
def test_no_page_has_a_second_word_for_a_thing(path: str) -> None:
    said = words(path)["hi"].values()
    assert [(second, text) for second in SECOND for text in said if second in text] == []
