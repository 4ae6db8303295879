"""`python app.py call`: a call through a server of its own, its report and its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from booking.callers import language_of
from booking.conversations import resumable
from ivr.clock import ZONE
from ivr.commands.call import command
from ivr.commands.call_setup import arrange
from ivr.script import ScriptError
from models.bookings import Booking
from models.catalogue import CityRow
from models.slots import Slot
from models.store import Store

pytestmark = pytest.mark.realtime
Call = Callable[..., Result]
SCRIPT = """
name: All by keys
now: 2026-11-20T10:00
turns:
  - {hears: press two, keys: 2}
  - {keys: 1, hears: how can I help}
expect: {outcome: cut_off, bookings: 0, hears: certificates}
"""


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Call:
    """Runs the command on a store of its own, without recogniser models: calls go by keypad."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MITAN_SERVER__VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "no-models"))
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, list(arguments))

    return run


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "script.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_script_whose_expectations_hold_exits_with_0(call: Call, tmp_path: Path) -> None:
    result = call("--script", written(tmp_path, SCRIPT), "--speed", "20", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["problems"] == []
    assert report["reason"] == "hung up"
    assert [turn["text"] for turn in report["turns"] if turn["who"] == "caller"][:2] == ["2", "1"]
    assert 0 <= report["turns"][0]["at_s"] < 100  # of a clock that runs 20 times as fast


def test_a_script_whose_expectations_fail_exits_with_1_and_says_which(call: Call, tmp_path: Path) -> None:
    text = SCRIPT.replace("press two", "press ninety").replace("bookings: 0", "bookings: 3")
    result = call("--script", written(tmp_path, text), "--speed", "20")
    assert result.exit_code == 1
    assert "turn 1 (line 5): 'press ninety' was not heard" in result.output
    assert "0 bookings, expected 3" in result.output


def test_keys_without_a_script_print_the_transcript(call: Call) -> None:
    result = call("--keys", "2", "--speed", "20", "--now", "2026-11-20T10:00", "--from", "+917000000001")
    assert result.exit_code == 0, result.output
    assert "how can I help you" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give one of"),
        (("--keys", "1", "--script", "x.yaml"), "x.yaml"),
        (("--keys", "1", "--url", "ws://127.0.0.1:9", "--speed", "2"), "--url"),
        (("--audio", "missing.wav"), "missing.wav"),
        (("--keys", "1", "--speed", "0"), "--speed"),
        (("--keys", "1", "--now", "soon"), "--now"),
    ],
)
def test_what_cannot_be_done_is_said(call: Call, arguments: tuple[str, ...], says: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert says in result.output


def test_a_broken_script_and_a_server_that_is_not_there_are_errors_without_a_traceback(
    call: Call, tmp_path: Path
) -> None:
    broken = call("--script", written(tmp_path, "turns:\n  - sing: a"))
    assert (broken.exit_code, "script.yaml:2: sing" in broken.output) == (1, True)
    absent = call("--keys", "1", "--url", "ws://127.0.0.1:9")
    assert absent.exit_code == 1
    assert "Error:" in absent.output


def city_with_slots(store: Store) -> None:
    with store.begin() as session:
        session.add(CityRow(id="raipur", hi="रायपुर", en="Raipur", district="", also=[], position=1))
        session.flush()
        for day, hour in ((22, 8), (22, 19), (23, 8)):
            session.add(Slot(city_id="raipur", starts_at=datetime(2026, 11, day, hour, tzinfo=ZONE), seats=2))


def seats(store: Store) -> list[int]:
    with store.read() as session:
        return list(session.scalars(select(Slot.seats).order_by(Slot.starts_at)))


def test_a_full_day_has_no_seat_and_the_next_has(store: Store) -> None:
    city_with_slots(store)
    arrange(store, {"full": [{"city": "raipur", "date": "2026-11-22"}]})
    assert seats(store) == [0, 0, 2]


def test_a_full_hour_leaves_the_others(store: Store) -> None:
    city_with_slots(store)
    arrange(store, {"full": {"city": "raipur", "date": "2026-11-22", "time": "19:00"}})
    assert seats(store) == [2, 0, 2]


@pytest.mark.parametrize(
    "setup",
    [
        {"empty": []},
        {"full": [{"city": "raipur"}]},
        {"full": ["raipur"]},
        {"full": [{"city": "raipur", "date": "soon"}]},
        {"full": [{"city": "paris", "date": "2026-11-22"}]},
        {"cut_off": [{"caller": "+919826401715"}]},
        {"language": [{"language": "en"}]},
    ],
)
def test_a_situation_that_cannot_be_made_is_refused(sqlite_store: Store, setup: dict[str, object]) -> None:
    city_with_slots(sqlite_store)
    with pytest.raises(ScriptError, match="setup"):
        arrange(sqlite_store, setup)
    with sqlite_store.read() as session:
        assert session.scalars(select(Booking)).all() == []


def test_a_call_that_was_cut_off_can_be_resumed_from(sqlite_store: Store) -> None:
    said = {"at": "2026-11-20T09:50", "caller": "+919826401715", "service": "pan_card", "city": "durg"}
    arrange(sqlite_store, {"cut_off": said, "language": {"caller": "+919826401715", "language": "en"}})
    with sqlite_store.read() as session:
        row = resumable(session, datetime(2026, 11, 20, 10, 20, tzinfo=ZONE), "+919826401715", 30)
        assert row is not None
        assert row.state["filled"] == {"service": "pan_card", "city": "durg"}
        assert language_of(session, "+919826401715") == "en"
