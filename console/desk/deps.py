"""What the desk's pages need from the application, beside what all pages need (`console/deps.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from booking.desk.rules import DeskRules
from booking.rules import VisitRules
from dialogs.flow import Flow
from ivr.assembly import Application
from ivr.helpline import desk_rules_of, rules_of
from ivr.names import CatalogueNames

NAME = "mitan-desk"


@dataclass(frozen=True)
class DeskDeps:
    """The rules of desk and visits, the names of services and cities, the flow, and `controls()` of calls that are with
    agents (`ivr.desk.controls`; None: no queue is joined to the carrier). `numbers()` is how the desk stood a moment
    ago (`ivr.live`; None: nobody looks)."""

    rules: DeskRules
    visits: VisitRules
    names: CatalogueNames
    flow: Flow
    controls: Callable[[], Any]
    numbers: Callable[[], Mapping[str, int] | None] = lambda: None


def install(flask: Flask, ours: DeskDeps) -> None:
    """Let the desk's views find what they need."""
    flask.extensions[NAME] = ours


def desk() -> DeskDeps:
    """Those of the application that answers the present request."""
    found: DeskDeps = current_app.extensions[NAME]
    return found


def desk_deps_of(application: Application) -> DeskDeps:
    """What the pages need, from the application's parts."""
    settings = application.settings
    return DeskDeps(
        rules=desk_rules_of(settings),
        visits=rules_of(settings),
        names=application.helpline.names,
        flow=application.helpline.flow,
        controls=lambda: getattr(application, "controls", None),
        numbers=lambda: application.live.numbers if application.live else None,
    )
