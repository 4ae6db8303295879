"""What the pages of tables need from the application, beside what all pages need (`console/deps.py`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from booking.rules import VisitRules
from booking.tables.table import Hand
from booking.wording import Notices
from console.deps import deps
from console.person import who
from ivr.assembly import Application
from ivr.helpline import rules_of

NAME = "mitan-tables"


@dataclass(frozen=True)
class TableDeps:
    """The rules of visits and the wording of notices, for what follows from a change."""

    rules: VisitRules
    wording: Notices


def install(flask: Flask, ours: TableDeps) -> None:
    """Let the views find what they need."""
    flask.extensions[NAME] = ours


def hand() -> Hand:
    """Whose hand changes something with this request."""
    ours: TableDeps = current_app.extensions[NAME]
    return Hand(deps().now(), who(), ours.rules, ours.wording)


def deps_of(application: Application) -> TableDeps:
    """What the pages need, from the application's settings."""
    return TableDeps(rules_of(application.settings), application.helpline.operations.notices)
