"""OpenTelemetry spans, as a collector really gets them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from ivr.clock import Clock
from ivr.observe.spans import spans, switched_on
from ivr.settings import ROOT
from ivr.speech.codec import to_ulaw
from ivr.speech.wav import read_wav
from tests.ivr.whole import Telephone, at, serving, settings, soon

SPEECH = to_ulaw(read_wav(ROOT / "tests" / "audio" / "en-03-intent.wav"))


class Collector:
    """An OTLP collector on a free port; `spans` is what came."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.paths: set[str] = set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.paths.add(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                request = ExportTraceServiceRequest.FromString(body)
                for resource in request.resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans += scope.spans
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


def test_a_call_arrives_at_the_collector_as_call_turn_and_parts(
    collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    with serving(settings(monkeypatch, tmp_path), Clock(speed=3)) as running:
        store = running.application.helpline.store

        async def call() -> None:
            telephone = await Telephone.call(running.url)
            await telephone.answer(store, "language", "english")
            await telephone.asked(store, "help")
            await telephone.settled()
            before = at(store, telephone.phone.call).turns
            await telephone.say(SPEECH)
            await soon(lambda: at(store, telephone.phone.call).turns > before, lambda: "the spoken turn")
            if at(store, telephone.phone.call).node == "help":  # understood or not, it was heard
                await telephone.answer(store, "help", "income certificate")
            await telephone.leave()

        asyncio.run(call())
    assert collector.paths == {"/v1/traces"}
    by_id = {s.span_id: s for s in collector.spans}
    names = {s.name for s in collector.spans}
    assert names == {"call", "turn", "hear", "understand", "step", "say"}
    calls = [s for s in collector.spans if s.name == "call"]
    assert len(calls) == 1
    assert not calls[0].parent_span_id
    for span in collector.spans:
        parent = by_id.get(span.parent_span_id)
        assert (parent.name if parent else None) == {"call": None, "turn": "call"}.get(span.name, "turn")
        assert span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.trace_id == calls[0].trace_id
    nodes = [a.value.string_value for s in collector.spans for a in s.attributes if a.key == "mitan.node"]
    assert {"language", "help"} <= set(nodes)
    written = str(collector.spans)
    assert "9826401715" not in written
    assert "income" not in written


@pytest.mark.parametrize(
    ("env", "exporter"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
    ],
)
def test_the_standard_variables_switch_spans_on_and_off(env: dict[str, str], exporter: str) -> None:
    assert switched_on(env) == exporter


def test_switched_off_nothing_of_opentelemetry_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spans({}) is None
    code = "import sys, ivr.assembly; sys.exit(any(m.startswith('opentelemetry') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=False).returncode == 0
