"""The figures of this process for Prometheus. Each process shows its own; no label comes from a caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest

from booking.sending import Report
from ivr.observe.observer import Observer, Stepped
from ivr.timings import Timings

REPLY_S = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 1.1, 1.4, 2.0, 3.0, 5.0, 10.0)
LAG_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0)
LOOP_S = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
WEBHOOK_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
OPERATIONS = {"hold": "mitan_holds", "book": "mitan_bookings"}


class Metrics(Observer):
    """All metrics in a registry of their own, so that several applications can live in one process (tests do)."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.calls = Counter(
            "mitan_calls", "Calls that came in, by the way they were taken.", ["way"], registry=registry
        )
        self.ended = Counter("mitan_conversations_ended", "Conversations by outcome.", ["outcome"], registry=registry)
        self.streams = Gauge("mitan_streams", "Calls with an audio connection now.", registry=registry)
        self.turns = Counter("mitan_turns", "Turns of conversations, by question.", ["node"], registry=registry)
        self.misses = Counter("mitan_misses", "Turns not understood, or silent.", ["node"], registry=registry)
        self.handoffs = Counter("mitan_handoffs", "Calls put through to agents.", ["reason"], registry=registry)
        self.reply = Histogram("mitan_reply_seconds", "Last voice (else the answer) to the first audio of the reply.",
                               ["expect", "how"], buckets=REPLY_S, registry=registry)  # fmt: skip
        self.webhook = Histogram("mitan_webhook_seconds", "Answering an HTTP request.", ["endpoint"],
                                 buckets=WEBHOOK_S, registry=registry)  # fmt: skip
        self.notices = Counter("mitan_notices", "Notices by what became of them.", ["state"], registry=registry)
        self.lag = Histogram("mitan_recognition_lag_seconds", "Audio ready to be decoded until it was decoded.",
                             buckets=LAG_S, registry=registry)  # fmt: skip
        self.loop = Histogram("mitan_loop_lag_seconds", "Lateness of the event loop.", buckets=LOOP_S,
                              registry=registry)  # fmt: skip
        self.stalls = Counter("mitan_loop_stalls", "Event-loop stalls over the limit.", registry=registry)
        self._operations = {
            op: Counter(name, f"Tries to {op}, by outcome.", ["outcome"], registry=registry)
            for op, name in OPERATIONS.items()
        }

    def show(self, name: str, about: str, value: Callable[[], float]) -> None:
        """A figure that is looked up whenever the metrics are read."""
        Gauge(name, about, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)

    def call_began(self, call: str, conversation: str) -> None:
        """One more stream."""
        self.streams.inc()

    def call_ended(self, call: str, conversation: str) -> None:
        """One stream less."""
        self.streams.dec()

    def turn(self, conversation: str, lap: Timings, now: float, speed: float) -> None:
        """How long the reply took."""
        if lap.reply_s is not None:
            self.reply.labels(lap.expect or "none", lap.how).observe(max(lap.reply_s, 0.0))

    def stepped(self, conversation: str, stepped: Stepped) -> None:
        """What the turn made of the conversation."""
        before, after = stepped.before, stepped.after
        if after.turns > before.turns:
            self.turns.labels(before.node).inc()
        if after.total_misses > before.total_misses:
            self.misses.labels(before.node).inc()
        if after.ended and not before.ended:
            self.ended.labels(str(after.outcome)).inc()
            if after.ended == "handoff":
                self.handoffs.labels(str(after.filled.get("reason") or "asked")).inc()

    def operated(self, op: str, outcome: str) -> None:
        """Holds and bookings, with what was refused."""
        if op in self._operations:
            self._operations[op].labels(outcome).inc()

    def sent(self, report: Report) -> None:
        """A run of the job that sends notices."""
        for state, count in asdict(report).items():
            self.notices.labels(state).inc(count)

    def received(self, state: str) -> None:
        """A receipt: delivered, undelivered or failed."""
        self.notices.labels(state).inc()
