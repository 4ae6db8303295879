"""The command `executives`, through the command line's own entry."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from models.store import Store
from tests.booking.life import told
from tests.booking.team import assigns, booked, comes, executive, hires
from tests.booking.town import NOW

HEAD = "id,hi,en,mobile,city,area,weekdays,capacity,since,until"
ROW = "M-1,रमेश वर्मा,Ramesh Verma,98123 45615,raipur,,mon-sat,8,,"


@pytest.fixture
def configured(town: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The town as the configured store of the command line, on the town's day."""
    monkeypatch.setenv("DATABASE_URL", town.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr("ivr.commands.executives.Clock.now", lambda _: NOW)
    return town


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["executives", *args])


def table(path: Path, *rows: str) -> str:
    path.write_text("\n".join((HEAD, *rows)), encoding="utf-8-sig")
    return str(path)


def test_a_team_is_imported_listed_and_changed(configured: Store, tmp_path: Path) -> None:
    assert run("list").output == "no executives\n"
    assert run("import", table(tmp_path / "team.csv", ROW)).output == "1 executives added, 0 changed\n"
    assert run("import", table(tmp_path / "team.csv", ROW.replace(",8,", ",6,"))).output == (
        "0 executives added, 1 changed\n"
    )
    head, row = run("list").output.splitlines()
    assert head.split()[:5] == ["id", "name", "city", "area", "mobile"]
    assert row.split() == ["M-1", "Ramesh", "Verma", "raipur", "-", "98xxxxxx15", "mon", "tue", "wed", "thu", "fri",
                           "sat", "6", "-", "-"]  # fmt: skip
    assert run("list", "--city", "durg").output == "no executives\n"


def test_one_wrong_row_and_nothing_is_taken_over(configured: Store, tmp_path: Path) -> None:
    done = run("import", table(tmp_path / "team.csv", ROW, ROW.replace("M-1", "M-2").replace("raipur", "Goa")))
    assert done.exit_code == 1
    assert "team.csv: row 3, city: 'Goa' is not covered" in done.output
    assert "team.csv: row 3, mobile: is the same as in row 2" in done.output
    assert "2 problems: nothing was taken over" in done.output
    assert run("list").output == "no executives\n"


def test_an_absence_is_noted_and_says_who_is_without_an_executive(configured: Store) -> None:
    hires(configured, executive("M-1"))
    number = booked(configured)
    assigns(configured, number)
    assert run("absent", "M-1", "2026-11-23", "--reason", "ill").output == (
        f"absent on 2026-11-23; nobody is free for {number}\n"
    )
    assert comes(configured, number) is None
    hires(configured, executive("M-2"), executive("M-3"))
    assigns(configured, number, "M-2")
    assert run("absent", "M-2", "23-11-2026").output == "absent on 2026-11-23; 1 visits given to others\n"
    assert comes(configured, number) == "M-3"
    assert told(configured, number)[-1] == "reassigned"


def test_a_day_sheet_is_written_for_a_spreadsheet(configured: Store) -> None:
    hires(configured, executive("M-1"))
    number = booked(configured)
    assigns(configured, number)
    data = run("daysheet", "M-1", "2026-11-23", "--language", "en").stdout_bytes
    heading, row = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert dict(zip(heading, row, strict=True))["booking"] == number
    assert run("daysheet", "M-1", "2026-11-23").stdout_bytes.startswith('\ufeff"समय"'.encode())


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("daysheet", "M-9", "2026-11-23"), 1, "There is no such record"),
        (("absent", "M-9", "2026-11-23"), 1, "There is no such record"),
        (("daysheet", "M-9", "23/11"), 2, "does not match the format"),
        (("import", "nothing.csv"), 2, "does not exist"),
    ],
)
def test_what_is_not_there_is_said(configured: Store, args: tuple[str, ...], code: int, says: str) -> None:
    done = run(*args)
    assert done.exit_code == code
    assert says in done.output


def test_nobody_is_absent_on_a_day_that_is_over(configured: Store) -> None:
    hires(configured, executive("M-1"))
    done = run("absent", "M-1", "2026-11-21")
    assert (done.exit_code, "time limit" in done.output) == (1, True)
