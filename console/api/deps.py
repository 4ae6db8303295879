"""What the interface needs from the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from booking.appeal_rules import AppealRules
from booking.complaint_stages import ComplaintRules
from booking.notices import Notices
from booking.rules import VisitRules
from models.store import Store

NAME = "mitan-api"


@dataclass(frozen=True)
class Limits:
    """How much is taken: requests a minute of one token, and of one address without a valid one; kilobytes a body."""

    per_minute: int = 600
    outsider_per_minute: int = 60
    body_kb: int = 64


@dataclass(frozen=True)
class ApiDeps:
    """The store, the clock, the rules and the wording of notices.

    `document_name(language, id)` names a document; `timed(endpoint, seconds)` is told how long each answer took.
    """

    store: Store
    now: Callable[[], datetime]
    rules: VisitRules
    wording: Notices
    document_name: Callable[[str, str], str]
    timed: Callable[[str, float], None] = lambda endpoint, seconds: None
    complaint_rules: ComplaintRules = field(default_factory=ComplaintRules)
    appeal_rules: AppealRules = field(default_factory=AppealRules)
    limits: Limits = field(default_factory=Limits)


def deps() -> ApiDeps:
    """Those of the application that answers the present request."""
    found: ApiDeps = current_app.extensions[NAME]
    return found


def now() -> datetime:
    """The present moment, aware."""
    return deps().now()


@contextmanager
def reading() -> Iterator[Session]:
    """A reading session. Raises StoreError."""
    with deps().store.read() as session:
        yield session


@contextmanager
def changing() -> Iterator[Session]:
    """A transaction: all or nothing. Raises StoreError."""
    with deps().store.begin() as session:
        yield session
