"""Reading prompt files, and the mistakes editors make in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.errors import PromptError
from prompts.load import read_prompts
from prompts.render import Prompts
from tests.prompts.sample import both, write


def read(tmp_path: Path, text: str) -> dict[str, tuple[str, ...]]:
    return read_prompts(write(tmp_path, {"hi/prompts.yaml": text}) / "hi/prompts.yaml")


def test_groups_become_dotted_keys(tmp_path: Path) -> None:
    texts = read(tmp_path, 'service:\n  ask: "कौन सी सेवा?"\ncity.ask: "कौन सा शहर?"\n')
    assert texts == {"service.ask": ("कौन सी सेवा?",), "city.ask": ("कौन सा शहर?",)}


def test_a_list_is_one_sentence_an_item(tmp_path: Path) -> None:
    texts = read(tmp_path, "a:\n  - एक। दो।\n  - >\n    तीन\n    चार\n")
    assert texts == {"a": ("एक। दो।", "तीन चार")}


def test_yes_no_and_on_are_plain_keys_and_texts(tmp_path: Path) -> None:
    assert read(tmp_path, "yes: no\noff: on\n") == {"yes": ("no",), "off": ("on",)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a: x\na: y\n", ["'a'", "twice"]),
        ("a:\n  b: x\na.b: y\n", ["a.b", "twice"]),
        ("a: 5\n", ["a:", "text"]),
        ("a:\n", ["a:", "text"]),
        ("a: [x, 5]\n", ["a:", "text"]),
        ("1: x\n", ["1:", "quotes"]),
        ("Ask: x\n", ["Ask", "small letters"]),
        ("g:\n  'b c': x\n", ["g.b c"]),
        ("a: 'x {b'\n", ["a:", "brace"]),
        ("a: [\n", ["cannot be read", "line"]),
        ("- a\n", ["mapping"]),
        ("a: !!python/object:os.system x\n", ["cannot be read"]),
        ("? [a, b]\n: x\n", ["cannot be read"]),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path: Path, text: str, names: list[str]) -> None:
    with pytest.raises(PromptError) as error:
        read(tmp_path, text)
    assert all(name in str(error.value) for name in [*names, "hi/prompts.yaml"])


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "prompts.yaml"
    path.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(PromptError, match="cannot be read"):
        read_prompts(path)


def test_an_empty_file_has_no_prompts(tmp_path: Path) -> None:
    assert read(tmp_path, "") == {}


def test_a_missing_language_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"en.prompts\.yaml"):
        Prompts.load(write(tmp_path, {"hi/prompts.yaml": "a: क\n"}))


def test_a_language_that_cannot_be_spoken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="fr"):
        Prompts.load(write(tmp_path, {**both("a: क\n", "a: b\n"), "fr/prompts.yaml": "a: b\n"}))


def test_an_unknown_form_stops_the_start_naming_the_key(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"en.prompts\.yaml: a: \{x:shout\}: unknown form"):
        Prompts.load(write(tmp_path, both("a: क\n", "a: 'b {x:shout}'\n")))


def test_files_beside_the_common_one_belong_to_the_language(tmp_path: Path) -> None:
    more = {"hi/desk.yaml": "b: ख\n", "en/desk.yaml": "b: k\n", "hi/phrases.yaml": "c: [ग]\n"}
    prompts = Prompts.load(write(tmp_path, {**both("a: क\n", "a: k\n"), **more}))
    assert prompts.keys == {"a", "b"}
    assert prompts.template("hi", "b") == ("ख",)


def test_a_key_in_two_files_stops_the_start_naming_file_and_key(tmp_path: Path) -> None:
    more = {"hi/desk.yaml": "a: ख\n", "en/desk.yaml": "b: k\n"}
    with pytest.raises(PromptError, match=r"hi.desk\.yaml: a: stands in another file"):
        Prompts.load(write(tmp_path, {**both("a: क\n", "a: k\n"), **more}))


def test_an_unknown_form_in_any_file_is_named_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"hi.desk\.yaml: b: \{x:shout\}"):
        Prompts.load(write(tmp_path, {**both("a: क\n", "a: k\n"), "hi/desk.yaml": "b: 'ख {x:shout}'\n"}))
