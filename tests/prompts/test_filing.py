"""Changes go into the files and leave all else as it was; differences are shown word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import folder
from prompts.check import check
from prompts.contents import Spot, contents
from prompts.differences import Difference, differences
from prompts.errors import PromptError
from prompts.filing import filed

ROOT = Path(__file__).resolve().parents[2] / "prompts"
FILES = folder.texts(ROOT)
NASTY = ("नया \"text\": {brand} 'x' # no comment, yes: [1] \\n",)


def comments(files: dict[str, str]) -> dict[str, list[str]]:
    return {name: [x.strip() for x in text.splitlines() if x.strip().startswith("#")] for name, text in files.items()}


def test_without_changes_every_file_stays_as_it_is_to_the_letter() -> None:
    assert filed(FILES, {}) == FILES
    assert filed(FILES, contents(FILES)).keys() == FILES.keys()


def test_a_change_touches_one_line() -> None:
    made = filed(FILES, {Spot("prompt", "hi", "help.ask"): ("बोलिए।",)})
    before, after = FILES["hi/prompts.yaml"].splitlines(), made["hi/prompts.yaml"].splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [b for _, b in changed] == ['  ask: "बोलिए।"']
    assert {name for name in FILES if FILES[name] != made[name]} == {"hi/prompts.yaml"}


def test_every_text_and_every_list_can_be_changed_and_all_comments_stay() -> None:
    new = {s: ("एक", "two words") if s.kind == "phrases" else NASTY for s in contents(FILES)}
    made = filed(FILES, new)
    assert contents(made) == new
    assert comments(made) == comments(FILES)


def test_what_was_changed_passes_the_checks(tmp_path: Path) -> None:
    changes = {Spot("prompt", "hi", "help.ask"): ("बोलिए।",), Spot("phrases", "en", "answers.yes"): ("yes", "aye")}
    folder.write(filed(FILES, changes), tmp_path)
    assert [p for p in check(tmp_path) if not p.warning] == []


def test_a_change_that_stands_nowhere_is_named() -> None:
    with pytest.raises(PromptError, match="no_such"):
        filed(FILES, {Spot("prompt", "hi", "no_such.key"): ("x",)})


def test_a_new_service_and_a_new_city_get_lists_of_their_own() -> None:
    spots = {Spot("phrases", "hi", "services.pension"): ("पेंशन",), Spot("phrases", "hi", "cities.arang"): ("आरंग",)}
    made = filed(FILES, spots)
    assert contents(made) == {**contents(FILES), **spots}
    assert comments(made) == comments(FILES)
    older = {"hi/phrases.yaml": "services:\n  a: [x]\n"}
    assert contents(filed(older, spots)) == {**contents(older), **spots}


def test_a_list_of_sentences_becomes_one_text() -> None:
    files = {"en/prompts.yaml": 'a:\n  # kept\n  b: ["One.", "Two."]\n'}
    spot = Spot("prompt", "en", "a.b")
    assert contents(files)[spot] == ("One. Two.",)
    made = filed(files, {spot: ("Three.",)})["en/prompts.yaml"]
    assert made == 'a:\n  # kept\n  b: "Three."\n'


def test_differences_show_words_old_and_new() -> None:
    spot = Spot("prompt", "en", "help.ask")
    (one,) = differences({spot: ("How can I help you?",)}, {spot: ("How may we help you?",)})
    assert one.parts == [("same", "How"), ("gone", "can I"), ("new", "may we"), ("same", "help you?")]
    assert differences({spot: ("x",)}, {spot: ("x",)}) == []


def test_differences_of_phrases_show_whole_phrases() -> None:
    spot = Spot("phrases", "en", "answers.yes")
    assert Difference(spot, ("yes", "of course"), ("yes", "of course not")).parts == [
        ("same", "yes"), ("gone", "of course"), ("new", "of course not"),
    ]  # fmt: skip
    assert Difference(spot, None, ("yes",)).parts == [("new", "yes")]
