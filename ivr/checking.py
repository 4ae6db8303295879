"""The checks of prompts and phrases, alone and for the flow: of a folder, or of files not yet published."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from ivr.settings import ROOT
from prompts import folder
from prompts.check import Problem
from prompts.check import check as check_prompts
from prompts.errors import PromptError
from prompts.render import Prompts

Findings = tuple[list[str], list[str]]


def findings_of(files: Mapping[str, str]) -> Findings:
    """The same of files that stand in no folder; lines name the files alone."""
    with tempfile.TemporaryDirectory(prefix="mitan-check-") as made:
        try:
            folder.write(files, Path(made))
        except PromptError as error:
            return [str(error)], []
        wrong, doubtful = findings(Path(made))
    return [line.replace(f"{made}/", "") for line in wrong], [line.replace(f"{made}/", "") for line in doubtful]


def findings(root: Path) -> Findings:
    """What is wrong with the prompts and phrases under `root`, by themselves and for the flow, and what is doubtful; a
    line each."""
    problems = check_prompts(root)
    wrong = [*(_line(p) for p in problems if not p.warning), *_flow_lines(root)]
    return wrong, [_line(p) for p in problems if p.warning]


def _line(problem: Problem) -> str:
    text = str(problem)
    return text.removeprefix(f"{ROOT}/")


def _flow_lines(root: Path) -> list[str]:
    """The flow's problems; silent about prompts that cannot be loaded, which the prompts' check has named."""
    from dialogs.check import check
    from dialogs.flow import FlowError, load

    try:
        keys = Prompts.load(root).keys
    except PromptError:
        return []
    try:
        return [f"dialogs/flows:{problem}" for problem in check(load(), keys)]
    except FlowError as error:
        return [f"dialogs/flows: {error}"]
