"""The helpline with the prompts and phrases of each edition and the present catalogue; a thread has both ready before a
call comes."""

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

from booking import catalogue_version
from dialogs.catalogue import Catalogue
from dialogs.flow import FlowError
from dialogs.understand import build_lexicon
from models.conversations import Conversation
from models.store import StoreError
from prompts import folder
from prompts.editions import FIRST, current, files_of, recordings_of
from prompts.errors import PromptError
from prompts.recorded import digests
from prompts.render import Prompts, Studio

if TYPE_CHECKING:
    from ivr.helpline import Helpline

LOOK_S = 2.0  # real seconds until a publication or a changed catalogue is noticed and made ready
KEPT = 4  # editions; calls under way rarely have more than two
log = logging.getLogger(__name__)


class Editions:
    """Thread-safe. `told` hears of each edition that was made ready. `catalogue` is the number of the catalogue with
    which the helpline of edition 0 was made."""

    def __init__(self, catalogue: int = 0) -> None:
        self.told: Callable[[Helpline], None] = lambda helpline: None
        self._catalogue = catalogue
        self._zero: Helpline | None = None  # edition 0 with a later catalogue
        self._made: OrderedDict[int, Helpline | None] = OrderedDict()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def at(self, first: Helpline, edition: int) -> Helpline:
        """`first`, the helpline of edition 0, with the words of another and the present catalogue. One that cannot be
        used, which publishing refuses, is logged, and calls go on with edition 0. Raises StoreError."""
        found = self._found(first, edition) if edition != FIRST else None
        found = found or self._zero
        if found is None:
            return first
        return replace(first, prompts=found.prompts, flow=found.flow, _grammars=found._grammars)

    def begin(self, first: Helpline) -> None:
        """Have every edition ready soon after it begins to count, and a catalogue soon after it has changed."""
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
                changed = self.look(first)
                with first.store.read() as session:
                    now = current(session, first.clock.now())
                if now != ready or changed:
                    self.told(self.at(first, now))
                    ready = now
                    log.info("edition %d counts from now on", now)
            except StoreError as error:
                log.warning("no look at the editions: %s", error)
            except Exception:
                log.exception("the edition could not be made ready")

    def look(self, first: Helpline) -> bool:
        """Take over the catalogue if it has changed; whether it has. Raises StoreError."""
        with first.store.read() as session:
            number = catalogue_version.present(session)
        if number == self._catalogue:
            return False
        self._take_over(first)
        self._catalogue = number
        log.info("catalogue %d counts from now on", number)
        return True

    def _take_over(self, first: Helpline) -> None:
        from ivr.helpline import catalogue_of

        catalogue = catalogue_of(first.store)
        zero = _serving(first, catalogue)
        with self._lock:
            before = dict(self._made)
        made = {edition: found and _serving(found, catalogue) for edition, found in before.items()}
        with self._lock:  # what was loaded meanwhile is loaded again
            self._zero, self._made = zero, OrderedDict(made)
        first.names.catalogue = catalogue

    def _found(self, first: Helpline, edition: int) -> Helpline | None:
        with self._lock:
            if edition not in self._made:
                self._made[edition] = _load(self._zero or first, edition)
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


def _serving(helpline: Helpline, catalogue: Catalogue) -> Helpline:
    """`helpline` with another catalogue."""
    lexicon = build_lexicon(catalogue, helpline.flow.lexicon.phrases)
    return replace(helpline, flow=replace(helpline.flow, catalogue=catalogue, lexicon=lexicon), _grammars={})


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
