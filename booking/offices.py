"""What an office is in charge of, and whether it stands above the one complained about.

An office goes by the key of an escalation level, with what it is in charge of after slashes (`office/pan_card`,
`district/durg`); "" stands for agents and administrators, who are in charge of everything.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from models.bookings import Booking
from models.catalogue import CityRow
from models.complaints import Complaint, EscalationLevel


def above(session: Session, kind: str, office: str) -> bool:
    """Whether `office` is one of a level above the office complained about, which is that of the general level 1;
    `kind` is the complaint's ("": a booking)."""
    key = office.partition("/")[0]
    rows = session.scalars(select(EscalationLevel).where(EscalationLevel.kind.in_((kind, "")))).all()
    lowest = min((r.level for r in rows if r.kind == ""), default=None)
    concerned = {r.office for r in rows if r.kind == "" and r.level == lowest}
    return key not in concerned and key in {r.office for r in rows}


def in_charge(office: str, of: type[Complaint] | type[Booking]) -> ColumnElement[bool]:
    """The condition for records in the charge of `office`: every part after its key names a service, department, city
    or district."""
    return and_(true(), *(_names(part, of) for part in office.split("/")[1:]))


def _names(part: str, of: type[Complaint] | type[Booking]) -> ColumnElement[bool]:
    cities = select(CityRow.id).where(CityRow.district == part)
    return or_(
        of.service_id == part,
        of.department == part if of is Complaint else false(),  # a booking is always of a service
        of.city_id == part,
        of.city_id.in_(cities),
    )
