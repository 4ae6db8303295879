from __future__ import annotations

from datetime import date

import pytest

from booking.sheets.values import day
from booking.tables.executives import Executives, weekdays
from models.areas import Area
from models.executives import Executive
from models.store import Store
from tests.booking.tables.sheet import look, sheet, take
from tests.booking.team import assigns, booked, comes, executive, hires

HEAD = "id,hi,en,mobile,city,area,weekdays,capacity,since,until"
GOOD = "RPR/17,रमेश वर्मा,Ramesh Verma,98123 45615,raipur,,mon-sat,8,2026-11-01,"


def read(store: Store, *rows: str, head: str = HEAD) -> tuple[list[Executive], list[str]]:
    return read_bytes(store, sheet(head, *rows))


def read_bytes(store: Store, data: bytes) -> tuple[list[Executive], list[str]]:
    plan = look(store, Executives(), data)
    return [step.row for step in plan.steps], [str(p) for p in plan.problems]


def test_a_right_row_is_an_executive(sqlite_town: Store) -> None:
    (ramesh,), problems = read(sqlite_town, GOOD)
    assert problems == []
    assert (ramesh.id, ramesh.hi, ramesh.en, ramesh.mobile) == ("RPR/17", "रमेश वर्मा", "Ramesh Verma", "9812345615")
    assert (ramesh.city_id, ramesh.area, ramesh.weekdays, ramesh.capacity) == ("raipur", "", [0, 1, 2, 3, 4, 5], 8)
    assert (ramesh.since, ramesh.until) == (date(2026, 11, 1), None)


def test_reading_stores_nothing(sqlite_town: Store) -> None:
    read(sqlite_town, GOOD)
    with sqlite_town.read() as session:
        assert session.get(Executive, "RPR/17") is None


@pytest.mark.parametrize(
    "data",
    [
        ("\ufeff" + HEAD + "\r\n" + GOOD + "\r\n\r\n").encode(),
        (HEAD + "\n\n" + GOOD).replace(",", ";").encode(),
        (HEAD + "\n" + GOOD).replace(",", "\t").encode(),
        (HEAD.upper() + ",\n" + GOOD + ",,,").encode(),
        (HEAD + "\n" + GOOD.replace("98123 45615", "'+919812345615")).encode(),
        (HEAD + "\n" + GOOD.replace("2026-11-01", "01/11/2026")).encode(),
        (HEAD + "\n" + GOOD.replace("Ramesh Verma", '"Ramesh Verma"')).encode(),
        (HEAD + "\n" + GOOD.replace("mon-sat", '"mon, tue, wed, thu-sat"')).encode(),
    ],
    ids=["mark", "semicolons", "tabs", "empty cells", "apostrophe", "Indian day", "quotes", "list in quotes"],
)
def test_a_table_may_come_as_spreadsheets_write_it(sqlite_town: Store, data: bytes) -> None:
    (ramesh,), problems = read_bytes(sqlite_town, data)
    assert problems == []
    assert (ramesh.mobile, ramesh.weekdays, ramesh.since) == ("9812345615", [0, 1, 2, 3, 4, 5], date(2026, 11, 1))


@pytest.mark.parametrize(
    ("before", "after", "column", "remedy"),
    [
        ("RPR/17", "", "id", "number on the identity card"),
        ("RPR/17", "RPR/1234567890", "id", "at most 12"),
        ("RPR/17", "=1+1", "id", "number on the identity card"),
        ("रमेश वर्मा", "Ramesh", "hi", "in Devanagari"),
        ("रमेश वर्मा", "", "hi", "in Devanagari"),
        ("रमेश वर्मा", "र" * 26, "hi", "at most 25"),
        ("रमेश वर्मा", "ा", "hi", "in Devanagari"),
        ("Ramesh Verma", "रमेश", "en", "in Latin letters"),
        ("Ramesh Verma", "=cmd()", "en", "in Latin letters"),
        ("98123 45615", "9.81E+09", "mobile", "formatted as text"),
        ("98123 45615", "0788-2322222", "mobile", "ten digits"),
        ("raipur", "Nagpur", "city", "covered city"),
        ("raipur,,", "raipur,north,", "area", "there are: none, leave it empty"),
        ("mon-sat", "", "weekdays", "mon-sat"),
        ("mon-sat", "mo-so", "weekdays", "mon-sat"),
        (",8,", ",0,", "capacity", "from 1 to 24"),
        (",8,", ",8.5,", "capacity", "from 1 to 24"),
        (",8,", ",,", "capacity", "from 1 to 24"),
        ("2026-11-01", "11/2026", "since", "write it as"),
        ("2026-11-01", "31-02-2026", "since", "not in the calendar"),
        ("2026-11-01,", "2026-11-01,2026-10-31", "until", "before 2026-11-01"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column_with_its_remedy(
    sqlite_town: Store, before: str, after: str, column: str, remedy: str
) -> None:
    assert before in GOOD
    _, problems = read(sqlite_town, GOOD.replace("17", "16").replace("45615", "45614"), GOOD.replace(before, after))
    assert len(problems) == 1
    assert problems[0].startswith(f"row 3, {column}: ")
    assert remedy in problems[0]


def test_all_problems_are_named_at_once(sqlite_town: Store) -> None:
    _, problems = read(sqlite_town, ",,,,,,,,,x", GOOD, GOOD, "RPR/18,रमा,Rama,9812345616,raipur,,all,8,,,surplus")
    assert [p.partition(":")[0] for p in problems] == [
        "row 2, id", "row 2, hi", "row 2, en", "row 2, mobile", "row 2, city", "row 2, weekdays", "row 2, capacity",
        "row 2, until", "row 4, id", "row 4, mobile", "row 5",
    ]  # fmt: skip


def test_an_area_of_the_city_is_taken(sqlite_town: Store) -> None:
    with sqlite_town.begin() as session:
        session.add(Area(id="north", city_id="raipur", hi="उत्तर", en="North", places=[], pins=[]))
    (ramesh,), problems = read(sqlite_town, GOOD.replace("raipur,,", "raipur,north,"))
    assert (ramesh.area, problems) == ("north", [])
    _, problems = read(sqlite_town, GOOD.replace("raipur,,", "durg,north,"))
    assert "no area of durg" in problems[0]


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"", "row 1, id, hi, en, mobile, city, weekdays, capacity: is missing"),
        (HEAD.encode(), "the file: has no rows"),
        (HEAD.replace("mobile,", "").encode(), "row 1, mobile: is missing"),
        (f"{HEAD},salary".encode(), "row 1, salary: is unknown"),
        (f"{HEAD},id".encode(), "row 1, id: is there twice"),
        (f"{HEAD}\n{GOOD}".encode("utf-16"), "the file: is not UTF-8"),
        ("id,hi\nM-1,é".encode("latin-1"), "the file: is not UTF-8"),
        (b"id\x00", "the file: is not text"),
        (b"x" * 5_000_001, "the file: is larger than 5 MB"),
        (f'{HEAD}\n"{"x" * 140_000}"'.encode(), "check its quotes"),
    ],
    ids=["empty", "heading only", "column missing", "strange column", "column twice", "UTF-16", "Latin-1", "binary",
         "too large", "a quote without end"],
)  # fmt: skip
def test_what_is_no_such_table_is_said(sqlite_town: Store, data: bytes, remedy: str) -> None:
    _, problems = read_bytes(sqlite_town, data)
    assert len(problems) == 1
    assert remedy in problems[0]


@pytest.mark.parametrize(
    ("text", "days"),
    [("all", [0, 1, 2, 3, 4, 5, 6]), ("Monday-Wednesday", [0, 1, 2]), ("fri-mon", [0, 4, 5, 6]), ("sun", [6]),
     ("mon mon, tue", [0, 1]), ("sat-sat", [5])],
)  # fmt: skip
def test_working_days_are_written_as_people_do(text: str, days: list[int]) -> None:
    assert weekdays(text) == days


@pytest.mark.parametrize("text", ["", ",", "1-5", "-", "all mon", "mon--tue"])
def test_other_words_are_no_working_days(text: str) -> None:
    with pytest.raises(ValueError, match="mon-sat"):
        weekdays(text)


def test_days_are_read_by_the_calendar() -> None:
    assert day("29-02-2028") == day("2028-2-29") == date(2028, 2, 29)
    for wrong in ("29-02-2027", "1-1-26", "२०२६-११-०१", "2026-11-23T10:00"):
        with pytest.raises(ValueError, match=r"correct|write"):
            day(wrong)


def test_a_team_is_added_and_a_changed_executive_loses_visits_that_he_cannot_make(town: Store) -> None:
    hires(town, executive("RPR/17"), executive("RPR/18"))
    number = booked(town)
    assigns(town, number, "RPR/17")
    rows = [GOOD.replace("mon-sat", "tue-sat"), "RPR/19,रमा साहू,Rama Sahu,9812345616,raipur,,all,8,,"]
    told = take(town, Executives(), sheet(HEAD, *rows))
    assert [str(t) for t in told] == ["1 visits given to others."]
    assert comes(town, number) == "RPR/18"
    with town.read() as session:
        assert session.get_one(Executive, "RPR/17").en == "Ramesh Verma"
