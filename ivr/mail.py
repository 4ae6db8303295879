"""Mail as a channel of notices: through a relay by SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from booking.errors import SendFailed

TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Mail:
    """Sends from the address `sender` through the relay `server` (host:port), by STARTTLS where it is offered."""

    server: str
    sender: str
    subject: str

    def send(self, recipient: str, text: str, template_id: str, variables: Mapping[str, str]) -> str:
        """As `booking.channels.Channel.send`; the id is the mail's Message-ID."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, recipient, self.subject
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message.set_content(text)
        try:
            self._relay(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise SendFailed(f"the address was refused ({code})", permanent=code >= 500) from None
        except smtplib.SMTPResponseException as error:
            code = error.smtp_code
            raise SendFailed(f"the mail relay refused ({code})", permanent=code >= 500) from None
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed(f"the mail relay: {type(error).__name__}", permanent=False) from None
        return str(message["Message-ID"])

    def sent(self, recipient: str, text: str, since: datetime) -> str | None:
        """A relay cannot be asked: a mail whose sender died before noting it goes out twice."""
        return None

    def _relay(self, message: EmailMessage) -> None:
        host, _, port = self.server.rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=TIMEOUT_S) as relay:
            relay.ehlo()
            if relay.has_extn("starttls"):
                relay.starttls()
            relay.send_message(message)
