"""Twilio's REST interface: the few calls that we make. The base URL is a setting: our exchange answers them too."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from booking.errors import AccountRefused, SendFailed
from ivr.carriers.twilio import errors
from ivr.carriers.twilio.rest import API, Account, Redirected, checked, refusal

LISTED = 50  # messages of one number that are looked through, newest first
WHATSAPP = "whatsapp:"  # before the numbers of WhatsApp
UNSENT = ("failed", "undelivered", "canceled")
RECORDING_WAITS_S = (0.3, 0.6)  # between tries: the webhook may be earlier than the file
MAX_RECORDING = 2_000_000  # bytes: two minutes of 8 kHz 16-bit audio


class TwilioClient:
    """Blocking: use it from jobs and HTTP threads. Every failure is `SendFailed`, permanent or not; of
    messages `AccountRefused` where it is our account's."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._http = Redirected(account.api)
        self._rest = Client(account.sid, account.token, http_client=self._http)

    def send_message(self, to: str, text: str) -> str:
        """Send an SMS to the E.164 number `to`; its SID."""
        told = {"status_callback": self._account.callback} if self._account.callback else {}
        message = _checked(_message, self._rest.messages.create, to=to, from_=self._account.number, body=text, **told)
        return str(message.sid)

    def send_whatsapp(self, sender: str, to: str, text: str, content: tuple[str, Mapping[str, str]]) -> str:
        """Send a WhatsApp message between two E.164 numbers; its SID. `content` is the approved template's id ("": free
        text, which WhatsApp takes within 24 hours of the citizen's own message) and its variables."""
        told = {"status_callback": self._account.callback} if self._account.callback else {}
        template, variables = content
        said = (
            {"content_sid": template, "content_variables": json.dumps(dict(variables))} if template else {"body": text}
        )
        ends = {"to": f"{WHATSAPP}{to}", "from_": f"{WHATSAPP}{sender}"}
        return str(_checked(_message, self._rest.messages.create, **ends, **said, **told).sid)

    def sent_message(self, to: str, text: str, since: datetime) -> str | None:
        """The SID of the SMS with this text that the carrier has taken for `to` since then; None: there is none."""
        for message in _checked(_message, self._rest.messages.list, to=to, limit=LISTED):
            if message.body == text and message.status not in UNSENT and message.date_created >= since:
                return str(message.sid)
        return None

    def fetch_recording(self, url: str) -> bytes:
        """The WAV of a recording. `url` is the webhook's RecordingUrl; anything not of the carrier's API is refused,
        so that our credentials go nowhere else."""
        if not url.startswith((f"{self._account.api}/", f"{API}/")):
            raise SendFailed("a recording outside the carrier's API", permanent=True)
        where = f"{url.removesuffix('.wav')}.wav"
        for wait_s in RECORDING_WAITS_S:
            try:
                return self._download(where)
            except SendFailed:
                time.sleep(wait_s)
        return self._download(where)

    def _download(self, url: str) -> bytes:
        return bytes(_checked(self._http.download, url, (self._account.sid, self._account.token), MAX_RECORDING))


def _checked(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return checked(SendFailed, call, *args, **options)


def _message(call: Callable[..., Any], **options: Any) -> Any:
    """The answer of a call about messages. Raises AccountRefused, and what `call` raises."""
    try:
        return call(**options)
    except TwilioException as error:
        code, status = refusal(error)
        if errors.ours(code, status):
            raise AccountRefused(errors.reason(code, status)) from None
        raise
