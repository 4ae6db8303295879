"""The thread of a process that looks after the line: every second, and at once when something has happened."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.desk.changes import OPEN
from booking.desk.dispatch import dispatch
from booking.desk.tending import tend
from ivr.desk.ringing import Ringing
from ivr.desk.switchroom import Switchroom
from models.base import new_id
from models.queue import Handoff
from models.store import StoreError
from models.tenders import Tender as Row

EVERY_S = 1.0
ALIVE_EVERY_S, DEAD = 5.0, timedelta(seconds=20)
log = logging.getLogger(__name__)


class Tender:
    """Offers callers to agents and rings these; takes back what ran out. Begun and ended with the server."""

    def __init__(self, switchroom: Switchroom, ringing: Ringing) -> None:
        self._switchroom, self._ringing = switchroom, ringing
        self._store, self._clock, self._rules = switchroom.helpline.store, switchroom.helpline.clock, switchroom.rules
        self._id = new_id()
        self._kicked, self._ended = threading.Event(), threading.Event()
        self._tended = self._told = -EVERY_S * 100
        self._away = False
        self._thread: threading.Thread | None = None
        self._needed = 0
        self.holds_calls = False  # the calls themselves are in this process: no other one can go on with them

    @property
    def needed(self) -> int:
        """How many callers in the line or with an agent have nobody but this process, as was seen some seconds ago. A
        talk lets nothing be heard of itself for minutes; whoever ends must not forget it."""
        return self._needed

    def begin(self) -> None:
        """Begin to look after the line."""
        self._thread = threading.Thread(target=self._run, name="tender", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop, and say so to the other processes."""
        self._ended.set()
        self._kicked.set()
        if self._thread is not None:
            self._thread.join(EVERY_S * 5)
        self._switchroom.close()

    def kick(self) -> None:
        """Look at once."""
        self._kicked.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
                self._away = False
            except StoreError as error:
                if not self._away:  # once, not every second
                    log.warning("the line is not looked after: %s", error)
                self._away = True
            except Exception:
                log.exception("looking after the line failed")
                time.sleep(EVERY_S / self._clock.speed)
            self._kicked.wait(EVERY_S / self._clock.speed)
        self._leave()

    def _look(self) -> None:
        self._kicked.clear()
        now, steady = self._clock.now(), self._clock.steady()
        if steady - self._tended >= EVERY_S:
            self._tended = steady
            tend(self._store, now, self._rules)
        else:
            dispatch(self._store, now, self._rules)
        self._ringing.all()
        if steady - self._told >= ALIVE_EVERY_S:
            self._told = steady
            self._alive()

    def _alive(self) -> None:
        now = self._clock.now()
        with self._store.begin() as session:
            session.merge(Row(id=self._id, seen_at=now))
            session.execute(delete(Row).where(Row.seen_at < now - DEAD * 10))
        with self._store.read() as session:
            others = select(func.count()).where(Row.id != self._id, Row.seen_at > now - DEAD)
            elsewhere = session.scalar(others) and not self.holds_calls
            self._needed = 0 if elsewhere else _open(session)

    def _leave(self) -> None:
        try:
            with self._store.begin() as session:
                session.execute(delete(Row).where(Row.id == self._id))
        except Exception:
            log.info("the store is away: the other processes find out by themselves that this one has ended")


def _open(session: Session) -> int:
    here = select(func.count()).where(Handoff.state.in_(OPEN), Handoff.dropped_at.is_(None))
    return session.scalar(here) or 0
