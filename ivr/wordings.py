"""The wording of notices in a process: as the store has it, looked at again every two seconds."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from booking.live_wording import Live
from booking.notice_wordings import edits
from booking.wording import Notices
from models.store import Store, StoreError

LOOK_S = 2.0  # real seconds until a change is noticed
log = logging.getLogger(__name__)


class Wordings:
    """Keeps `notices` as they are in the store. Thread-safe."""

    def __init__(self, store: Store, own: Notices) -> None:
        self._store = store
        self._live = Live()
        self.own = own
        self.notices = replace(own, live=self._live)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Take over what stands in the store. Raises StoreError."""
        with self._store.read() as session:
            self._live.take(edits(session))

    def begin(self) -> None:
        """Go on looking."""
        self._thread = threading.Thread(target=self._run, name="wordings", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            try:
                self.look()
            except StoreError as error:
                log.warning("no look at the wording of notices: %s", error)
            except Exception:
                log.exception("the wording of notices could not be taken over")
