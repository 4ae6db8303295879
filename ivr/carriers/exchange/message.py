"""Text messages at the exchange, and the status callbacks that tell what became of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from ivr.carriers.exchange.trunk import Trunk, TrunkError

UNREACHABLE = "30003"  # Twilio's code for a telephone that is switched off
log = logging.getLogger(__name__)


@dataclass
class Message:
    """A text message that the application sent; `callback` is told what becomes of it ("": nobody is)."""

    sid: str
    to: str
    text: str
    at: datetime
    callback: str = ""
    status: str = "queued"


async def report(trunk: Trunk, message: Message, *, off: bool) -> None:
    """Call the status callback as a carrier does: sent, then delivered, or undelivered to a telephone that is off."""
    for status in ("sent", "undelivered" if off else "delivered"):
        message.status = status
        form = {
            "AccountSid": trunk.account_sid,
            "ApiVersion": "2010-04-01",
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": message.to,
            "From": f"+91{trunk.number}",
        }
        if status == "undelivered":
            form["ErrorCode"] = UNREACHABLE
        try:
            await trunk.post(message.callback, form)
        except TrunkError as error:
            log.warning("message %s: %s was not taken: %s", message.sid, status, error)
