"""Logging of a process: one line an event (text, or JSON for collectors), times in Asia/Kolkata, with the call and the
conversation it is about. Telephone numbers and 12-digit runs are masked whatever logs them."""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime

from booking.phone import mask
from booking.privacy import masked
from ivr.clock import ZONE
from ivr.observe.context import AddContext
from ivr.settings import Settings

QUIET = ("apscheduler", "alembic", "twilio", "uvicorn.error", "websockets", "opentelemetry")
# Indian mobile numbers as they are written; not within an id of letters and digits.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:\+91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}(?![A-Za-z0-9])", re.ASCII)


def private(text: str) -> str:
    """`text` without telephone numbers and long digit runs."""
    return _NUMBER.sub(lambda m: mask(m.group()), str(masked(text)))


class _Lines(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        call, conversation = getattr(record, "call", ""), getattr(record, "conversation", "")
        where = " ".join(f"{k}={v}" for k, v in (("call", call), ("conversation", conversation)) if v)
        return private(f"{line} [{where}]" if where and "\n" not in line else line)


class _Objects(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        found = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "text": private(record.getMessage()),
            "call": getattr(record, "call", "") or None,
            "conversation": getattr(record, "conversation", "") or None,
            "error": private(self.formatException(record.exc_info)) if record.exc_info else None,
        }
        return json.dumps({k: v for k, v in found.items() if v is not None}, ensure_ascii=False)


def configure(settings: Settings) -> None:
    """Send everything of at least the configured level to standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(AddContext())
    lines = _Lines("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_Objects() if settings.server.log_format == "json" else lines)
    logging.basicConfig(level=settings.server.log_level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
