"""The check that stands between an editor and the citizens."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.check import check
from tests.prompts.sample import both, write

GOOD = both('a: "नमस्ते {name}।"\n', 'a: "Hello {name}."\n')


def problems(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [str(p).removeprefix(f"{tmp_path}/") for p in check(write(tmp_path, files))]


def test_good_prompts_have_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("hi", "en", "found"),
    [
        ("a: क\n", "a: k\nb: k\n", "hi/prompts.yaml:b: missing; it stands in en/prompts.yaml"),
        ("a: क\nb: ख\n", "a: k\n", "en/prompts.yaml:b: missing; it stands in hi/prompts.yaml"),
        ("a: ''\n", "a: k\n", "hi/prompts.yaml:a: the text is empty"),
        ("a: []\n", "a: k\n", "hi/prompts.yaml:a: the text is empty"),
        ("a: ['क', ' ']\n", "a: k\n", "hi/prompts.yaml:a: the text is empty"),
        ("a: 'क {x}'\n", "a: 'k {y}'\n", "hi/prompts.yaml:a: does not say {y}, another language does"),
        ("a: 'क {x}'\n", "a: 'k {y}'\n", "en/prompts.yaml:a: does not say {x}, another language does"),
        ("a: 'क {x:day}'\n", "a: 'k {x:when}'\n", "hi/prompts.yaml:a: does not say {x:when}, another language does"),
        ("a: 'क {x:loud}'\n", "a: 'k {x:loud}'\n", "hi/prompts.yaml:a: {x:loud}: unknown form"),
        ("a: namaste\n", "a: hello\n", "hi/prompts.yaml:a: Hindi without Devanagari"),
        ("a: 'आपका booking'\n", "a: b\n", "hi/prompts.yaml:a: warning: Latin words in Hindi: booking"),
        ("a: 'दो 2'\n", "a: b\n", "hi/prompts.yaml:a: warning: write numbers in words"),
        ("a: क\n", "a: 'नमस्ते'\n", "en/prompts.yaml:a: warning: Devanagari"),
        (f"a: '{'क' * 221}'\n", "a: b\n", "hi/prompts.yaml:a: warning: a sentence of 221 characters"),
        ("a: 'क {'\n", "a: b\n", "hi/prompts.yaml:*: a: has a brace"),
        ("a: क\na: ख\n", "a: b\n", "hi/prompts.yaml:*: cannot be read"),
    ],
)
def test_a_mistake_is_found_and_named(tmp_path: Path, hi: str, en: str, found: str) -> None:
    assert any(p.startswith(found) for p in problems(tmp_path, both(hi, en)))


@pytest.mark.parametrize(
    ("hi", "en"),
    [
        ("a: 'आपका PIN कोड?'\n", "a: 'Your PIN code?'\n"),
        ("a: '{x:day}, {y:clock}।'\n", "a: '{y:clock}, {x:day}.'\n"),
        (f"a: '{'क। ' * 200}'\n", "a: b\n"),
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, hi: str, en: str) -> None:
    assert problems(tmp_path, both(hi, en)) == []


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    found = problems(tmp_path, {"hi/prompts.yaml": "a: क\n"})
    assert len(found) == 1
    assert found[0].startswith("en/prompts.yaml:*: cannot be read")


def test_each_file_has_the_same_keys_in_every_language(tmp_path: Path) -> None:
    more = {"hi/desk.yaml": "b: ख\nc: ग\n", "en/desk.yaml": "b: k\n"}
    found = problems(tmp_path, {**both("a: क\n", "a: k\n"), **more})
    assert found == ["en/desk.yaml:c: missing; it stands in hi/desk.yaml"]


def test_a_file_that_one_language_lacks_is_a_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, {**both("a: क\n", "a: k\n"), "hi/desk.yaml": "b: ख\n"})
    assert len(found) == 1
    assert found[0].startswith("en/desk.yaml:*: cannot be read")


def test_a_key_in_two_files_of_a_language_is_a_problem(tmp_path: Path) -> None:
    more = {"hi/desk.yaml": "a: ख\n", "en/desk.yaml": "b: k\n"}
    found = problems(tmp_path, {**both("a: क\n", "a: k\n"), **more})
    assert "hi/desk.yaml:a: stands in hi/prompts.yaml, too" in found


def test_an_empty_folder_has_a_problem_for_every_language(tmp_path: Path) -> None:
    assert len(problems(tmp_path, {})) == 2


def test_errors_come_before_warnings(tmp_path: Path) -> None:
    found = check(write(tmp_path, both("a: 'क 2'\nb: ''\n", "a: k\nb: k\n")))
    assert [p.warning for p in found] == [False, True]


def test_phrases_have_the_same_keys_in_every_language(tmp_path: Path) -> None:
    phrases = {
        "hi/phrases.yaml": "yes: [हाँ]\nfix: {city: [शहर]}\n",
        "en/phrases.yaml": "yes: [yes]\nfix: {pin: [pin]}\n",
    }
    assert problems(tmp_path, {**GOOD, **phrases}) == [
        "en/phrases.yaml:fix.city: missing; it stands in hi/phrases.yaml",
        "hi/phrases.yaml:fix.pin: missing; it stands in en/phrases.yaml",
    ]


def test_a_key_without_a_phrase_is_found(tmp_path: Path) -> None:
    phrases = {"hi/phrases.yaml": "yes: []\n", "en/phrases.yaml": "yes: [yes]\n"}
    assert problems(tmp_path, {**GOOD, **phrases}) == ["hi/phrases.yaml:yes: no phrase"]


@pytest.mark.parametrize("phrase", ["5", "''", "'?'", "{a: b}", "[x]", "~"])
def test_a_phrase_that_nobody_can_say_is_found(tmp_path: Path, phrase: str) -> None:
    phrases = {"hi/phrases.yaml": f"yes: [हाँ, {phrase}]\n", "en/phrases.yaml": "yes: [yes]\n"}
    (found,) = problems(tmp_path, {**GOOD, **phrases})
    assert found.startswith("hi/phrases.yaml:yes: ")


def test_phrases_in_one_language_only_are_a_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, {**GOOD, "hi/phrases.yaml": "yes: [हाँ]\n"})
    assert found[0].startswith("en/phrases.yaml:*: cannot be read")
