"""Logging of a process: one line an event, times in Asia/Kolkata, 12-digit runs masked whatever logs them."""

from __future__ import annotations

import logging
from datetime import datetime

from booking.privacy import masked
from ivr.clock import ZONE
from ivr.settings import Settings


class _Lines(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        return str(masked(super().format(record)))


def configure(settings: Settings) -> None:
    """Send everything of at least the configured level to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.server.log_level, handlers=[handler], force=True)
    for name in ("apscheduler", "alembic", "twilio", "uvicorn.error", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)
