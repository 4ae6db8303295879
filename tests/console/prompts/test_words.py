"""The words of the pages of prompts."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from flask import Flask

from console.prompts.meanings import list_name
from console.prompts.parts import WORDS
from dialogs.check import EXPECTS, used_prompts
from dialogs.understand import Meaning
from prompts.contents import contents
from prompts.spoken.forms import FORMS
from prompts.template import RAW
from tests.console.prompts.house import own
from tests.console.wording import CONSOLE, same_in_both, used_and_known

BUILT = "error|form|matter|only|where|lacks|said"
NAMED = "heard|question|verdict|trouble|means|intent|answer|complaint|daypart|vague|spoken"
PAGES = Path(__file__).parents[3] / "console/prompts"

OTHER = {"means_nothing", "means_mobile", "means_address", "means_pin"}  # what a correction names


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    same_in_both(WORDS)


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    used_and_known(WORDS, f"{BUILT}|{NAMED}", [CONSOLE / "prompts"])


def test_every_refusal_form_matter_and_place_has_its_words() -> None:
    codes = set(re.findall(r'TextError\("(\w+)"', "".join(p.read_text("utf-8") for p in _domain())))
    matters = {Path(name).stem for name in own().first}
    needed = {f"error_{c}" for c in codes} | {f"form_{f}" for f in FORMS if f != RAW} | {f"matter_{m}" for m in matters}
    assert needed <= WORDS["en"].keys()
    plain = {where for where in used_prompts(own().graph).values() if where not in own().graph.nodes}
    assert {f"where_{where}" for where in plain} <= WORDS["en"].keys()


def _domain() -> list[Path]:
    return [PAGES.parents[1] / "prompts" / f"{name}.py" for name in ("drafts", "wording")]


def test_every_list_of_phrases_question_and_meaning_has_its_words() -> None:
    words = WORDS["en"]
    keys = [spot.key for spot in contents(own().first) if spot.kind == "phrases"]
    assert {f"heard_{key.partition('.')[0]}" for key in keys} <= words.keys()
    assert {f"question_{expect}" for expect in EXPECTS} <= words.keys()
    assert {f"means_{name.name}" for name in fields(Meaning)} >= {k for k in words if k.startswith("means_")} - OTHER
    assert {f"intent_{name}" for name in {**own().graph.intents, **own().graph.commands}} <= words.keys()


def test_a_list_is_named_after_what_it_answers(house: Flask) -> None:
    with house.test_request_context("/?lang=en"):
        assert list_name(WORDS["en"], "services.pan_card") == "PAN card"
        assert list_name(WORDS["en"], "answers.none") == "none of these"
        assert list_name(WORDS["en"], "intents.track") == "asking for the status"
        assert list_name(WORDS["en"], "months") == "Months"
        assert list_name(WORDS["en"], "days.today") == ""
