"""The words of the calendar's pages."""

from __future__ import annotations

import re
from pathlib import Path

from console.closures.parts import WORDS

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "console/closures"
BUILT = re.compile(r"(error|of)_")


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


def test_every_refusal_has_its_words() -> None:
    domain = [*(ROOT / "booking").glob("*.py"), *PAGES.glob("*.py")]
    text = "".join(p.read_text("utf-8") for p in domain)
    codes = set(re.findall(r'CalendarError\("(\w+)"', text)) | {"changed_meanwhile"}
    assert {f"error_{code}" for code in codes} == {k for k in WORDS["en"] if k.startswith("error_")}
