"""The number of the present catalogue (services, cities, areas), by which running processes notice a change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from booking.data_versions import count_up, counted

NAME = "catalogue"


def touch(session: Session) -> None:
    """Say that the catalogue has changed; in the transaction that changes it."""
    count_up(session, NAME)


def present(session: Session) -> int:
    """The number of the present catalogue; it only grows."""
    return counted(session, NAME)
