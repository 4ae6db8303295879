"""Ways by which a notice reaches a citizen, behind one interface; who has an account supplies the adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Send = Callable[[str, str], str]
# Whether the carrier has taken a message since a time: (recipient, text, since) -> the carrier's id, or None.
Taken = Callable[[str, str, datetime], str | None]


class Channel(Protocol):
    """One way to send; both methods raise booking.errors.SendFailed, AccountRefused where no message would be taken."""

    def send(self, recipient: str, text: str, template_id: str, variables: Mapping[str, str]) -> str:
        """Send, and answer the carrier's id. `template_id` is "" where none is registered."""

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """The carrier's id of a message with this text that was taken since then; None: there is none, or nobody
        can tell."""


@dataclass(frozen=True)
class Sms:
    """SMS by `take(recipient, text) -> carrier's id`; the carrier finds the registered template by the text."""

    take: Send
    taken: Taken | None = None

    def send(self, recipient: str, text: str, template_id: str, variables: Mapping[str, str]) -> str:
        """As `Channel.send`."""
        return self.take(recipient, text)

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """As `Channel.sent`."""
        return self.taken(recipient, text, since) if self.taken else None
