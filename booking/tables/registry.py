"""All tables, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from booking.tables.agent_hours import AgentHours
from booking.tables.areas import Areas
from booking.tables.cities import Cities
from booking.tables.closures import Closures
from booking.tables.days import Days
from booking.tables.escalation import Escalation
from booking.tables.executives import Executives
from booking.tables.hours import Hours
from booking.tables.services import Services
from booking.tables.table import Table

EVERY: tuple[Table[Any], ...] = (
    Services(),
    Cities(),
    Areas(),
    Hours(),
    Days(),
    Closures(),
    AgentHours(),
    Executives(),
    Escalation(),
)
TABLES: Mapping[str, Table[Any]] = {table.name: table for table in EVERY}
