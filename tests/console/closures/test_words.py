"""The words of the calendar's pages."""

from __future__ import annotations

import re
from pathlib import Path

from console.closures.parts import WORDS
from tests.console.wording import CONSOLE, same_in_both, used_and_known

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "console/closures"


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    same_in_both(WORDS)


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    used_and_known(WORDS, "error|of", [CONSOLE / "closures"])


def test_every_refusal_has_its_words() -> None:
    domain = [*(ROOT / "booking").glob("*.py"), *PAGES.glob("*.py")]
    text = "".join(p.read_text("utf-8") for p in domain)
    codes = set(re.findall(r'CalendarError\("(\w+)"', text)) | {"changed_meanwhile"}
    assert {f"error_{code}" for code in codes} == {k for k in WORDS["en"] if k.startswith("error_")}
