"""The helpline with the prompts and phrases of each edition; a thread has the present one ready before a call comes."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy.orm import Session

from dialogs.flow import FlowError
from ivr.observe.observer import Observer
from ivr.trials.practice import practice_store
from models.conversations import Conversation
from models.store import StoreError
from models.trials import Trial
from prompts import folder
from prompts.editions import FIRST, current, files_of
from prompts.errors import PromptError
from prompts.render import Prompts

if TYPE_CHECKING:
    from ivr.helpline import Helpline

Kind = Literal["edition", "trial"]
LOOK_S = 2.0  # real seconds until a publication is noticed and made ready
KEPT = 4  # editions; calls under way rarely have more than two
log = logging.getLogger(__name__)


class Editions:
    """Thread-safe. `told` hears of each edition that was made ready."""

    def __init__(self) -> None:
        self.told: Callable[[Helpline], None] = lambda helpline: None
        self._made: OrderedDict[tuple[Kind, int], Helpline | None] = OrderedDict()
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

    def on_trial(self, first: Helpline, trial: int) -> Helpline:
        """`first` with the prompts and phrases of a draft that is tried, practising: what it books stands in a store of
        its own, and nobody counts it. Raises StoreError, PromptError (it is unknown or cannot be used), FlowError,
        OSError."""
        with self._lock:
            found = self._made.get(("trial", trial))
        if found is None:
            found = practising(first, trial)
            with self._lock:
                self._keep(("trial", trial), found)
        return replace(first, prompts=found.prompts, flow=found.flow, operations=found.operations, observer=Observer(),
                       _grammars=found._grammars)  # fmt: skip

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
        key: tuple[Kind, int] = ("edition", edition)
        with self._lock:
            self._keep(key, self._made[key] if key in self._made else _load(first, edition))
            return self._made[key]

    def _keep(self, key: tuple[Kind, int], made: Helpline | None) -> None:
        self._made[key] = made
        self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)


def of_conversation(first: Helpline, session: Session, conversation: str) -> Helpline:
    """`first` with the prompts and phrases with which a conversation began. Raises StoreError."""
    row = session.get(Conversation, conversation)
    return first.of(row) if row else first


def edited(first: Helpline, files: Mapping[str, str]) -> Helpline:
    """`first` with other prompt files. Raises PromptError, FlowError."""
    from ivr.helpline import flow_of

    with tempfile.TemporaryDirectory(prefix="mitan-edition-") as made:
        root = Path(made)
        folder.write(files, root)
        flow = flow_of(first.settings, first.flow.catalogue, root)
        return replace(first, prompts=Prompts.load(root, first.prompts), flow=flow, _grammars={})


def practising(first: Helpline, trial: int) -> Helpline:
    """`first` with the files of a trial, and operations that work on a store for practice. Raises as `on_trial`."""
    with first.store.read() as session:
        row = session.get(Trial, trial)
    if row is None:
        raise PromptError(f"trial {trial}: there is none any more; begin another call.")
    made, own = edited(first, {str(path): str(text) for path, text in row.files.items()}), first.operations
    path = first.settings.server.var_dir / "trials" / f"{trial}.db"
    store = practice_store(first.store, path, first.clock.now(), own.rules)
    return replace(made, operations=replace(own, store=store, told=lambda op, outcome: None))


def _load(first: Helpline, edition: int) -> Helpline | None:
    try:
        with first.store.read() as session:
            files = files_of(session, edition, {})
        return edited(first, files)
    except (PromptError, FlowError):
        log.exception("edition %d cannot be used; the product's own files are", edition)
        return None
