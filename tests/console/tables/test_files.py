"""Tables as files: what is exported can be brought in again, every row is checked before anything is taken over."""

from __future__ import annotations

import csv
import html
import re
import zlib
from base64 import b64encode
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from booking.audit import Wanted, entries
from models.catalogue import CityRow
from models.executives import Executive
from models.store import Store
from tests.booking.tables.sheet import excel, sheet
from tests.booking.team import executive, hires
from tests.console.accounts.house import ASHA, Browser, entered
from tests.console.tables.house import HOME, save, send, take_over

HEAD = "id,hi,en,district,also"
KORBA = "korba,कोरबा,Korba,korba,कोरवा; कोर्बा"
RAIPUR = f"{HOME}/cities/row?key=raipur"


def cities(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {city.id: city.en for city in session.scalars(select(CityRow))}


def plain(text: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("table", ["services", "cities", "areas", "hours", "executives", "escalation"])
def test_what_is_exported_is_the_same_when_it_comes_back(
    asha: Browser, store: Store, table: str, kind: str, language: str
) -> None:
    hires(store, executive("RPR/17"))
    for name, row in {"hours": {"city": "durg", "seats": "3"},
                      "areas": {"id": "n", "city": "durg", "hi": "उत्तर", "en": "n", "kind": "ring", "places": "क\nख"},
                      "escalation": {"level": "1", "office": "office", "hi": "कार्यालय", "en": "office",
                                     "hours": "168", "working": "yes"}}.items():  # fmt: skip
        assert save(asha, f"{HOME}/{name}/row", **row).status_code == 303
    asha.get(f"{HOME}?lang={language}")
    file = asha.get(f"{HOME}/{table}/export/{kind}")
    assert f'filename="{table}-2026-11-23.{kind}"' in file.headers["Content-Disposition"]
    checked = send(asha, table, file.data, f"{table}.{kind}")
    assert checked.status_code == 200, plain(checked.text)
    assert {"hi": "वह पहले से वैसा ही है", "en": "stands there already"}[language] in checked.text


def test_a_file_is_shown_row_by_row_and_taken_over_at_once(prem: Browser, store: Store) -> None:
    checked = send(prem, "cities", sheet(HEAD, KORBA, "durg,दुर्ग,Durg City,,", "raipur,रायपुर,Raipur,,"))
    said = plain(checked.text)
    assert "1 new 1 changed 1 as before" in said
    assert "3 durg English name Durg → Durg City" in said
    assert cities(store) == {"raipur": "Raipur", "durg": "Durg"}
    assert take_over(prem, "cities", checked).status_code == 303
    assert cities(store) == {"raipur": "Raipur", "durg": "Durg City", "korba": "Korba"}
    with store.read() as session:
        told = [(e.who, e.what, e.subject, e.before) for e in entries(session, Wanted(what="row"), None, 9)]
    assert told == [("prem", "row.changed", "cities:durg", {"en": "Durg"}), ("prem", "row.added", "cities:korba", None)]
    assert "The rows of the file are taken over." in prem.get(f"{HOME}/cities").text


def test_a_column_that_is_not_in_the_file_stays_and_an_empty_cell_empties(asha: Browser, store: Store) -> None:
    save(asha, RAIPUR, also="रैपुर", district="raipur")
    take_over(asha, "cities", send(asha, "cities", sheet("id,hi,en,district", "raipur,रायपुर,Raipur,")))
    with store.read() as session:
        city = session.get_one(CityRow, "raipur")
        assert (city.district, city.also) == ("", ["रैपुर"])


def test_one_wrong_row_and_there_is_nothing_to_say_yes_to(asha: Browser, store: Store) -> None:
    checked = send(asha, "cities", sheet(HEAD, KORBA, "durg,Durg,Durg,,", "KORBA 2,कोरबा,Korba,,", KORBA))
    assert checked.status_code == 422
    said = plain(checked.text)
    assert "3 Hindi name 'Durg': write the name in Devanagari" in said
    assert "4 Id 'KORBA 2': write small Latin letters" in said
    assert "5 Id is the same as in row 2" in said
    assert "take-over" not in checked.text
    assert "korba" not in cities(store)


def test_what_was_changed_between_check_and_yes_is_checked_again(house: Flask, prem: Browser, store: Store) -> None:
    checked = send(prem, "cities", sheet(HEAD, "durg,दुर्ग,Durg City,,"))
    save(entered(house, ASHA), f"{HOME}/cities/row?key=durg", en="Durg Town")
    late = take_over(prem, "cities", checked)
    assert late.status_code == 409
    assert "changed after the check" in late.text
    assert "Durg Town → Durg City" in plain(late.text)
    assert cities(store)["durg"] == "Durg Town"
    assert take_over(prem, "cities", late).status_code == 303
    assert cities(store)["durg"] == "Durg City"


def test_saying_yes_twice_does_it_once(prem: Browser, store: Store) -> None:
    checked = send(prem, "cities", sheet(HEAD, KORBA))
    assert take_over(prem, "cities", checked).status_code == 303
    assert take_over(prem, "cities", checked).status_code == 409
    with store.read() as session:
        assert len(entries(session, Wanted(what="row"), None, 9)) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "choose a file first"),
        (b"x" * 5_000_001, "is larger than 5 MB"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "an old Excel file or has a password"),
        (b"PK\x03\x04" + b"x" * 600, "cannot be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8"),
        (b"id,hi\x00", "is not text"),
        (b"id,hi\nraipur,x", "English name is missing"),
        (sheet(f"{HEAD},salary", KORBA), "salary is unknown"),
        (sheet(HEAD), "has no rows"),
        (sheet(HEAD, *(f"c{n},क,c{n},," for n in range(100_000))), "more than 5000 rows"),
        (excel(["id", "hi", "en"], *([f"c{n}", "क", f"c{n}"] for n in range(5_100))), "more than 5000 rows"),
        (excel(["id", "hi", "en"], ["korba", "कोरबा", '=HYPERLINK("x","Korba")']), "2 English name is a formula"),
    ],
    ids=["none", "too large", "old", "broken", "picture", "binary", "column missing", "strange column", "heading only",
         "100,000 rows", "Excel of 5,100 rows", "formula"],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_gets_a_sentence(asha: Browser, data: bytes, said: str) -> None:
    answer = send(asha, "cities", data)
    assert answer.status_code == 422
    assert said in plain(answer.text).replace("Column", "").replace("The whole file", "")


def test_a_cell_that_a_spreadsheet_would_compute_is_exported_as_text(house: Flask, asha: Browser, store: Store) -> None:
    with store.begin() as session:
        session.get_one(CityRow, "durg").district = "=1+1"
    text = asha.get(f"{HOME}/cities/export/csv").data.decode("utf-8-sig")
    assert [row[3] for row in csv.reader(StringIO(text))][1:] == ["", "'=1+1"]
    sheet_ = load_workbook(BytesIO(asha.get(f"{HOME}/cities/export/xlsx").data)).worksheets[0]
    cell = sheet_["D3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_who_may_only_read_gets_masked_numbers_and_the_sight_of_all_is_noted(
    esha: Browser, prem: Browser, store: Store
) -> None:
    hires(store, executive("RPR/17"))
    path = f"{HOME}/executives/export/csv"
    assert "90xxxxxx01" in esha.get(path).text
    assert "9000000001" not in esha.get(path).text
    assert "9000000001" in prem.get(path).text
    with store.read() as session:
        seen = [(e.who, e.subject) for e in entries(session, Wanted(what="row.seen"), None, 9)]
    assert seen == [("prem", "executives")]


def test_editors_bring_nothing_in(esha: Browser) -> None:
    assert f"{HOME}/cities/import" not in esha.get(f"{HOME}/cities").text
    assert esha.post(f"{HOME}/cities/import", on=HOME, file=(BytesIO(b"x"), "x.csv")).status_code == 403
    assert esha.post(f"{HOME}/cities/take-over", on=HOME, sheet="x").status_code == 403


def bomb() -> str:
    return b64encode(zlib.compress(b"[" + b'"' + b"a" * 50_000_000)).decode()


@pytest.mark.parametrize("carried", ["", "x", "अ", b64encode(b"x").decode(), b64encode(zlib.compress(b"[1")).decode(),
                                     b64encode(zlib.compress(b"[[1],[[2]]]")).decode(), bomb()])  # fmt: skip
def test_what_was_never_checked_is_not_taken_over(asha: Browser, store: Store, carried: str) -> None:
    answer = asha.post(f"{HOME}/cities/take-over", on=f"{HOME}/cities/import", sheet=carried, seen="x")
    assert answer.status_code in (409, 422)
    assert cities(store) == {"raipur": "Raipur", "durg": "Durg"}


def test_thousands_of_rows_are_carried_by_the_page(asha: Browser, store: Store) -> None:
    rows = (f"X{n},रमेश वर्मा,Ramesh Verma,{9_000_000_000 + n * 7919},raipur,all,8" for n in range(5_000))
    checked = send(asha, "executives", sheet("id,hi,en,mobile,city,weekdays,capacity", *rows))
    assert checked.status_code == 200, plain(checked.text)[:500]
    assert "5000 new" in plain(checked.text)
    assert take_over(asha, "executives", checked).status_code == 303
    with store.read() as session:
        assert len(session.scalars(select(Executive.id)).all()) == 5_000
