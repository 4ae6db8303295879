"""`python app.py check` as an editor runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from ivr.settings import ROOT


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the prompts that may be spoilt."""
    for language in ("hi", "en"):
        shutil.copytree(ROOT / "prompts" / language, tmp_path / language)
    return tmp_path


def test_what_is_shipped_has_no_error() -> None:
    result = check()
    assert result.exit_code == 0, result.output
    assert "0 errors" in result.output


def test_a_prompt_missing_in_one_language_is_named_and_fails(copy: Path) -> None:
    with (copy / "en/prompts.yaml").open("a", encoding="utf-8") as file:
        file.write('\nonly_here: "Only here."\n')
    result = check("--root", str(copy))
    assert result.exit_code == 1
    assert "hi/prompts.yaml:only_here: missing" in result.output


def test_a_prompt_that_the_flow_says_and_that_is_gone_fails(copy: Path) -> None:
    for language in ("hi", "en"):
        (copy / language / "prompts.yaml").write_text('a: "नमस्ते"\n' if language == "hi" else 'a: "Hello"\n', "utf-8")
    result = check("--root", str(copy))
    assert result.exit_code == 1
    assert "dialogs/flows:" in result.output


def test_a_broken_file_is_named_not_a_traceback(copy: Path) -> None:
    (copy / "hi/prompts.yaml").write_text("a: [\n", "utf-8")
    result = check("--root", str(copy))
    assert result.exit_code == 1
    assert "hi/prompts.yaml:*: cannot be read" in result.output
    assert "Traceback" not in result.output


def test_a_folder_that_is_not_there_is_refused() -> None:
    assert check("--root", "/nowhere").exit_code == 2
