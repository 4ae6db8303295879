"""Nothing is left out in silence, and what passes only when it is repeated is not passed over."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_THE_TEST = 'import pytest\ndef test_it():\n    pytest.skip("no Chromium here")\n'
IN_A_FIXTURE = """
import pytest
@pytest.fixture
def store():
    pytest.skip("no Chromium here")
def test_it(store):
    pass
"""
BY_A_MARK = 'import pytest\n@pytest.mark.skipif(True, reason="no Chromium here")\ndef test_it():\n    pass\n'
WHOLE_FILE = 'import pytest\npytest.skip("no Chromium here", allow_module_level=True)\n'
SKIPS = [IN_THE_TEST, IN_A_FIXTURE, BY_A_MARK, WHOLE_FILE]
EXPECTED = "import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"
FAILS_ONCE = """
import pytest
tries = []
{mark}
def test_it():
    tries.append(1)
    assert len(tries) {enough}, "the machine stood still"
"""
REALTIME = "@pytest.mark.realtime"


Run = Callable[..., tuple[dict[str, int], str]]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest on a file of this text; how many tests came out how, and what was printed."""
    monkeypatch.setattr("tests.whole_run.REST_S", 0)

    def started(text: str, *options: str) -> tuple[dict[str, int], str]:
        pytester.makepyfile(text)
        result = pytester.runpytest_inprocess("-p", "tests.whole_run", "-rs", *options)
        return result.parseoutcomes(), "\n".join(result.outlines)

    return started


@pytest.mark.parametrize("text", SKIPS, ids=["test", "fixture", "mark", "file"])
def test_a_skip_fails_a_whole_run_and_says_its_reason(run: Run, text: str) -> None:
    outcomes, said = run(text, "--whole")
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 1, said
    assert "skipped" not in outcomes
    assert "may not be left out of a whole run" in said
    assert "no Chromium here" in said


@pytest.mark.parametrize("text", SKIPS, ids=["test", "fixture", "mark", "file"])
def test_a_single_run_skips_and_says_why(run: Run, text: str) -> None:
    outcomes, said = run(text)
    assert outcomes == {"skipped": 1}
    assert "no Chromium here" in said


@pytest.mark.parametrize("text", SKIPS, ids=["test", "fixture", "mark", "file"])
def test_only_what_lies_beside_the_repository_may_be_missing(run: Run, text: str) -> None:
    outcomes, said = run(text.replace("no Chromium here", "../shared is not there"), "--whole")
    assert outcomes == {"skipped": 1}
    assert "../shared is not there" in said


def test_what_is_expected_to_fail_is_not_skipped(run: Run) -> None:
    assert run(EXPECTED, "--whole")[0] == {"xfailed": 1}


def test_a_real_time_test_that_passes_when_repeated_passes_and_is_shown_with_its_first_failure(run: Run) -> None:
    outcomes, said = run(FAILS_ONCE.format(mark=REALTIME, enough="> 1"), "--whole")
    assert outcomes == {"passed": 1, "rerun": 1}
    assert "PASSED ONLY WHEN REPEATED" in said
    assert "the machine stood still" in said


def test_a_real_time_test_that_fails_twice_fails_the_run(run: Run) -> None:
    outcomes, said = run(FAILS_ONCE.format(mark=REALTIME, enough="> 2"), "--whole")
    assert outcomes == {"failed": 1, "rerun": 1}
    assert "PASSED ONLY WHEN REPEATED" not in said


@pytest.mark.parametrize(("mark", "option"), [("", "--whole"), (REALTIME, "--verbose")])
def test_no_other_test_is_repeated_nor_any_in_a_run_of_a_few(run: Run, mark: str, option: str) -> None:
    assert run(FAILS_ONCE.format(mark=mark, enough="> 1"), option)[0] == {"failed": 1}


def test_what_uses_a_server_or_a_browser_is_known_to_keep_real_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_server="from tests.ivr.whole import Child\ndef test_it():\n    pass\n",
        test_browser="import pytest\n@pytest.fixture\ndef playwright(): ...\ndef test_it(playwright):\n    pass\n",
        test_plain="def test_it():\n    pass\n",
    )
    result = pytester.runpytest_inprocess("-p", "tests.whole_run", "-m", "realtime", "-v")
    result.assert_outcomes(passed=2, deselected=1)


def test_make_test_and_with_it_ci_is_a_whole_run() -> None:
    make = subprocess.run(["make", "--dry-run", "test"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "scripts/tests" in make.stdout.splitlines()  # within another make it says where it is, too
    tests = (ROOT / "scripts/tests").read_text()
    parts = ('-m "not realtime"', '-m "realtime and not alone"', "-m alone")
    assert [tests.count(part) for part in ("pytest --whole)", *parts)] == [1, 1, 1, 1]
    assert "exec make test" in (ROOT / ".ci/run").read_text()
