from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from app import main
from booking.zone import local
from models.store import Store
from tests.booking.desk.people import calls


def staffing(*options: str) -> str:
    result = CliRunner().invoke(main, ["staffing", *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(autouse=True)
def _own_store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)


def test_a_given_load() -> None:
    (need,) = json.loads(staffing("--calls", "200", "--handling", "180", "--occupancy", "85", "--json"))
    assert (need["agents"], need["scheduled"], round(need["in_time"], 5)) == (14, 20, 0.88835)
    assert "14" in staffing("--calls", "200", "--handling", "180", "--occupancy", "85")


def test_the_recorded_load_by_hour(sqlite_store: Store) -> None:
    assert "name a load" in staffing()
    eleven = local(datetime.now(UTC) - timedelta(days=1)).replace(hour=11, minute=5)
    for n in range(30):
        calls(sqlite_store, f"c{n}", eleven + timedelta(minutes=n))
    (need,) = json.loads(staffing("--days", "1", "--json"))
    assert (need["hour"], need["calls"], need["handling_s"]) == (11, 30, 240)
    assert "11:00" in staffing("--days", "1")


@pytest.mark.parametrize("bad", [["--calls", "-1"], ["--target", "100"], ["--days", "0"], ["--handling", "0"]])
def test_nonsense_is_refused(bad: list[str]) -> None:
    assert CliRunner().invoke(main, ["staffing", *bad]).exit_code == 2
