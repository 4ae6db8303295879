"""WhatsApp through Twilio as a channel of notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.carriers.twilio.client import WHATSAPP, TwilioClient


@dataclass(frozen=True)
class WhatsApp:
    """Sends from the WhatsApp number `sender` (E.164). A notice with a template id goes out as that template."""

    client: TwilioClient
    sender: str

    def send(self, recipient: str, text: str, template_id: str, variables: Mapping[str, str]) -> str:
        """As `booking.channels.Channel.send`."""
        return self.client.send_whatsapp(self.sender, recipient, text, (template_id, variables))

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """As `booking.channels.Channel.sent`."""
        return self.client.sent_message(f"{WHATSAPP}{recipient}", text, since)
