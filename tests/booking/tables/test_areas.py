from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from booking.areas import areas
from booking.tables.areas import Areas
from models.areas import Area
from models.store import Store
from tests.booking.tables.sheet import look, sheet

HEAD = "id,city,hi,en,kind,places,pins,first_slot_h,last_end_h,seats"
GOOD = "ring-2,raipur,सेजबहार समूह,Sejbahar ring,ring,सेजबहार; दतरेंगा,492015 ४९२०१६,9,18,1"


def read(store: Store, *rows: str) -> tuple[list[Area], list[str]]:
    plan = look(store, Areas(), sheet(HEAD, *rows))
    return [step.row for step in plan.steps], [str(p) for p in plan.problems]


def test_a_right_row_is_an_area(sqlite_town: Store) -> None:
    (ring, ward), problems = read(sqlite_town, GOOD, "ward-1,durg,वार्ड 1,Ward 1,ward,,,,,")
    assert problems == []
    assert (ring.id, ring.city_id, ring.kind, ring.places) == ("ring-2", "raipur", "ring", ["सेजबहार", "दतरेंगा"])
    assert (ring.pins, ring.first_slot_h, ring.last_end_h, ring.seats) == (["492015", "492016"], 9, 18, 1)
    assert (ward.places, ward.pins, ward.first_slot_h, ward.seats, ward.position) == ([], [], None, None, 1)


@pytest.mark.parametrize(
    ("before", "after", "column", "remedy"),
    [
        ("ring-2", "Ring 2", "id", "small Latin letters"),
        ("raipur", "goa", "city", "covered city"),
        ("सेजबहार समूह", "Sejbahar", "hi", "in Devanagari"),
        ("Sejbahar ring", "सेजबहार", "en", "in Latin letters"),
        (",ring,", ",village,", "kind", "ward, ring"),
        ("492015", "49201", "pins", "six digits"),
        (",9,18", ",24,18", "first_slot_h", "from 0 to 23"),
        (",9,18", ",18,18", "last_end_h", "not after the beginning"),
        (",18,1", ",18,-1", "seats", "from 0 to 100"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column_with_its_remedy(
    sqlite_town: Store, before: str, after: str, column: str, remedy: str
) -> None:
    assert before in GOOD
    _, problems = read(sqlite_town, GOOD.replace("ring-2", "ring-1"), GOOD.replace(before, after))
    assert len(problems) == 1
    assert problems[0].startswith(f"row 3, {column}: ")
    assert remedy in problems[0]


def test_an_area_stands_once_and_stays_in_its_city(sqlite_town: Store) -> None:
    _, problems = read(sqlite_town, GOOD, GOOD)
    assert problems == ["row 3, id: is the same as in row 2: correct one of them."]
    with sqlite_town.begin() as session:
        session.add(Area(id="ring-2", city_id="durg", hi="क", en="k", places=[], pins=[]))
    _, problems = read(sqlite_town, GOOD)
    assert problems == ["row 2, city: the area belongs to durg and has slots there: give this one another id."]


def test_a_file_without_areas_is_said(sqlite_town: Store) -> None:
    assert "has no rows" in read(sqlite_town)[1][0]


@pytest.fixture
def configured(town: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The town as the configured store of the command line."""
    monkeypatch.setenv("DATABASE_URL", town.engine.url.render_as_string(hide_password=False))
    return town


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["areas", *args])


def test_areas_are_imported_with_their_slots_changed_and_listed(configured: Store, tmp_path: Path) -> None:
    assert run("list").output == "no areas: every city is booked as a whole\n"
    path = tmp_path / "areas.csv"
    path.write_text(f"{HEAD}\n{GOOD}", encoding="utf-8-sig")
    done = run("import", str(path))
    assert re.fullmatch(r"1 areas taken over; [1-9]\d+ slots added\n", done.output)
    assert run("import", str(path)).output == "1 areas taken over\n"
    assert run("list").output.splitlines()[1].split() == ["ring-2", "raipur", "ring", "Sejbahar", "ring", "2", "492015",
                                                          "492016"]  # fmt: skip


def test_one_wrong_row_and_no_area_is_taken_over(configured: Store, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n{GOOD.replace('ring-2', '')}", encoding="utf-8")
    done = run("import", str(path))
    assert done.exit_code == 1
    assert "areas.csv: row 3, id:" in done.output
    assert "1 problems: nothing was taken over" in done.output
    with configured.read() as session:
        assert areas(session, "raipur") == []
