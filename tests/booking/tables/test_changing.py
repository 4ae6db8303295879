"""What is taken over: all or nothing, one after the other, told to running calls and to the trail."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from booking import catalogue_version
from booking.audit import Wanted, entries
from booking.tables.changing import alone, carry_out, planned, stored
from booking.tables.escalation import Escalation
from booking.tables.executives import Executives
from booking.tables.registry import EVERY
from booking.tables.services import Services
from booking.tables.table import Table
from models.catalogue import ServiceRow
from models.store import Store
from tests.booking.tables.sheet import HAND, look, problems, sheet, take
from tests.booking.team import executive, hires

HEAD = "id,hi,en,fee,days,confirmed"
BIRTH = "birth_certificate,जन्म प्रमाण पत्र,birth certificate,20,7,yes"
TEAM = "id,hi,en,mobile,city,weekdays,capacity"
RAMESH = "RPR/17,रमेश वर्मा,Ramesh Verma,9812345615,raipur,mon-sat,8"


def version(store: Store) -> int:
    with store.read() as session:
        return catalogue_version.present(session)


def test_calls_learn_of_what_they_speak_of_and_only_when_something_is_different(town: Store) -> None:
    before = version(town)
    take(town, Services(), sheet(HEAD, BIRTH))
    assert version(town) == before + 1
    take(town, Services(), sheet(HEAD, BIRTH))
    take(town, Executives(), sheet(TEAM, RAMESH))
    assert version(town) == before + 1


def test_unchanged_rows_leave_no_trace(town: Store) -> None:
    take(town, Services(), sheet(HEAD, BIRTH))
    assert look(town, Services(), sheet(HEAD, BIRTH)).keys("same") == ["birth_certificate"]
    take(town, Services(), sheet(HEAD, BIRTH))
    with town.read() as session:
        assert [e.what for e in entries(session, Wanted(), None, 9)] == ["row.changed"]


def test_a_service_is_confirmed_only_with_fee_and_time_limit(sqlite_town: Store) -> None:
    assert problems(sqlite_town, Services(), sheet(HEAD, BIRTH.replace(",20,7,", ",0,,"))) == [
        "row 2, days: confirm a service only when both the department's fee and the time limit are known: fill this in."
    ]
    assert look(sqlite_town, Services(), sheet("id,hi,en,days", "birth_certificate,जन्म,birth,7")).problems == []


def test_what_was_confirmed_stays_checked_when_a_file_empties_its_fee(sqlite_town: Store) -> None:
    take(sqlite_town, Services(), sheet(HEAD, BIRTH))
    wrong = problems(sqlite_town, Services(), sheet("id,hi,en,fee", "birth_certificate,जन्म,birth,"))
    assert [p.partition(":")[0] for p in wrong] == ["row 2, fee"]


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_reading_what_a_row_shows_gives_the_same_row(town: Store, table: Table[Any]) -> None:
    hires(town, executive("RPR/17", area=""))
    with town.read() as session:
        names = [column.name for column in table.columns]
        for cells in stored(session, table).values():
            assert list(cells) == names


def test_choices_may_be_written_by_their_names(sqlite_town: Store) -> None:
    rows = (
        RAMESH.replace("raipur", "रायपुर"),
        RAMESH.replace("raipur", "Durg").replace("17", "18").replace("615", "616"),
    )
    plan = look(sqlite_town, Executives(), sheet(TEAM, *rows))
    assert [step.after["city"] for step in plan.steps] == ["raipur", "durg"]


def test_headings_may_be_written_as_the_pages_name_them(sqlite_town: Store) -> None:
    hindi = "आईडी,हिन्दी नाम,अंग्रेज़ी नाम,शुल्क (रुपये)"
    plan = look(sqlite_town, Services(), sheet(hindi, "birth_certificate,जन्म,birth,20"))
    assert plan.steps[0].after["fee"] == "20"


def test_a_level_may_come_after_its_lower_one_in_any_order_of_rows(sqlite_town: Store) -> None:
    head, end = "kind,level,office,hi,en,hours,working", "office,कार्यालय,office,24,yes"
    assert problems(sqlite_town, Escalation(), sheet(head, f",2,{end}", f",1,{end}")) == []
    assert len(problems(sqlite_town, Escalation(), sheet(head, f",3,{end}", f",1,{end}"))) == 1
    assert len(problems(sqlite_town, Escalation(), sheet(head, f",1,{end}", f",1,{end}"))) == 1


def test_two_who_save_at_once_come_one_after_the_other(town: Store) -> None:
    """Each sees what the other has stored: the second one's plan is another than it would have been."""
    gate, seen = Barrier(2, timeout=30), list[str]()

    def saves(fee: int) -> None:
        gate.wait()
        with town.begin() as session:
            alone(session)
            line = next(iter(_lines(town, fee)))
            plan = planned(session, Services(), [line])
            before = plan.steps[0].before
            carry_out(session, HAND, Services(), plan)
            seen.append(before["fee"] if before else "nothing")

    threads = [Thread(target=saves, args=(fee,)) for fee in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with town.read() as session:
        last = session.get_one(ServiceRow, "birth_certificate").fee
    assert sorted(seen) in (["", "10"], ["", "20"])
    assert {*seen, str(last)} == {"", "10", "20"}


def _lines(store: Store, fee: int) -> Any:
    plan = look(store, Services(), sheet("id,hi,en,fee", f"birth_certificate,जन्म,birth,{fee}"))
    return [step.line for step in plan.steps]
