"""The helpline with the prompts and phrases of each edition; a thread has the present one ready before a call comes."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialogs.flow import FlowError
from models.conversations import Conversation
from models.store import StoreError
from prompts import folder
from prompts.editions import FIRST, current, files_of, recordings_of
from prompts.errors import PromptError
from prompts.recorded import digests
from prompts.render import Prompts, Studio

if TYPE_CHECKING:
    from ivr.helpline import Helpline

LOOK_S = 2.0  # real seconds until a publication is noticed and made ready
KEPT = 4  # editions; calls under way rarely have more than two
log = logging.getLogger(__name__)


class Editions:
    """Thread-safe. `told` hears of each edition that was made ready."""

    def __init__(self) -> None:
        self.told: Callable[[Helpline], None] = lambda helpline: None
        self._made: OrderedDict[int, Helpline | None] = OrderedDict()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def at(self, first: Helpline, edition: int) -> Helpline:
        """`first`, the helpline of edition 0, with the prompts and phrases of another. One that cannot be used, which
        publishing refuses, is logged, and calls go on with `first`. Raises StoreError."""
        found = self._found(first, edition) if edition != FIRST else None
        if found is None:
            return first
        return replace(first, prompts=found.prompts, flow=found.flow, _grammars=found._grammars)

    def begin(self, first: Helpline) -> None:
        """Have every edition ready soon after it begins to count."""
        self._thread = threading.Thread(target=self._run, args=(first,), name="editions", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _run(self, first: Helpline) -> None:
        ready = FIRST
        while not self._over.wait(LOOK_S):
            try:
                with first.store.read() as session:
                    now = current(session, first.clock.now())
                if now != ready:
                    self.told(self.at(first, now))
                    ready = now
                    log.info("edition %d counts from now on", now)
            except StoreError as error:
                log.warning("no look at the editions: %s", error)
            except Exception:
                log.exception("the edition could not be made ready")

    def _found(self, first: Helpline, edition: int) -> Helpline | None:
        with self._lock:
            if edition not in self._made:
                self._made[edition] = _load(first, edition)
            self._made.move_to_end(edition)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            return self._made[edition]


def of_conversation(first: Helpline, session: Session, conversation: str) -> Helpline:
    """`first` with the prompts and phrases with which a conversation began. Raises StoreError."""
    edition = session.scalar(select(Conversation.edition).where(Conversation.id == conversation))
    return first.at(edition or FIRST)


def edited(first: Helpline, root: Path, studio: Studio | None = None) -> Helpline:
    """`first` with the prompts and phrases under `root` and the recordings `studio`. Raises PromptError, FlowError."""
    from ivr.helpline import flow_of

    flow = flow_of(first.settings, first.flow.catalogue, root)
    return replace(first, prompts=Prompts.load(root, first.prompts, studio), flow=flow, _grammars={})


def _load(first: Helpline, edition: int) -> Helpline | None:
    try:
        with first.store.read() as session:
            files, studio = files_of(session, edition, {}), digests(recordings_of(session, edition))
        with tempfile.TemporaryDirectory(prefix="mitan-edition-") as made:
            folder.write(files, Path(made))
            return edited(first, Path(made), studio)
    except (PromptError, FlowError):
        log.exception("edition %d cannot be used; the product's own files are", edition)
        return None
