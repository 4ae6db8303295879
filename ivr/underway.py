"""The calls under way in this process, with audio or by keypad, and whether a further one can be taken."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivr.clock import Clock
from ivr.settings import Limits

IDLE_S = 90.0  # a call without audio that no webhook has named for so long needs us no more, or is another process's
GRACE_S = 1.0  # between the end of the last call and that of the process: reports and replies still under way
Way = Literal["speech", "keypad", "busy"]
log = logging.getLogger(__name__)


@dataclass
class _Entry:
    seen: float
    streams: int = 0
    waits: bool = False


class UnderWay:
    """The register of calls by the carrier's id. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, _Entry] = {}

    def seen(self, call: str, streams: int = 0, *, waits: bool = False) -> None:
        """A webhook has named the call; `streams` audio connections more (1) or less (-1). Who `waits` for an agent
        hears music, and needs neither a recogniser nor a voice."""
        with self._lock:
            if streams < 0 and call not in self._calls:
                return  # the carrier's report of the end was faster than our farewell to the connection
            entry = self._calls.setdefault(call, _Entry(0.0))
            entry.seen = self._clock.steady()
            entry.streams = max(0, entry.streams + streams)
            entry.waits = waits

    def over(self, call: str) -> None:
        """The carrier says that the call has ended."""
        with self._lock:
            self._calls.pop(call, None)

    def __len__(self) -> int:
        since = self._clock.steady() - IDLE_S
        with self._lock:
            self._calls = {c: e for c, e in self._calls.items() if e.streams or e.seen >= since}
            return len(self._calls)

    @property
    def with_bot(self) -> int:
        """How many of them do not wait for an agent."""
        every = len(self)
        with self._lock:
            return every - sum(e.waits and not e.streams for e in self._calls.values())

    def __contains__(self, call: str) -> bool:
        with self._lock:
            return call in self._calls


class Admission:
    """Decides how a new call is taken. Calls under way are never touched: what they have they keep.

    `lag_s` is the measured recognition lag in seconds, `speech_ready` whether speech can be recognised at all.
    """

    def __init__(
        self, limits: Limits, clock: Clock, lag_s: Callable[[], float], speech_ready: Callable[[], bool]
    ) -> None:
        self.under_way = UnderWay(clock)
        self._limits, self._clock, self._lag_s, self._speech_ready = limits, clock, lag_s, speech_ready
        self._drain_until: float | None = None
        self._last_call = 0.0
        self.told: Callable[[Way], None] = lambda way: None
        self.besides: Callable[[], int] = lambda: 0  # callers who wait for an agent or talk to one, and need us

    @property
    def draining(self) -> bool:
        """Whether no new calls are taken because the process is to end."""
        return self._drain_until is not None

    def drain(self) -> None:
        """Take no new call from now on."""
        if self._drain_until is None:
            self._last_call = self._clock.steady()
            self._drain_until = self._last_call + self._limits.drain_s
            log.warning(
                "draining: no new calls; %d under way may go on for %.0f s", len(self.under_way), self._limits.drain_s
            )

    @property
    def drained(self) -> bool:
        """Whether the process may end: the last call is over, or has had its time."""
        now = self._clock.steady()
        if self._drain_until is None:
            return False
        if len(self.under_way) or self.besides():
            self._last_call = now
        return now - self._last_call > GRACE_S or now >= self._drain_until

    @property
    def free(self) -> bool:
        """Whether the bot has room for one more call."""
        return not self._why_busy()

    def _why_busy(self) -> str:
        if self.draining:
            return "draining"
        if self.under_way.with_bot >= self._limits.max_calls:
            return "max_calls are up"
        lag_ms = self._lag_s() * 1000
        return f"recognition lags {lag_ms:.0f} ms" if lag_ms > self._limits.busy_lag_ms else ""

    def way(self, call: str) -> Way:
        """How the new call is taken; `told` hears of it. A carrier that asks twice for the same call gets it taken in
        any case."""
        way = self._way(call)
        self.told(way)
        return way

    def _way(self, call: str) -> Way:
        lag_ms = self._lag_s() * 1000
        why = self._why_busy()
        if why and call not in self.under_way:
            log.warning("call %s: busy: %s", call, why)
            return "busy"
        if not self._speech_ready():
            return "keypad"
        if lag_ms > self._limits.keypad_lag_ms:
            log.warning("call %s goes by keypad: recognition lags %.0f ms", call, lag_ms)
            return "keypad"
        return "speech"
