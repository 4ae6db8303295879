"""Rows are changed by forms: nothing typed is lost, nobody is overwritten unseen, changes stand in the trail."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.audit import Wanted, entries
from models.catalogue import CityRow, ServiceRow
from models.complaints import EscalationLevel
from models.executives import Executive
from models.opening import CityHours
from models.slots import Slot
from models.store import Store
from tests.booking.team import assigns, booked, executive, hires
from tests.booking.town import TEN
from tests.console.accounts.house import ASHA, RAVI, Browser, entered
from tests.console.tables.house import HOME, form, save

BIRTH = f"{HOME}/services/row?key=birth_certificate"
NEW_CITY = {"id": "korba", "hi": "कोरबा", "en": "Korba", "district": "korba", "also": "कोरवा\nकोरबा नगर"}


def trail(store: Store, what: str = "row") -> list[tuple[str, str, str, object, object]]:
    with store.read() as session:
        return [(e.who, e.what, e.subject, e.before, e.after) for e in entries(session, Wanted(what=what), None, 20)]


def service(store: Store) -> ServiceRow:
    with store.read() as session:
        return session.get_one(ServiceRow, "birth_certificate")


def test_all_tables_are_listed_with_how_many_rows_they_have(asha: Browser) -> None:
    text = asha.get(HOME).text
    for name in ("services", "cities", "areas", "hours", "executives", "escalation"):
        assert f'href="{HOME}/{name}"' in text
        assert asha.get(f"{HOME}/{name}").status_code == 200
    assert "3 rows" in text


def test_a_fee_that_is_known_is_written_and_the_trail_says_who_and_what(prem: Browser, store: Store) -> None:
    papers = ["identity", "affidavit"]
    assert save(prem, BIRTH, fee="30", days="7", confirmed="yes", documents=papers).status_code == 303
    row = service(store)
    assert (row.fee, row.days, row.confirmed, row.documents) == (30, 7, True, papers)
    before = {"fee": "", "days": "", "documents": "", "confirmed": "no"}
    after = {"fee": "30", "days": "7", "documents": "identity; affidavit", "confirmed": "yes"}
    assert trail(store) == [("prem", "row.changed", "services:birth_certificate", before, after)]
    page = prem.get(f"{HOME}/services?q=birth").text
    assert "Saved." in page
    assert "<td>30</td>" in page


def test_a_form_sent_as_it_came_changes_nothing(prem: Browser, store: Store) -> None:
    hires(store, executive("RPR/17"))
    for at in (BIRTH, f"{HOME}/executives/row?key=RPR/17", f"{HOME}/cities/row?key=raipur"):
        assert save(prem, at).status_code == 303
    assert [entry for entry in trail(store) if entry[1] != "row.seen"] == []


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"hi": ""}, "hi", "in Devanagari"),
        ({"hi": "birth"}, "hi", "in Devanagari"),
        ({"en": "x" * 10_000}, "en", "at most 80"),
        ({"en": "<script>alert(1)</script>"}, "en", "in Latin letters"),
        ({"hi": "जन्म {brand}"}, "hi", "in Devanagari"),
        ({"fee": "thirty"}, "fee", "from 0 to 100000"),
        ({"fee": "-1"}, "fee", "from 0 to 100000"),
        ({"days": "२"}, "days", "from 1 to 365"),
        ({"since": "31-02-2026"}, "since", "not in the calendar"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until", "lies before 2026-02-01"),
        ({"confirmed": "yes", "fee": "", "days": "3"}, "fee", "confirm a service only when"),
        ({"documents": ["identity", "passport_of_mars"]}, "documents", "write one of"),
        ({"position": "first"}, "position", "from 0 to 9999"),
    ],
)
def test_what_cannot_be_taken_is_named_beside_its_field_and_stays_typed(
    prem: Browser, store: Store, typed: dict[str, object], field: str, said: str
) -> None:
    answer = save(prem, BIRTH, **typed)
    assert answer.status_code == 422
    _, _, beside = answer.text.partition(f'id="{field}-wrong">')
    assert said in html.unescape(beside.partition("</span>")[0])
    again = form(answer.text)
    assert all(again[name] == (text if isinstance(text, list) else [text]) for name, text in typed.items())
    assert service(store).hi == "जन्म प्रमाण पत्र"
    assert "<script>alert" not in answer.text


def test_who_comes_second_sees_what_stands_there_now_and_keeps_what_they_typed(
    house: Flask, prem: Browser, store: Store
) -> None:
    asha, old = entered(house, ASHA), form(prem.get(BIRTH).text)
    assert save(asha, BIRTH, fee="40", en="birth record").status_code == 303
    second = prem.post(BIRTH, **{**old, "fee": "30"})
    assert second.status_code == 409
    assert "Somebody else has changed this" in second.text
    assert "<b>40</b>" in second.text
    assert "<b>birth record</b>" in second.text
    assert form(second.text)["fee"] == ["30"]
    assert service(store).fee == 40
    assert prem.post(BIRTH, **{**form(second.text), "en": "birth record"}).status_code == 303  # knowingly
    assert (service(store).fee, service(store).en) == (30, "birth record")


def test_a_mistake_does_not_hide_that_somebody_else_was_quicker(house: Flask, prem: Browser) -> None:
    old = form(prem.get(BIRTH).text)
    save(entered(house, ASHA), BIRTH, fee="40")
    wrong = prem.post(BIRTH, **{**old, "fee": "x"})
    assert wrong.status_code == 422
    assert prem.post(BIRTH, **{**form(wrong.text), "fee": "30"}).status_code == 409


def test_a_new_city_has_slots_at_once_and_one_with_its_name_is_refused(asha: Browser, store: Store) -> None:
    made = save(asha, f"{HOME}/cities/row", **NEW_CITY)
    assert made.status_code == 303
    assert "slots added" in asha.get(f"{HOME}/cities").text
    with store.read() as session:
        city = session.get_one(CityRow, "korba")
        assert (city.also, city.position) == (["कोरवा", "कोरबा नगर"], 2)
        assert session.scalar(select(Slot.id).where(Slot.city_id == "korba").limit(1))
    again = save(asha, f"{HOME}/cities/row", **NEW_CITY)
    assert again.status_code == 422
    assert "is there already" in again.text


def test_the_key_of_a_row_stays_whatever_is_sent(asha: Browser, store: Store) -> None:
    assert save(asha, BIRTH, id="death_certificate", fee="5").status_code == 303
    with store.read() as session:
        assert session.get(ServiceRow, "death_certificate") is None
        assert session.get_one(ServiceRow, "birth_certificate").fee == 5


def test_a_row_that_is_gone_meanwhile_is_told_and_can_be_added_again(asha: Browser, store: Store) -> None:
    hires(store, executive("RPR/17"))
    old = form(asha.get(f"{HOME}/executives/row?key=RPR/17").text)
    with store.begin() as session:
        session.delete(session.get_one(Executive, "RPR/17"))
    late = asha.post(f"{HOME}/executives/row", **old)
    assert late.status_code == 409
    assert "not there any more" in late.text
    assert asha.post(f"{HOME}/executives/row", **form(late.text)).status_code == 303


def test_mobile_numbers_are_masked_in_lists_and_the_trail_and_their_sight_is_noted(prem: Browser, store: Store) -> None:
    hires(store, executive("RPR/17"))
    at = f"{HOME}/executives/row?key=RPR/17"
    assert "9000000001" not in prem.get(f"{HOME}/executives").text
    assert form(prem.get(at).text)["mobile"] == ["9000000001"]
    assert trail(store)[0][1:3] == ("row.seen", "executives:RPR/17")
    save(prem, at, mobile="98765 43210")
    assert trail(store)[0][3:] == ({"mobile": "90xxxxxx01"}, {"mobile": "98xxxxxx10"})


def test_an_executive_whom_visits_know_stays_and_another_is_removed(asha: Browser, store: Store) -> None:
    hires(store, executive("RPR/17"), executive("RPR/18", mobile="9000000002"))
    assigns(store, booked(store), "RPR/17")
    assert "visits belong to it" in removed(asha, "executives", "RPR/17", 409)
    removed(asha, "executives", "RPR/18")
    with store.read() as session:
        assert session.scalars(select(Executive.id)).all() == ["RPR/17"]
    assert trail(store)[0][1:3] == ("row.removed", "executives:RPR/18")


def removed(browser: Browser, table: str, key: str, status: int = 303) -> str:
    at = f"{HOME}/{table}/row?key={key}"
    seen = form(browser.get(at).text)["seen"]
    answer = browser.post(f"{HOME}/{table}/remove", on=at, key=key, seen=seen)
    assert answer.status_code == status
    return answer.text


def test_what_somebody_has_changed_since_is_not_removed_unseen(house: Flask, asha: Browser, store: Store) -> None:
    with store.begin() as session:
        session.add(CityHours(city_id="durg", first_slot_h=10, last_end_h=13, seats=None))
    at = f"{HOME}/hours/row?key=durg"
    seen = form(asha.get(at).text)["seen"]
    save(entered(house, ASHA), at, seats="1")
    late = asha.post(f"{HOME}/hours/remove", on=at, key="durg", seen=seen)
    assert late.status_code == 409
    assert form(late.text)["seats"] == ["1"]
    removed(asha, "hours", "durg")
    assert asha.post(f"{HOME}/hours/remove", on=HOME, key="durg", seen=seen).status_code == 404


def test_shorter_hours_say_how_many_bookings_have_lost_their_time(asha: Browser, store: Store) -> None:
    booked(store, start=TEN + timedelta(days=1))
    assert save(asha, f"{HOME}/hours/row", city="raipur", first_slot_h="14").status_code == 303
    assert "1 bookings have lost their time" in asha.get(f"{HOME}/hours").text


def test_an_area_that_is_booked_stays_and_an_empty_one_goes_with_its_slots(asha: Browser, store: Store) -> None:
    for id in ("north", "south"):
        area = {"id": id, "city": "raipur", "hi": "उत्तर", "en": id, "kind": "ward", "pins": "492001\n492002"}
        assert save(asha, f"{HOME}/areas/row", **area).status_code == 303
    booked(store, area="north")
    assert "records belong to it" in removed(asha, "areas", "north", 409)
    hires(store, executive("RPR/17", area="south"))
    assert "records belong to it" in removed(asha, "areas", "south", 409)
    removed(asha, "executives", "RPR/17")
    removed(asha, "areas", "south")
    with store.read() as session:
        assert session.scalars(select(Slot.area).where(Slot.area != "").distinct()).all() == ["north"]


def test_levels_of_complaints_are_counted_without_a_gap(asha: Browser, store: Store) -> None:
    level = {"kind": "bribe", "office": "vigilance", "hi": "सतर्कता", "en": "vigilance", "hours": "24", "working": "yes"}
    assert "no level below 2" in save(asha, f"{HOME}/escalation/row", level="2", **level).text
    assert save(asha, f"{HOME}/escalation/row", level="1", **level).status_code == 303
    assert save(asha, f"{HOME}/escalation/row?key=bribe/1", hours="48").status_code == 303
    with store.read() as session:
        (row,) = session.scalars(select(EscalationLevel)).all()
        assert (row.kind, row.level, row.hours, row.working) == ("bribe", 1, 48, True)
    removed(asha, "escalation", "bribe/1")


def test_editors_read_and_agents_do_not_even_see(house: Flask, esha: Browser) -> None:
    ravi = entered(house, RAVI)
    assert "/row" not in esha.get(f"{HOME}/services").text
    assert esha.get(BIRTH).status_code == 403
    assert esha.post(BIRTH, on=HOME, hi="x").status_code == 403
    for path in (HOME, f"{HOME}/services", BIRTH, f"{HOME}/services/export/csv", f"{HOME}/services/import"):
        assert ravi.get(path).status_code == 403
        assert Browser(house).get(path).status_code == 302


@pytest.mark.parametrize("path", ["/nothing", "/nothing/row", "/services/row?key=nothing", "/services/export/pdf",
                                  "/cities/row?key=", "/nothing/import", "/executives/row?key=%00"])  # fmt: skip
def test_what_is_not_there_is_not_found(asha: Browser, path: str) -> None:
    assert asha.get(f"{HOME}{path}").status_code == 404


def test_services_and_cities_are_never_removed(asha: Browser) -> None:
    assert "/remove" not in asha.get(BIRTH).text
    assert asha.post(f"{HOME}/services/remove", on=HOME, key="birth_certificate").status_code == 404


def test_a_search_finds_names_of_either_language_ids_and_choices(asha: Browser, store: Store) -> None:
    hires(store, executive("RPR/17"), executive("DRG/1", city_id="durg", mobile="9000000002"))
    for words in ("RPR", "सुनीता raipur", "Raipur"):
        found = asha.get(f"{HOME}/executives?q={words}", **{"HX-Request": "true"}).text
        assert found.lstrip().startswith('<div id="list"')
        assert "RPR/17" in found
        assert "DRG/1" not in found
    assert "Nothing was found" in asha.get(f"{HOME}/executives?q=9000000001").text
