"""What the pages of the calendar need from the application, beside what all pages need (`console/deps.py`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

from booking.hours import AgentHours
from booking.notices import Notices
from booking.rules import VisitRules
from ivr.assembly import Application
from ivr.helpline import rules_of

NAME = "mitan-calendar"


@dataclass(frozen=True)
class CalendarDeps:
    """The configured rules of visits and hours of agents, and the wording of notices."""

    rules: VisitRules
    hours: AgentHours
    wording: Notices


def install(flask: Flask, ours: CalendarDeps) -> None:
    """Let the views find what they need."""
    flask.extensions[NAME] = ours


def calendar_deps() -> CalendarDeps:
    """Those of the application that answers the present request."""
    found: CalendarDeps = current_app.extensions[NAME]
    return found


def deps_of(application: Application) -> CalendarDeps:
    """What the pages need, from the application's parts."""
    operations = application.helpline.operations
    return CalendarDeps(rules_of(application.settings), operations.hours, operations.notices)
