from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest

from booking.actors import Actor
from booking.daysheet import DayRow, as_csv, day_sheet, safe
from booking.errors import NotFound
from booking.notes import keep
from booking.tracking import by_number
from booking.visits import no_show, second_visit, visited
from models.areas import Area
from models.store import Store
from tests.booking.life import AGENT, FIELD, cancels, goes, within
from tests.booking.team import MANY, assigns, assigns_due, booked, executive, hires
from tests.booking.town import NOW, RULES, TEN, at

MONDAY = date(2026, 11, 23)


def sheet(store: Store, who: str = "M-1", day: date = MONDAY) -> list[DayRow]:
    with store.read() as session:
        return day_sheet(session, RULES, who, day)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_day_sheet_says_whom_to_visit_what_to_look_at_and_what_to_collect(town: Store) -> None:
    hires(town, executive("M-1"))
    with town.begin() as session:
        session.add(Area(id="north", city_id="raipur", hi="उत्तर", en="North", places=[], pins=[]))
        note = keep(session, NOW, "c1", b"\xff" * 80, 4.2, "Asha Verma, house 7")
    number = booked(town, service="domicile_certificate", area="north", note=note)
    assigns(town, number)
    assert sheet(town) == [
        DayRow(TEN, at(23, 11), number, "assigned", "documents", "planned", "domicile_certificate",
               "मूल निवास प्रमाण पत्र", "domicile certificate", "", "Asha Verma, house 7", note, "north", "उत्तर",
               "North", "492001", "9812345615", ("identity",), 30, 50)
    ]  # fmt: skip
    assert sheet(town)[0].collect == 80


def test_visits_stand_in_the_order_of_time_and_only_those_of_the_day(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    numbers = {hour: booked(town, f"c{hour}", at(23, hour)) for hour in (19, 8, 13)}
    for number in numbers.values():
        assigns(town, number, "M-1")
    assigns(town, booked(town, "c1", at(24, 8)), "M-1")
    assigns(town, booked(town, "c2", at(23, 8)), "M-2")
    assert [r.number for r in sheet(town)] == [numbers[8], numbers[13], numbers[19]]
    assert sheet(town, day=date(2026, 11, 25)) == []


def test_what_was_cancelled_or_given_to_another_is_gone_and_how_visits_ended_is_shown(town: Store) -> None:
    hires(town, executive("M-1"), executive("M-2"))
    numbers = [booked(town, f"c{n}", at(23, 8 + n)) for n in range(4)]
    for number in numbers:
        assigns(town, number, "M-1")
    cancels(town, numbers[0], AGENT)
    assigns(town, numbers[1], "M-2")
    within(town, lambda s: visited(s, at(23, 10), by_number(s, numbers[2]), FIELD))
    within(town, lambda s: no_show(s, at(23, 11), by_number(s, numbers[3]), "citizen", FIELD))
    assert [(r.number, r.state) for r in sheet(town)] == [(numbers[2], "done"), (numbers[3], "citizen_absent")]


def test_at_a_second_visit_only_what_is_missing_is_looked_at_and_paid_is_paid(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town, service="domicile_certificate")
    assigns(town, number)
    within(town, lambda s: visited(s, TEN, by_number(s, number), FIELD))
    for stage, actor in (("fee_paid", None), ("submitted", None), ("in_verification", None)):
        goes(town, number, stage, actor, TEN)
    office = Actor("office", "raipur")
    goes(town, number, "documents_needed", office, TEN, data={"missing": ["residence_proof", "पुरानी रसीद"]})
    within(town, lambda s: second_visit(s, TEN, MANY, by_number(s, number), at(24, 9), (), AGENT))
    assigns_due(town, TEN)
    row = sheet(town, day=date(2026, 11, 24))[0]
    assert (row.purpose, row.documents) == ("second", ("residence_proof", "पुरानी रसीद"))
    assert (row.fee, row.visit_fee, row.collect) == (0, 0, 0)
    english = dict(zip(*cells(as_csv([row], "en")), strict=True))
    assert english["purpose"] == "missing documents"
    assert english["documents"].endswith("पुरानी रसीद")


def test_nobody_has_no_day_sheet(town: Store) -> None:
    with pytest.raises(NotFound):
        sheet(town, "M-9")


def test_the_file_opens_in_a_spreadsheet_in_hindi(town: Store) -> None:
    hires(town, executive("M-1"))
    number = booked(town)
    assigns(town, number)
    data = as_csv(sheet(town))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    row = dict(zip(*cells(data), strict=True))
    assert row["बुकिंग नंबर"] == number
    assert row["समय"] == "10:00-11:00"
    assert row["सेवा"] == "जन्म प्रमाण पत्र"
    assert row["आवाज़ में नाम-पता"] == "नहीं"
    assert row["विभाग का शुल्क (रुपये)"] == row["कुल लेना है (रुपये)"] == "पता नहीं"
    assert all(row[name] for name in ("काम", "स्थिति", "पिन कोड", "मोबाइल", "घर आने का शुल्क (रुपये)"))


def test_an_empty_day_is_a_sheet_with_a_heading() -> None:
    assert len(cells(as_csv([], "en"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+91",
        "-2",
        "@SUM(A1)",
        "|calc",
        "%x",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "\u200b=1",
        "＝1",
        "＠x",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    row = DayRow(TEN, TEN, "1", "assigned", "documents", "planned", "s", "सेवा", "service", text, f'{text}";{text}',
                 None, "", "", "", "492001", "9812345615", (), None, 50)  # fmt: skip
    name, address = cells(as_csv([row], "en"))[1][5:7]
    assert (name, address) == (f"'{text}", f"'{text}\";{text}")


@pytest.mark.parametrize("text", ["", "आशा वर्मा", "9812345615", "house 7 = old", "'=1", "10:00-11:00"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text
