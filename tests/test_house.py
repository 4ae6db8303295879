"""The rules of the house: sizes of files and functions, what documents promise, what must not leak."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from app import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("app.py", "ivr", "dialogs", "booking", "models", "prompts", "console", "bench")
CODE = {".py", ".js", ".css", ".html"}
GENERATED = "models/migrations/versions"
LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md")])

# Put together here so that this file does not find itself.
FORBIDDEN = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "pypi." + "org",
    "pythonhosted." + "org",
    "index" + "-url",
    "registry.npmjs" + ".org",
    "proxy.golang" + ".org",
]


def tracked() -> list[Path]:
    """All files that are or would be in a commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [ROOT / name for name in out.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """The text of a file, None for binary ones."""
    data = path.read_bytes()
    return None if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")


def sources() -> list[Path]:
    """The product's Python files."""
    found = [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PRODUCT]
    return [p for p in found if GENERATED not in p.as_posix()]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file with their lengths in lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def make_targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_no_file_is_longer_than_400_lines() -> None:
    code = [p for p in tracked() if p.suffix in CODE and GENERATED not in p.as_posix()]
    long = [p.relative_to(ROOT).as_posix() for p in code if len(p.read_text("utf-8").splitlines()) > LONGEST_FILE]
    assert long == []


def test_half_of_all_files_are_shorter_than_100_lines() -> None:
    assert median(len(p.read_text("utf-8").splitlines()) for p in sources()) < 100


def test_no_function_is_longer_than_60_lines() -> None:
    every = [(p.relative_to(ROOT).as_posix(), *function) for p in sources() for function in functions(p)]
    assert [f"{path}: {name}" for path, name, lines in every if lines > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_make_target_that_is_written_about_exists(document: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE))
    assert named - make_targets() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_command_that_is_written_about_exists(document: Path) -> None:
    named = set(re.findall(r"app\.py ([a-z]+)", document.read_text("utf-8")))
    assert named - COMMANDS.keys() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_file_that_is_linked_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_test_file_that_is_written_about_exists(document: Path) -> None:
    named = re.findall(r"\btests/[\w/.-]+\.(?:yaml|wav|py)\b", document.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_its_module(command: str) -> None:
    assert (ROOT / f"ivr/commands/{command}.py").is_file()


def test_no_machine_path_and_no_registry_host_is_written_anywhere() -> None:
    texts = {p.relative_to(ROOT).as_posix(): text_of(p) for p in tracked()}
    found = [f"{name}: {word}" for name, text in texts.items() if text for word in FORBIDDEN if word in text]
    assert found == []


def test_every_target_of_the_makefile_explains_itself_or_is_internal() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    silent = set(re.findall(r"^([a-z]+):(?!.*##)", text, re.MULTILINE))
    assert silent == {"venv", "browser"}


def test_scripts_and_ci_can_be_executed() -> None:
    scripts = [ROOT / ".ci/run", *ROOT.glob("scripts/*")]
    assert [p.name for p in scripts if not p.stat().st_mode & 0o100 or "pipefail" not in p.read_text("utf-8")] == []
