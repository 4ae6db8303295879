"""What is simulated: numbers, the place and the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from booking.rules import VisitRules
from booking.seats import ensure_slots
from booking.seed import seed as sow
from booking.services import cities, open_services
from booking.zone import ZONE
from models.catalogue import CityRow
from models.executives import Executive
from models.store import Store

HOURS = 12  # start times a day
ROOM = 1.25  # seats a booking of the day; a bit more than are wanted
CAPACITY = HOURS  # visits a day of one executive: the whole team has just enough to do
AHEAD = 7  # days that are booked ahead


@dataclass(frozen=True)
class Plan:
    """`bookings` a day for `days` days from `first`, in so many cities with so many executives, by `workers` processes
    of which some is killed `kills` times. Everything that is random follows from `seed`."""

    first: date = date(2027, 9, 1)
    days: int = 366
    bookings: int = 2000
    cities: int = 58
    executives: int = 200
    workers: int = 2
    kills: int = 60
    seed: int = 14545

    @property
    def rules(self) -> VisitRules:
        """The rules of visits: seats for all who want one."""
        seats = max(1, round(self.bookings * ROOM / (self.cities * HOURS) + 0.5))
        return VisitRules(seats=seats, ahead_days=AHEAD)

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.days - 1)

    def each_day(self) -> Iterator[date]:
        """All days."""
        return (self.first + timedelta(days=n) for n in range(self.days))

    def draw(self, *about: object) -> Random:
        """Random numbers that are the same whenever the same thing is drawn about, in whichever process."""
        return Random("/".join(map(str, (self.seed, *about))))

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self) | {"first": self.first.isoformat()})

    @classmethod
    def of(cls, text: str) -> Plan:
        """The plan of `text()`."""
        values = json.loads(text)
        return cls(**values | {"first": date.fromisoformat(values["first"])})


def found(store: Store, plan: Plan) -> None:
    """Cities, services, slots and executives in the migrated, empty `store`."""
    begin = datetime.combine(plan.first, time(0), ZONE)
    with store.begin() as session:
        # The slots when all cities are there.
        sow(session, begin - timedelta(days=30), VisitRules(ahead_days=1))
        for n in range(len(cities(session)), plan.cities):
            session.add(CityRow(id=f"city_{n}", hi=f"नगर {n}", en=f"City {n}", district="", also=[], position=n))
        session.flush()
        _executives(session, plan)
        ensure_slots(session, begin, plan.rules)


def towns(session: Session, plan: Plan) -> list[str]:
    """The ids of the cities in which is booked."""
    return [city.id for city in cities(session)][: plan.cities]


def services_on(session: Session, day: date) -> list[str]:
    """The ids of the services that can be booked on `day`."""
    return [service.id for service in open_services(session, day)]


def _executives(session: Session, plan: Plan) -> None:
    places = towns(session, plan)
    for n in range(plan.executives):
        off = plan.draw("executive", n).randrange(7)
        weekdays = [day for day in range(7) if day != off]
        session.add(
            Executive(
                id=f"E{n:04}",
                hi=f"मितान {n}",
                en=f"Mitan {n}",
                mobile=f"98270{n:05}",
                city_id=places[n % len(places)],
                weekdays=weekdays,
                capacity=CAPACITY,
            )
        )
