"""Notices: the text of a message, and writing it beside its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from babel.dates import format_datetime
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.zone import local
from models.bookings import Booking
from models.notices import Notice
from models.seed.read import read

# Longest text by language: two parts of a Hindi SMS (67 characters each), one English SMS.
LONGEST = {"hi": 134, "en": 160}
GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡¿§¨äöñüàÄÖÑÜ") | set(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

ByLanguage = Mapping[str, str]


@dataclass(frozen=True)
class Notices:
    """The wording of notices by language: brand, texts by event, short service names by id, date patterns."""

    brand: ByLanguage
    texts: Mapping[str, ByLanguage]
    services: Mapping[str, ByLanguage]
    when: Mapping[str, Mapping[str, str]]

    def branded(self, hi: str, en: str) -> Notices:
        """The same wording for a helpline of another name."""
        return replace(self, brand={"hi": hi, "en": en})


@cache
def notices() -> Notices:
    """The project's own wording (`models/seed/notices.yaml`)."""
    return Notices(**read("notices"))


def notice_text(wording: Notices, event: str, language: str, booking: Booking) -> str:
    """The message about `event`; the service's name is shortened where the text would be too long for its SMS."""
    service = wording.services.get(booking.service.id, {}).get(language)
    service = service or (booking.service.hi if language == "hi" else booking.service.en)
    values = {
        "name": wording.brand[language],
        "number": booking.number,
        "when": when(wording, language, booking.starts_at),
    }
    template = wording.texts[event][language]
    room = LONGEST[language] - len(template.format(service="", **values))
    if len(service) > room:
        service = service[: max(room - 1, 0)].rstrip() + "."
    return template.format(service=service, **values)


def when(wording: Notices, language: str, start: datetime) -> str:
    """Day and time of a visit, short: `23/11 सुबह 9 बजे`, `Mon 23 Nov, 9 AM`."""
    start = local(start)
    pattern = wording.when[language]["minute" if start.minute else "hour"]
    return format_datetime(start, pattern, tzinfo=start.tzinfo, locale="hi_IN" if language == "hi" else "en_IN")


def sms_parts(text: str) -> int:
    """How many SMS a text takes: 160 characters (153 a part) of the GSM alphabet, else 70 (67 a part) of UCS-2."""
    gsm = set(text) <= GSM
    length = len(text) if gsm else len(text.encode("utf-16-le")) // 2
    one, part = (160, 153) if gsm else (70, 67)
    return 1 if length <= one else -(-length // part)


def write_notice(session: Session, now: datetime, booking: Booking, event: str, wording: Notices) -> None:
    """Write the SMS about `event` in the transaction of its cause; a job sends it."""
    language = booking.language if booking.language in LONGEST else "hi"
    earlier = select(func.max(Notice.version)).where(Notice.booking_id == booking.id, Notice.event == event)
    session.add(
        Notice(
            subject=f"booking:{booking.id}",
            booking_id=booking.id,
            event=event,
            version=(session.scalar(earlier) or 0) + 1,
            channel="sms",
            language=language,
            recipient=f"+91{booking.mobile}",
            text=notice_text(wording, event, language, booking),
            state="pending",
            due_at=now,
        )
    )
