"""The words of the pages of misses."""

from __future__ import annotations

import re
from pathlib import Path

from booking.misses.finding import KINDS
from console.misses.parts import SPANS, WORDS
from ivr.misses.report import STATES
from tests.console.wording import CONSOLE, same_in_both, used_and_known

PAGES = Path(__file__).parents[3] / "console/misses"


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    same_in_both(WORDS)


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    used_and_known(WORDS, "error|span|state|kind|none|mark|said", [CONSOLE / "misses"])


def test_every_kind_state_span_and_refusal_has_its_words() -> None:
    prompts = PAGES.parents[1] / "prompts"
    sources = [prompts / "drafts.py", prompts / "wording.py", *PAGES.glob("*.py")]
    codes = {c for path in sources for c in re.findall(r'TextError\("(\w+)"', path.read_text("utf-8"))}
    needed = {f"error_{c}" for c in codes - {"empty", "missing", "hindi"}}
    needed |= {f"kind_{k}" for k in KINDS} | {f"span_{n}" for n in SPANS}
    needed |= {f"{word}_{state}" for word in ("state", "none") for state in STATES}
    assert needed <= WORDS["en"].keys()
