from __future__ import annotations

import threading
from datetime import date, datetime

from sqlalchemy import func, select

from booking.rules import VisitRules
from booking.seed import seed
from booking.services import cities, open_services, services
from booking.slots import Wish, find, why_closed
from booking.zone import ZONE
from models.catalogue import CityRow, ServiceRow
from models.opening import Closure
from models.slots import Slot
from models.store import Store
from tests.booking.town import NOW, RULES, at


def seeds(store: Store, now: datetime = NOW, rules: VisitRules = RULES) -> None:
    with store.begin() as session:
        seed(session, now, rules)


def test_a_new_store_gets_catalogue_cities_closures_and_slots_of_thirty_days(store: Store) -> None:
    seeds(store)
    with store.read() as session:
        assert len(services(session)) == 25
        assert [c.id for c in cities(session)][:2] == ["ambikapur", "bilaspur"]
        assert len(cities(session)) == 14
        assert sorted(c.yearly or "" for c in session.scalars(select(Closure))) == ["01-26", "08-15", "10-02"]
        assert session.scalar(select(func.count(Slot.id))) == 14 * 31 * 12
        assert find(session, NOW, RULES, Wish("raipur")).relation == "exact"


def test_sample_facts_are_marked_as_not_confirmed(store: Store) -> None:
    seeds(store)
    with store.read() as session:
        assert not any(s.confirmed for s in services(session))
        domicile = session.get_one(ServiceRow, "domicile_certificate")
    assert (domicile.hi, domicile.fee, domicile.days, domicile.since) == (
        "मूल निवास प्रमाण पत्र",
        30,
        15,
        date(2022, 5, 1),
    )
    assert domicile.documents == ["identity", "residence_proof", "school_record"]


def test_services_that_have_ended_are_not_open(store: Store) -> None:
    seeds(store)
    with store.read() as session:
        before = {s.id for s in open_services(session, date(2025, 2, 13))}
        after = {s.id for s in open_services(session, date(2025, 2, 14))}
        early = open_services(session, date(2022, 4, 30))
    assert before - after == {"shop_registration"}
    assert early == []


def test_seeding_again_adds_only_new_days_and_keeps_every_edit(store: Store) -> None:
    seeds(store)
    with store.begin() as session:
        session.get_one(ServiceRow, "pan_card").fee = 107
        session.get_one(CityRow, "raipur").hi = "नया रायपुर"
        session.get_one(Closure, "yearly-01-26").lifted = True
        for slot in session.scalars(select(Slot).where(Slot.city_id == "raipur")):
            slot.seats = 5
    seeds(store, at(23, 9))
    with store.read() as session:
        assert session.get_one(ServiceRow, "pan_card").fee == 107
        assert session.get_one(CityRow, "raipur").hi == "नया रायपुर"
        seats = session.scalars(select(Slot.seats).where(Slot.city_id == "raipur")).all()
        assert (seats.count(5), seats.count(None)) == (31 * 12, 12)
        holiday = datetime(2027, 1, 26, 7, 0, tzinfo=ZONE)
        assert why_closed(session, holiday, RULES, "raipur", holiday.date()) is None


def test_a_service_an_administrator_removed_from_sale_stays_removed(store: Store) -> None:
    seeds(store)
    with store.begin() as session:
        session.get_one(ServiceRow, "pan_card").until = date(2026, 1, 1)
    seeds(store)
    with store.read() as session:
        assert "pan_card" not in {s.id for s in open_services(session, NOW.date())}


def test_processes_may_seed_at_once(store: Store) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            seeds(store, rules=VisitRules(ahead_days=2))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with store.read() as session:
        assert session.scalar(select(func.count(Slot.id))) == 14 * 3 * 12
