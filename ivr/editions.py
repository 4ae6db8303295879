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
from typing import TYPE_CHECKING, Literal

from sqlalchemy.orm import Session

from booking import catalogue_version
from dialogs.catalogue import Catalogue
from dialogs.flow import FlowError
from dialogs.understand import build_lexicon
from ivr.observe.observer import Observer
from ivr.trials.practice import practice_store
from models.conversations import Conversation
from models.store import StoreError
from prompts import folder
from prompts.body import Body
from prompts.editions import FIRST, body_of, current
from prompts.errors import PromptError
from prompts.recorded import digests
from prompts.render import Prompts
from prompts.trials import body_of as body_of_trial

if TYPE_CHECKING:
    from ivr.helpline import Helpline

Kind = Literal["edition", "trial"]
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
        self._made: OrderedDict[tuple[Kind, int], Helpline | None] = OrderedDict()
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

    def on_trial(self, first: Helpline, trial: int) -> Helpline:
        """`first` with the words of a draft that is tried and the present catalogue, practising: what it books stands
        in a store of its own, and nobody counts it. Raises StoreError, PromptError (it is unknown or cannot be used),
        FlowError, OSError."""
        with self._lock:
            found, zero = self._made.get(("trial", trial)), self._zero
        if found is None:
            found = practising(zero or first, trial)
            with self._lock:
                if self._zero is zero:  # else the catalogue is another one by now: the next turn loads it again
                    self._keep(("trial", trial), found)
        return replace(first, prompts=found.prompts, flow=found.flow, operations=found.operations, observer=Observer(),
                       _grammars=found._grammars)  # fmt: skip

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
        made = {key: found and _serving(found, catalogue) for key, found in before.items() if key[0] == "edition"}
        with self._lock:  # what was loaded meanwhile is loaded again, and trials with their stores for practice
            self._zero, self._made = zero, OrderedDict(made)
        first.names.catalogue = catalogue

    def _found(self, first: Helpline, edition: int) -> Helpline | None:
        key: tuple[Kind, int] = ("edition", edition)
        with self._lock:
            self._keep(key, self._made[key] if key in self._made else _load(self._zero or first, edition))
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


def edited(first: Helpline, body: Body) -> Helpline:
    """`first` with other prompts, phrases and recordings. Raises PromptError, FlowError."""
    from ivr.helpline import flow_of

    with tempfile.TemporaryDirectory(prefix="mitan-edition-") as made:
        root = Path(made)
        folder.write(body.files, root)
        flow = flow_of(first.settings, first.flow.catalogue, root)
        prompts = Prompts.load(root, first.prompts, digests(body.recordings))
        return replace(first, prompts=prompts, flow=flow, _grammars={})


def practising(first: Helpline, trial: int) -> Helpline:
    """`first` with what stands in a trial, and operations that work on a store for practice. Raises as `on_trial`."""
    with first.store.read() as session:
        body = body_of_trial(session, trial)
    if body is None:
        raise PromptError(f"trial {trial}: there is none any more; begin another call.")
    made, own = edited(first, body), first.operations
    path = first.settings.server.var_dir / "trials" / f"{trial}.db"
    store = practice_store(first.store, path, first.clock.now(), own.rules)
    return replace(made, operations=replace(own, store=store, told=lambda op, outcome: None))


def _serving(helpline: Helpline, catalogue: Catalogue) -> Helpline:
    """`helpline` with another catalogue."""
    lexicon = build_lexicon(catalogue, helpline.flow.lexicon.phrases)
    return replace(helpline, flow=replace(helpline.flow, catalogue=catalogue, lexicon=lexicon), _grammars={})


def _load(first: Helpline, edition: int) -> Helpline | None:
    try:
        with first.store.read() as session:
            body = body_of(session, edition, {})
        return edited(first, body)
    except (PromptError, FlowError):
        log.exception("edition %d cannot be used; the product's own files are", edition)
        return None
