"""A store to practise on: the catalogue and calendar of the real one, all seats free, and nobody's bookings."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.rules import VisitRules
from booking.seats import ensure_slots
from models.areas import Area
from models.base import Base, table
from models.catalogue import CityRow, ServiceRow
from models.complaints import EscalationLevel
from models.opening import CityHours, Closure
from models.store import Store
from prompts.trials import KEPT

COPIED: tuple[type[Base], ...] = (ServiceRow, CityRow, Area, CityHours, Closure, EscalationLevel)
"""Tables that say what can be booked, those first that others refer to."""


def practice_store(real: Store, path: Path, now: datetime, rules: VisitRules) -> Store:
    """The store in the file `path`, made when it is not there. All processes of this machine share it. Raises
    StoreError, OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_old(path.parent)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="practice-") as made:
            new = Path(made) / path.name
            _fill(real, new, now, rules)
            with suppress(FileExistsError):  # another process was quicker, and perhaps uses its own already
                os.link(new, path)
    return Store(f"sqlite:///{path}")


def _forget_old(folder: Path) -> None:
    """What callers have said in practice is not kept longer than their trial."""
    for file in folder.glob("*.db*"):
        with suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > KEPT.total_seconds():
                file.unlink()


def _fill(real: Store, path: Path, now: datetime, rules: VisitRules) -> None:
    with closing(Store(f"sqlite:///{path}")) as store:
        store.upgrade()
        with real.read() as there, store.begin() as here:
            for one in COPIED:
                _copy(there, here, one)
            ensure_slots(here, now, rules)


def _copy(there: Session, here: Session, one: type[Base]) -> None:
    rows = [dict(row) for row in there.execute(select(table(one))).mappings()]
    if rows:
        here.execute(insert(table(one)), rows)
