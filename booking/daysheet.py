"""The day sheet of an executive: whom to visit, what to look at, what to collect."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import StringIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.executives import find_executive, visits_on
from booking.rules import VisitRules
from booking.wording import Notices, notices
from booking.zone import local
from models.areas import Area
from models.bookings import Booking, BookingEvent
from models.executives import Visit
from models.seed.read import read

# A cell that begins like this is a formula to a spreadsheet: a citizen's "name" must not run on the office's computer.
FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")
BOM = "\ufeff"  # without it Excel shows Devanagari as nonsense


@dataclass(frozen=True)
class DayRow:
    """One visit. Times are aware, Asia/Kolkata; `starts_at`…`ends_at` is the window in which the executive arrives.

    `voice_note` is the id of the note in which the caller says name and address (None: none). `documents` are ids, or
    plain words where somebody named what is missing. `fee` is the department's (None: not known) and `visit_fee` the
    doorstep fee in rupees, both 0 when paid already.
    """

    starts_at: datetime
    ends_at: datetime
    number: str
    stage: str
    purpose: str
    state: str
    service: str
    service_hi: str
    service_en: str
    name: str
    address: str
    voice_note: str | None
    area: str
    area_hi: str
    area_en: str
    pin: str
    mobile: str
    documents: tuple[str, ...]
    fee: int | None
    visit_fee: int

    @property
    def collect(self) -> int | None:
        """Rupees to collect; None while the department's fee is not known."""
        return None if self.fee is None else self.fee + self.visit_fee


def day_sheet(session: Session, rules: VisitRules, executive: str, day: date) -> list[DayRow]:
    """The visits of `executive` on the local `day` in time order, without those called off; raises NotFound."""
    find_executive(session, executive)
    visits = visits_on(session, executive, day)
    ids = [v.booking_id for v in visits]
    found = select(Booking).where(Booking.id.in_(ids)).options(selectinload(Booking.note))
    bookings = {b.id: b for b in session.scalars(found)}
    events = select(BookingEvent.booking_id).where(
        BookingEvent.booking_id.in_(ids), BookingEvent.to_stage == "fee_paid"
    )
    paid = set(session.scalars(events))
    return [_row(session, rules, visit, bookings[visit.booking_id], paid) for visit in visits]


def as_csv(rows: Sequence[DayRow], language: str = "hi", wording: Notices | None = None) -> bytes:
    """The day sheet for a spreadsheet: UTF-8 with its mark, all cells quoted, none of them a formula.

    `language` is hi or en; `wording` has the short names of documents.
    """
    words, wording = _words(), wording or notices()
    out = StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow([name[language] for name in words["columns"].values()])
    for row in rows:
        cells = _cells(row, language, wording)
        table.writerow([safe(cells[column]) for column in words["columns"]])
    return (BOM + out.getvalue()).encode()


def safe(cell: str) -> str:
    """`cell` as text: what a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA) else cell


def _row(session: Session, rules: VisitRules, visit: Visit, booking: Booking, paid: Collection[int]) -> DayRow:
    start = local(visit.starts_at)
    area = session.get(Area, booking.slot.area) if booking.slot.area else None
    second = visit.purpose == "second" and booking.missing
    due = booking.id not in paid
    return DayRow(
        starts_at=start,
        ends_at=start + timedelta(minutes=rules.slot_min),
        number=booking.number,
        stage=booking.stage,
        purpose=visit.purpose,
        state=visit.state,
        service=booking.service_id,
        service_hi=booking.service.hi,
        service_en=booking.service.en,
        name=booking.name,
        address=booking.address or (booking.note.text if booking.note else ""),
        voice_note=booking.note_id,
        area=booking.slot.area,
        area_hi=area.hi if area else "",
        area_en=area.en if area else "",
        pin=booking.pin,
        mobile=booking.mobile,
        documents=tuple(booking.missing if second else booking.service.documents),
        fee=booking.fee if due else 0,
        visit_fee=booking.visit_fee if due else 0,
    )


def _cells(row: DayRow, language: str, wording: Notices) -> dict[str, str]:
    words = _words()
    unknown = words["words"]["unknown"][language]
    return {
        "window": f"{row.starts_at:%H:%M}-{row.ends_at:%H:%M}",
        "number": row.number,
        "purpose": words["purposes"][row.purpose][language],
        "state": words["states"][row.state][language],
        "service": row.service_hi if language == "hi" else row.service_en,
        "name": row.name,
        "address": row.address,
        "voice_note": words["words"]["recorded" if row.voice_note else "silent"][language],
        "area": row.area_hi if language == "hi" else row.area_en,
        "pin": row.pin,
        "mobile": row.mobile,
        "documents": wording.word(language, row.documents),
        "fee": unknown if row.fee is None else str(row.fee),
        "visit_fee": str(row.visit_fee),
        "collect": unknown if row.collect is None else str(row.collect),
    }


@cache
def _words() -> dict[str, Any]:
    """The words of the sheet (`models/seed/daysheet.yaml`)."""
    words: dict[str, Any] = read("daysheet")
    return words
