"""The words of the pages of tables, of tables and columns, and of what is wrong with rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from booking.sheets import remarks
from booking.tables import labels
from booking.tables.registry import EVERY
from console.accounts.parts import WORDS as TRAIL
from console.tables.parts import WORDS
from tests.console.wording import CONSOLE, same_in_both, used_and_known

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "console/tables"


def flat(words: dict[str, Any]) -> dict[str, str]:
    """Nested words with dotted keys."""
    parts = [{k: v} if isinstance(v, str) else {f"{k}.{n}": t for n, t in v.items()} for k, v in words.items()]
    return {key: text for part in parts for key, text in part.items()}


def of(module: Any, name: str) -> dict[str, dict[str, str]]:
    text = Path(module.__file__).with_name(name).read_text("utf-8")
    return {language: flat(words) for language, words in yaml.safe_load(text).items()}


@pytest.mark.parametrize("words", [WORDS, of(remarks, "remarks.yaml"), of(labels, "words.yaml")],
                         ids=["pages", "remarks", "tables"])  # fmt: skip
def test_both_languages_have_the_same_words_and_hindi_is_devanagari(words: dict[str, dict[str, str]]) -> None:
    same_in_both(words)


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    used_and_known(WORDS, "alert|count|said", [CONSOLE / "tables"])


def test_every_table_and_column_has_its_words_and_no_label_means_two_columns_of_a_table() -> None:
    for table in EVERY:
        for language in ("hi", "en"):
            assert labels.title(table.name, language)
            assert labels.about(table.name, language)
            named = [labels.label(table.name, column.name, language) for column in table.columns]
            assert len(set(named)) == len(named)
        assert len(labels.headings(table.name, [c.name for c in table.columns])) == 2 * len(table.columns)


def test_every_remark_that_is_made_has_its_sentence_and_every_sentence_is_made() -> None:
    code = [*(ROOT / "booking/sheets").glob("*.py"), *(ROOT / "booking/tables").glob("*.py"), *PAGES.glob("*.py")]
    text = "\n".join(p.read_text("utf-8") for p in code)
    made = set(re.findall(r'(?:Wrong|unreadable|remark)\(\s*"(\w+)"', text))
    made |= set(re.findall(r'\.wrong\([^,]+, "(\w+)"', text))
    known = of(remarks, "remarks.yaml")["en"].keys()
    assert made <= known
    assert {code for code in known - made if f'"{code}"' not in text} == set()


def test_every_deed_has_its_words_in_the_trail() -> None:
    for deed in ("added", "changed", "removed", "seen"):
        assert f"did_row.{deed}" in TRAIL["en"]
