"""A store to practise on: the catalogue and calendar of the real one, all seats free, and nobody's bookings."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from booking.rules import VisitRules
from booking.seats import ensure_slots
from models.agent_days import AgentDay
from models.areas import Area
from models.base import Base, table
from models.catalogue import CityRow, ServiceRow
from models.complaints import EscalationLevel
from models.opening import CityHours, Closure, DayRule
from models.store import Store
from prompts.trials import KEPT

CATALOGUE: tuple[type[Base], ...] = (ServiceRow, CityRow, Area)
"""Tables that say what can be booked, those first that others refer to."""
CALENDAR: tuple[type[Base], ...] = (CityHours, Closure, DayRule, AgentDay, EscalationLevel)
"""Tables that say when, and that nothing refers to."""


def practice_store(real: Store, path: Path, now: datetime, rules: VisitRules) -> Store:
    """The store in the file `path`, made when it is not there, with the present catalogue and calendar. All processes
    of this machine share it. Raises StoreError, OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_old(path.parent)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="practice-") as made:
            new = Path(made) / path.name
            with closing(Store(f"sqlite:///{new}")) as empty:
                empty.upgrade()
            with suppress(FileExistsError):  # another process was quicker, and perhaps uses its own already
                os.link(new, path)
    store = Store(f"sqlite:///{path}")
    with real.read() as there, store.begin() as here:
        _renew(there, here)
        ensure_slots(here, now, rules)
    return store


def _forget_old(folder: Path) -> None:
    """What callers have said in practice is not kept longer than their trial."""
    for file in folder.glob("*.db*"):
        with suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > KEPT.total_seconds():
                file.unlink()


def _renew(there: Session, here: Session) -> None:
    """What stands in the real store by now; what is booked here stays."""
    for one in CATALOGUE:
        for row in _rows(there, one):
            here.merge(one(**row))
    here.flush()
    for one in CALENDAR:
        here.execute(delete(table(one)))
        if rows := _rows(there, one):
            here.execute(insert(table(one)), rows)


def _rows(there: Session, one: type[Base]) -> list[dict[str, Any]]:
    return [dict(row) for row in there.execute(select(table(one))).mappings()]
