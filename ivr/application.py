"""Serving an application: uvicorn on one port, in the foreground or, for test calls and tests, in a thread."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType

import uvicorn

from ivr.assembly import Application, Pages, build, gateway
from ivr.carriers.twilio.routes import STREAM
from ivr.clock import Clock
from ivr.gathering import gathered
from ivr.settings import Settings
from ivr.speech.models import Models

START_S = 30.0  # a server that does not listen by then has failed


def _server(application: Application, pages: Pages | None) -> uvicorn.Server:
    server = application.settings.server
    config = uvicorn.Config(
        gateway(application, pages),
        host=server.host,
        port=server.port,
        loop="uvloop",
        ws=gathered(server.gather_ms / 1000, STREAM),  # type: ignore[arg-type]  # it only calls what it is given
        ws_max_size=2**20,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )
    return _Server(config, application)


class _Server(uvicorn.Server):
    """Tells the application its port as soon as it is known (with port 0 the system chooses it), and drains: the first
    SIGTERM only ends the taking of new calls, the process ends after the last one. SIGINT or a second SIGTERM is at
    once."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Listen."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._application.address.port = self.servers[0].sockets[0].getsockname()[1]

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """End: pages that listen are let go, else their connections would be waited for."""
        if self._application.live:
            self._application.live.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to end."""
        admission = self._application.admission
        if sig == signal.SIGTERM and not admission.draining:
            admission.drain()
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop serving."""
        self.should_exit = self.should_exit or self._application.admission.drained
        return await super().on_tick(counter)


def serve(application: Application, pages: Pages | None = None) -> None:
    """Serve until SIGINT or SIGTERM, then close everything."""
    try:
        _server(application, pages).run()
    finally:
        application.close()


class Running:
    """A server in a thread of this process. Stop it, or use it as a context manager."""

    def __init__(self, application: Application, pages: Pages | None = None) -> None:
        self.application = application
        self._server = _server(application, pages)
        self._thread = threading.Thread(target=self._server.run, name="server", daemon=True)
        self._thread.start()
        until = time.monotonic() + START_S
        while not application.address.port:
            if not self._thread.is_alive() or time.monotonic() > until:
                self.stop()
                raise RuntimeError("the server did not start; its log says why")
            time.sleep(0.01)

    @property
    def url(self) -> str:
        """The server's address, http://host:port."""
        return self.application.address.local()

    def stop(self) -> None:
        """Stop listening, end all calls, close the application."""
        self._server.should_exit = True
        self._thread.join(START_S)
        self.application.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve_in_background(
    settings: Settings, clock: Clock | None = None, pages: Pages | None = None, models: Models | None = None
) -> Running:
    """A server of `settings` in a thread; `server.port` 0 takes any free port."""
    return Running(build(settings, clock, models), pages)
