"""OpenTelemetry spans of calls: call > turn > hear, understand, step, say. Switched on by the standard variables.

Nothing of OpenTelemetry is imported before `spans()` has found it switched on. Spans carry ids, questions and ways of
answering, never what was said.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ivr.observe.observer import Observer, Stepped
from ivr.timings import Timings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def switched_on(env: Mapping[str, str] = os.environ) -> str:
    """The exporter that the environment asks for: "otlp", "console", or "" for none."""
    if env.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ""
    asked = env.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if asked in ("otlp", "console"):
        return asked
    return "otlp" if not asked and any(env.get(name) for name in ENDPOINTS) else ""


def spans(env: Mapping[str, str] = os.environ) -> Spans | None:
    """What makes spans, exporting as the environment says; None when that is switched off."""
    asked = switched_on(env)
    if not asked:
        return None
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    exporter: SpanExporter
    if asked == "console":
        exporter = ConsoleSpanExporter()
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    provider = _provider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Spans(provider)


def _provider() -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    named = Resource.create() if os.environ.get("OTEL_SERVICE_NAME") else Resource.create({"service.name": "mitan"})
    return TracerProvider(resource=named, shutdown_on_exit=False)


class Spans(Observer):
    """Makes the spans of all calls of a process with `provider`; a turn is told when it is over, with its times."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace import set_span_in_context

        self._provider = provider
        self._tracer = provider.get_tracer("mitan")
        self._within = set_span_in_context
        self._calls: dict[str, Span] = {}
        self._steps: dict[str, Stepped] = {}

    def close(self) -> None:
        """Export what is left."""
        self._provider.shutdown()

    def call_began(self, call: str, conversation: str) -> None:
        """The span of the call begins."""
        about = {"mitan.call": call, "mitan.conversation": conversation}
        self._calls[conversation] = self._tracer.start_span("call", attributes=about)

    def call_ended(self, call: str, conversation: str) -> None:
        """... and ends."""
        span = self._calls.pop(conversation, None)
        self._steps.pop(conversation, None)
        if span:
            span.end()

    def stepped(self, conversation: str, stepped: Stepped) -> None:
        """Kept until the turn is over."""
        if conversation in self._calls:
            self._steps[conversation] = stepped

    def turn(self, conversation: str, lap: Timings, now: float, speed: float) -> None:
        """The span of a turn with its parts."""
        call, step = self._calls.get(conversation), self._steps.pop(conversation, None)
        if call is None:
            return
        wall = time.time_ns()

        def at(steady: float) -> int:
            return wall - round((now - steady) / speed * 1e9)

        begin = at(lap.answered if lap.last_voice is None else lap.last_voice)
        end = max(at(t) for t in (lap.answered, lap.decided, lap.audio) if t is not None)
        about = {"mitan.node": lap.node, "mitan.expect": lap.expect, "mitan.how": lap.how}
        turn = self._tracer.start_span("turn", self._within(call), start_time=begin, attributes=about)
        within = self._within(turn)
        if lap.last_voice is not None:
            self._part("hear", within, begin, at(lap.answered))
        if step is not None:
            if step.heard:
                self._part("understand", within, step.began_ns, step.understood_ns)
            self._part("step", within, step.understood_ns if step.heard else step.began_ns, step.ended_ns)
        if lap.decided is not None and lap.audio is not None:
            self._part("say", within, at(lap.decided), at(lap.audio))
        turn.end(end)

    def _part(self, name: str, within: Context, begin: int, end: int) -> None:
        self._tracer.start_span(name, within, start_time=begin).end(max(begin, end))
