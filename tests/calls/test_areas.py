"""A city with areas: the area is asked for after the city, and the visit is booked there."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from booking.seed import seed
from ivr.helpline import helpline, rules_of
from ivr.script import parse
from ivr.settings import Settings
from models.areas import Area
from models.bookings import Booking
from models.store import Store
from tests.calls.player import PinnedClock, Talking, play, told

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")

SPOKEN = """
name: A village by name, in a city with two areas
turns:
  - {say: हिंदी}
  - {say: कोरबा में पैन कार्ड बनवाना है}
  - {hears: [कोरबा में आपका घर किस इलाके], say: दर्री में}
  - {hears: किस दिन, say: सोमवार सुबह}
  - {say: पहला}
  - {say: दीपक}
  - {say: हाँ}
  - {say: चार नौ पाँच छह सात सात}
  - {say: हाँ}
  - {hears: कोरबा, say: हाँ}
expect:
  outcome: booked
  bookings: 1
"""
KEYED = """
name: An area by its key, and the city corrected at the read-back, where no area is asked for
turns:
  - {keys: 1}
  - {say: कोरबा में पैन कार्ड बनवाना है}
  - {hears: किस इलाके, keys: "#"}
  - {hears: [कोरबा पूर्व के लिए एक, कोरबा पश्चिम के लिए दो], keys: 1}
  - {keys: 2}
  - {keys: 1}
  - {say: दीपक}
  - {keys: 1}
  - {keys: 495677}
  - {keys: 1}
  - {hears: कोरबा, say: शहर दुर्ग है कोरबा नहीं}
  - {say: पहला}
  - {hears: दुर्ग, keys: 1}
expect:
  outcome: booked
  booking: {city: durg}
"""


@pytest.fixture
def town_with_areas(_sqlite_template: Path, tmp_path: Path) -> Store:
    path = tmp_path / "areas.db"
    shutil.copy(_sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    with store.begin() as session:
        seed(session, NOW, rules_of(Settings()))
    with store.begin() as session:
        for n, (id, hi, place) in enumerate((("east", "कोरबा पूर्व", "निहारिका"), ("west", "कोरबा पश्चिम", "दर्री"))):
            session.add(Area(id=f"korba_{id}", city_id="korba", hi=hi, en=hi, places=[place], pins=[], position=n))
    return store


@pytest.mark.parametrize(("text", "area"), [(SPOKEN, "korba_west"), (KEYED, "")])
def test_a_visit_is_booked_in_the_area_that_was_named(text: str, area: str, town_with_areas: Store) -> None:
    clock = PinnedClock(NOW)
    line = helpline(Settings(), town_with_areas, clock)
    script = parse(text)
    played = play(script, town_with_areas, clock, Talking(line, script))
    assert not played.problems, "\n".join([*played.problems, "", told(played)["call"]])
    with town_with_areas.read() as session:
        booking = session.query(Booking).one()
        assert booking.slot.area == area
    town_with_areas.close()
