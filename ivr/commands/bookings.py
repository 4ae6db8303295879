"""`python app.py bookings`: the bookings in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from sqlalchemy.orm import Session

from booking.bookings import latest
from booking.errors import NotFound
from booking.export import plain
from booking.phone import mobile as mobile_digits
from booking.proof import owns
from booking.tracking import by_mobile, by_number
from booking.zone import local
from ivr.commands.configured import configured
from ivr.commands.table import table
from models.bookings import Booking

HEAD = ("number", "visit", "service", "city", "mobile", "stage", "notice")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array with everything that is known.")
@click.option("--number", help="Only the booking with this number.")
@click.option("--mobile", help="Only bookings for this mobile number, in any spelling.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
def command(as_json: bool, number: str | None, mobile: str | None, limit: int) -> None:
    """Show bookings, the latest made first.

    Mobile numbers are shown in full: this is the operator's own tool; do not paste its output into tickets.
    """
    if mobile is not None and mobile_digits(mobile) is None:
        raise click.BadParameter("not an Indian mobile number", param_hint="--mobile")
    with configured() as (_, store), store.read() as session:
        found = _found(session, number, mobile, limit) if number or mobile else latest(session, limit)
        if as_json:
            click.echo(json.dumps([plain(b) for b in found], ensure_ascii=False, indent=2))
        else:
            click.echo(_table(found))


def _found(session: Session, number: str | None, mobile: str | None, limit: int) -> list[Booking]:
    if number is None:
        return by_mobile(session, mobile or "", limit)
    try:
        booking = by_number(session, "".join(number.split()))
    except NotFound:
        return []
    return [booking] if mobile is None or owns(booking, mobile) else []


def _table(found: Sequence[Booking]) -> str:
    if not found:
        return "no bookings"
    return table([HEAD, *(_row(b) for b in found)])


def _row(booking: Booking) -> tuple[str, ...]:
    visit = f"{local(booking.starts_at):%Y-%m-%d %H:%M}"
    notice = ", ".join(n.state for n in booking.notices)
    return (booking.number, visit, booking.service_id, booking.city_id, booking.mobile, booking.stage, notice)
