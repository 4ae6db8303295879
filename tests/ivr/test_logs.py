"""What log lines look like and what they never hold."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from ivr.call import TALKERS
from ivr.logs import configure, private
from ivr.observe.context import about, current
from ivr.settings import Server, Settings

log = logging.getLogger("test.logs")


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What went to standard error; the logging of the tests is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_json_line_has_time_level_text_call_and_conversation(written: Callable[[], str]) -> None:
    configure(Settings(server=Server(log_format="json")))
    with about("CA1", "c1"):
        log.warning("it rings on %s", "+919826401715")
        TALKERS.submit(log.info, "in a thread").result()
    log.info("afterwards")
    first, second, third = (json.loads(line) for line in written().splitlines())
    assert first["text"] == "it rings on 98xxxxxx15"
    assert (first["level"], first["logger"], first["call"], first["conversation"]) == (
        "WARNING",
        "test.logs",
        "CA1",
        "c1",
    )
    assert first["at"].endswith("+05:30")
    assert second["call"] == "CA1"
    assert "call" not in third


def test_an_error_is_one_json_line_with_its_traceback(written: Callable[[], str]) -> None:
    configure(Settings(server=Server(log_format="json")))
    try:
        raise ValueError("a number 9826401715 in an error")
    except ValueError:
        log.exception("it failed")
    [line] = written().splitlines()
    error = json.loads(line)["error"]
    assert "Traceback" in error
    assert "98xxxxxx15" in error
    assert "9826401715" not in line


def test_a_text_line_names_call_and_conversation_and_masks_numbers(written: Callable[[], str]) -> None:
    configure(Settings())
    with about("CA1", "c1"):
        log.info("asked by 98264 01715")
    assert written().rstrip().endswith("INFO test.logs: asked by 98xxxxxx15 [call=CA1 conversation=c1]")


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("+919826401715", "98xxxxxx15"),
        ("call +91 98264 01715 now", "call 98xxxxxx15 now"),
        ("1234 5678 9012", "xxxx xxxx xxxx"),
        ("CA00000000000000000000009826401715", "CA00000000000000000000009826401715"),
        ("in 2026-11-22T10:30 after 1500 ms", "in 2026-11-22T10:30 after 1500 ms"),
    ],
)
def test_numbers_are_masked_and_ids_and_times_are_not(said: str, logged: str) -> None:
    assert private(said) == logged


def test_what_is_inside_names_only_what_it_changes() -> None:
    with about("CA1"):
        with about(conversation="c1"):
            assert current() == ("CA1", "c1")
        assert current() == ("CA1", "")
    assert current() == ("", "")
