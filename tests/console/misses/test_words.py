"""The words of the pages of misses."""

from __future__ import annotations

import re
from pathlib import Path

from booking.misses.finding import KINDS
from console.misses.parts import SPANS, WORDS
from ivr.misses.report import STATES

PAGES = Path(__file__).parents[3] / "console/misses"
BUILT = re.compile(r"(error|span|state|kind|none|mark|said)_")


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    assert WORDS["hi"].keys() == WORDS["en"].keys()
    fields = {lang: {k: set(re.findall(r"\{\w+\}", v)) for k, v in WORDS[lang].items()} for lang in WORDS}
    assert fields["hi"] == fields["en"]
    assert [k for k, v in WORDS["hi"].items() if not re.search("[\u0900-\u097f]", v)] == []


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    text = "\n".join(p.read_text("utf-8") for kind in ("html", "py") for p in PAGES.rglob(f"*.{kind}"))
    used = set(re.findall(r"\bw\.(\w+)", text))
    assert used <= WORDS["en"].keys()
    quoted = set(re.findall(r'"(\w+)"', text))
    assert {k for k in WORDS["en"] if not BUILT.match(k)} - used - quoted == set()


def test_every_kind_state_span_and_refusal_has_its_words() -> None:
    prompts = PAGES.parents[1] / "prompts"
    sources = [prompts / "drafts.py", prompts / "wording.py", *PAGES.glob("*.py")]
    codes = {c for path in sources for c in re.findall(r'TextError\("(\w+)"', path.read_text("utf-8"))}
    needed = {f"error_{c}" for c in codes - {"empty", "missing", "hindi"}}
    needed |= {f"kind_{k}" for k in KINDS} | {f"span_{n}" for n in SPANS}
    needed |= {f"{word}_{state}" for word in ("state", "none") for state in STATES}
    assert needed <= WORDS["en"].keys()
