from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from booking.notices import Notices, notices, sms_parts
from booking.zone import ZONE
from models.bookings import Booking
from models.catalogue import CityRow, ServiceRow
from models.seed.read import read
from models.slots import Slot
from tests.booking.town import TEN

WORDING = notices()
SERVICES = read("services")
# The starts with the longest words: a day of two digits in a month of two, noon, half past.
STARTS = [datetime(2026, 12, 30, h, m, tzinfo=ZONE) for h in range(8, 20) for m in (0, 30)]


def booking(service: str = "birth_certificate", start: datetime = TEN, **names: str) -> Booking:
    row = next((s for s in SERVICES if s["id"] == service), {"hi": "", "en": ""})
    return Booking(
        number="12345678",
        service=ServiceRow(id=service, hi=names.get("hi", row["hi"]), en=names.get("en", row["en"])),
        city=CityRow(id="raipur"),
        slot=Slot(starts_at=start),
    )


def notice_text(wording: Notices, event: str, language: str, of: Booking) -> str:
    values = {"number": of.number, "service": of.service, "when": of.starts_at}
    return wording.compose(event, language, values).text


def test_the_hindi_text_says_what_when_and_the_number() -> None:
    assert notice_text(WORDING, "booked", "hi", booking()) == "मितान बुकिंग 12345678: जन्म प्रमाण पत्र, 23/11 सुबह 10 बजे"


def test_the_english_text_says_what_when_and_the_number() -> None:
    assert notice_text(WORDING, "booked", "en", booking()) == (
        "Mitan: your home visit for birth certificate is booked for Mon 23 Nov, 10 am. "
        "Booking number 12345678. Keep your documents ready."
    )


@pytest.mark.parametrize("service", [s["id"] for s in SERVICES])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_service_at_every_hour_fits_one_sms(service: str, language: str) -> None:
    texts = [notice_text(WORDING, "booked", language, booking(service, start)) for start in STARTS]
    assert max(map(sms_parts, texts)) == 1
    assert all("12345678" in t for t in texts)
    longest = max(len(t.encode("utf-16-le")) // 2 for t in texts)
    assert longest <= (70 if language == "hi" else 160)


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_scheme_s_other_name_fits_as_well(language: str) -> None:
    renamed = WORDING.branded("मोर संगवारी", "Mor Sangwari")
    hours = [start for start in STARTS if not start.minute]
    texts = [notice_text(renamed, "booked", language, booking(s["id"], h)) for s in SERVICES for h in hours]
    assert max(map(sms_parts, texts)) == 1
    assert all(t.startswith(("मोर संगवारी", "Mor Sangwari")) for t in texts)


def test_every_service_of_the_catalogue_has_a_short_name_in_both_languages() -> None:
    assert set(WORDING.services) == {s["id"] for s in SERVICES}
    assert all(names.keys() == {"hi", "en"} and all(names.values()) for names in WORDING.services.values())


def test_a_service_without_a_short_name_is_told_by_its_official_one() -> None:
    text = notice_text(WORDING, "booked", "hi", booking("new", hi="नई सेवा का पूरा नाम", en="x"))
    assert "नई सेवा का पूरा नाम" in text


@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_endless_official_name_is_shortened_and_the_number_stays(language: str) -> None:
    endless = booking("new", hi="बहुत लंबी सेवा " * 40, en="a very long service " * 40)
    text = notice_text(WORDING, "booked", language, endless)
    assert sms_parts(text) == 1
    assert "12345678" in text


@pytest.mark.parametrize(
    ("hour", "minute", "hindi", "english"),
    [
        (8, 0, "सुबह 8 बजे", "8 am"),
        (12, 0, "दोपहर 12 बजे", "12 pm"),
        (16, 0, "शाम 4 बजे", "4 pm"),
        (19, 0, "शाम 7 बजे", "7 pm"),
        (9, 30, "सुबह 9:30 बजे", "9:30 am"),
    ],
)
def test_hours_are_told_as_people_tell_them(hour: int, minute: int, hindi: str, english: str) -> None:
    visit = booking(start=datetime(2026, 11, 23, hour, minute, tzinfo=ZONE))
    assert hindi in notice_text(WORDING, "booked", "hi", visit)
    assert english in notice_text(WORDING, "booked", "en", visit)


def test_the_day_told_is_the_local_one() -> None:
    from datetime import UTC

    night = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)  # 01:00 on the 23rd in India
    assert "23/11" in notice_text(WORDING, "booked", "hi", booking(start=night))


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("क" * 70, 1), ("क" * 71, 2), ("क" * 134, 2),
     ("क" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1)],
)  # fmt: skip
def test_parts_of_an_sms_are_counted_as_carriers_do(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


def test_wording_names_only_what_it_is_given() -> None:
    bad: Notices = replace(WORDING, texts={"booked": {"hi": "{address}"}})
    with pytest.raises(KeyError):
        notice_text(bad, "booked", "hi", booking())
