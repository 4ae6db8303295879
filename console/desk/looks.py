"""How the agent's page shows numbers, times and what a call is about, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_date
from flask import current_app

from booking.desk.whisper import Whisper
from booking.zone import local
from console.desk.deps import desk
from console.desk.questions import question
from console.desk.spoken import moment
from console.language import language


def helpers() -> Mapping[str, Any]:
    """What the templates use."""
    spoken, names = language(), desk().names
    return {
        "blueprints": current_app.blueprints,
        "endpoints": current_app.view_functions,
        "whispered": whispered,
        "question": lambda node: question(node, spoken),
        "moment_of": moment_of,
        "service_of": service_of,
        "city_of": lambda id: names.city(id, spoken),
    }


def service_of(id: str) -> str:
    """The name of a service, as it begins a line."""
    name = desk().names.service(id, language())
    return name[:1].upper() + name[1:]


def moment_of(at: datetime) -> str:
    """Day and time, short."""
    return f"{format_date(local(at), 'd MMM', locale=language())}, {local(at):%H:%M}"


def whispered(facts: Whisper) -> list[str]:
    """What a call is about: service, city, when."""
    spoken, names = language(), desk().names
    found = [
        service_of(facts.service) if facts.service else "",
        names.city(facts.city, spoken) if facts.city else "",
        moment(facts.when, spoken) if facts.when else "",
    ]
    return [part for part in found if part]
