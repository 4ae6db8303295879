"""What is asked of all words of pages: the same in both languages, known where they are used, and used at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

CONSOLE = Path(__file__).parents[2] / "console"
Words = Mapping[str, Mapping[str, str]]


def same_in_both(words: Words) -> None:
    """Both languages have the same labels with the same fields, and Hindi is Devanagari."""
    assert words["hi"].keys() == words["en"].keys()
    fields = {lang: {k: set(re.findall(r"\{\w+", v)) for k, v in words[lang].items()} for lang in words}
    assert fields["hi"] == fields["en"]
    assert [k for k, v in words["hi"].items() if not re.search("[\u0900-\u097f]", v)] == []


def used_and_known(words: Words, built: str, places: Iterable[Path]) -> None:
    """Every label that pages and code in `places` use exists, and every one is used; those that begin with `built`
    (a pattern) are put together in code."""
    files = [p for place in places for p in ([place] if place.is_file() else place.rglob("*")) if p.is_file()]
    text = "\n".join(p.read_text("utf-8") for p in files if p.suffix in (".html", ".py"))
    used = set(re.findall(r"\bw\.(\w+)", text))
    assert used <= words["en"].keys()
    quoted = set(re.findall(r'"(\w+)"', text))
    assert {k for k in words["en"] if not re.match(rf"({built})_", k)} - used - quoted == set()
