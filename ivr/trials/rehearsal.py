"""Whole conversations are played with the prompts and phrases of a draft: do they still end as they must?

The conversations (`dialogs/conversations/`) are the product's, and so are catalogue, calendar and settings here: what
is tried is the draft and nothing else. What they expect to hear is a doubt only, as words may be chosen anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from booking.seed import seed
from ivr.clock import ZONE
from ivr.editions import edited
from ivr.helpline import Helpline, helpline, rules_of
from ivr.script import Script, load
from ivr.settings import ROOT, Settings
from ivr.trials.play import PinnedClock, Played, Talking, on, play
from models.store import Store
from prompts.body import Body

CONVERSATIONS = ROOT / "dialogs" / "conversations"
DAY = datetime(2026, 11, 20, 10, tzinfo=ZONE)  # of a conversation that names none
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """A conversation (file, name) that ended otherwise than expected, as `told` says, or in which something was not
    said (then `told` is empty): before the `turn` (0: at the end, or nowhere) `wanted` (a pattern) was not found in
    what was `heard`, and the caller then did `act`. `also` counts other conversations with the same."""

    file: str
    name: str
    told: tuple[str, ...] = ()
    turn: int = 0
    wanted: str = ""
    heard: str = ""
    act: str = ""
    also: int = 0

    def __str__(self) -> str:
        where = f"dialogs/conversations/{self.file}.yaml"
        unheard = (f"turn {self.turn}: {self.wanted!r} was not heard in {self.heard!r}",) if self.wanted else ()
        return f"{where}: {'; '.join((*self.told, *unheard))}" + (f" (and {self.also} others)" if self.also else "")

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Faults:
    """`errors`: conversations that do not end as they must; `doubts`: something is said otherwise."""

    errors: tuple[Fault, ...]
    doubts: tuple[Fault, ...]


def rehearse(files: Mapping[str, str], told: Told = lambda done, number: None, root: Path = CONVERSATIONS) -> Faults:
    """Play all conversations under `root` with the prompt `files`. `told(done, number)` hears how far it is. Raises
    PromptError, FlowError (the files cannot be used at all), ScriptError, StoreError."""
    paths = sorted(root.glob("*/*.yaml"))
    errors: list[Fault] = []
    doubts: dict[str, Fault] = {}
    with tempfile.TemporaryDirectory(prefix="mitan-rehearsal-") as made:
        stage = _Stage(Path(made), files)
        for done, path in enumerate(paths):
            told(done, len(paths))
            _sort(_faults(path, root, stage), errors, doubts)
    told(len(paths), len(paths))
    return Faults(tuple(errors), tuple(doubts.values()))


class _Stage:
    """A helpline with the files, and for each conversation a store as it is on its day."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = Settings.model_construct()  # neither this machine's settings nor its environment
        self._days: dict[date, Path] = {}
        with closing(Store(f"sqlite:///{folder / 'empty.db'}")) as empty:
            empty.upgrade()
        with closing(Store(f"sqlite:///{self._day(DAY)}")) as store:
            self._shared: Helpline = edited(helpline(self._settings, store, PinnedClock(DAY)), Body(files))

    def played(self, script: Script) -> Played:
        now = script.now or DAY
        path, clock = self._folder / "now.db", PinnedClock(now)
        shutil.copy(self._day(now), path)
        with closing(Store(f"sqlite:///{path}")) as store:
            return play(script, store, clock, Talking(on(self._shared, store, clock), script))

    def _day(self, now: datetime) -> Path:
        """The seeded store of a day, made once."""
        day = now.astimezone(ZONE).date()
        if day not in self._days:
            path = self._folder / f"{day}.db"
            shutil.copy(self._folder / "empty.db", path)
            with closing(Store(f"sqlite:///{path}")) as store, store.begin() as session:
                seed(session, now, rules_of(self._settings))
            self._days[day] = path
        return self._days[day]


def _faults(path: Path, root: Path, stage: _Stage) -> list[Fault]:
    """Of one conversation: an error with the first thing that was said otherwise, or doubts."""
    script, file = load(path), path.relative_to(root).with_suffix("").as_posix()
    played = stage.played(script)
    unheard = [
        Fault(file, script.name, (), u.number, u.wanted, u.heard, _act(script, u.number)) for u in played.unheard
    ]
    if not played.wrong:
        return unheard
    first = unheard[0] if unheard else Fault(file, script.name)
    return [Fault(**{**asdict(first), "told": tuple(played.wrong)})]


def _act(script: Script, number: int) -> str:
    return script.turns[number - 1].value if number else ""


def _sort(found: list[Fault], errors: list[Fault], doubts: dict[str, Fault]) -> None:
    for fault in found:
        if fault.told:
            errors.append(fault)
            continue
        same = doubts.get(fault.wanted)
        doubts[fault.wanted] = Fault(**{**asdict(same), "also": same.also + 1}) if same else fault
