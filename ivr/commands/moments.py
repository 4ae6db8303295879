"""Moments on the command line."""

from __future__ import annotations

from datetime import datetime

import click

from booking.zone import ZONE


def moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """An ISO 8601 time; without a zone it is Indian time."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no time such as 2026-11-23T18:00", ctx, param) from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
