"""The REST calls of Twilio that we use, answered by the exchange; and the messages for the phone page."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec

from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.message import Message

E164 = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
WHATSAPP = "whatsapp:"  # before the numbers of a WhatsApp message
MAX_TEXT = 1600  # characters of a message
_PATH = re.compile(
    r"/2010-04-01/Accounts/(?P<account>AC\w+)/(?P<kind>Messages|Calls|Recordings)(?P<rest>/\w+)?(\.\w+)?"
)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    kind: str = "application/json"


class Refusal(Exception):  # noqa: N818
    """An error as Twilio reports it: HTTP status, code and message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = _json({"code": code, "message": message, "status": status}, status)


def answer(exchange: Exchange, request: tuple[str, str, str], authorization: str, body: bytes) -> Answer:
    """The answer to `request` (method, path, query). Never raises."""
    method, path, query = request
    try:
        if path == "/exchange/messages":
            return _inbox(exchange, _form(query.encode()).get("to", ""))
        match = _PATH.fullmatch(path)
        if match is None:
            raise Refusal(404, 20404, f"{path} is not here")
        _authorised(exchange, authorization)
        sid = (match["rest"] or "").strip("/")
        return _DO[match["kind"]](exchange, method, sid, _form(query.encode() if method == "GET" else body))
    except Refusal as refusal:
        return refusal.answer


def _authorised(exchange: Exchange, authorization: str) -> None:
    trunk = exchange.shared.trunk
    expected = "Basic " + base64.b64encode(f"{trunk.account_sid}:{trunk.token}".encode()).decode()
    if not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise Refusal(401, 20003, "Authenticate")


def _messages(exchange: Exchange, method: str, sid: str, form: Mapping[str, str]) -> Answer:
    if method == "GET" and not sid:
        return _listed(exchange, form.get("To", ""))
    if method != "POST" or sid:
        raise Refusal(405, 20004, "Method not allowed")
    to, sender, text = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not E164.fullmatch(to.removeprefix(WHATSAPP)):
        raise Refusal(400, 21211, "The 'To' number is not a valid phone number.")
    if to.startswith(WHATSAPP) != sender.startswith(WHATSAPP):
        raise Refusal(400, 21910, "Invalid From and To pair. From and To should be of the same channel")
    if form.get("ContentSid"):  # the exchange has no templates: it shows which one was sent with what
        text = f"{form['ContentSid']} {form.get('ContentVariables', '')}"
    if not text:
        raise Refusal(400, 21602, "Message body is required.")
    if len(text) > MAX_TEXT:
        raise Refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    message = exchange.deliver(to, text, form.get("StatusCallback", ""))
    return _json(_as_twilio(exchange, message, sender), 201)


def _listed(exchange: Exchange, to: str) -> Answer:
    """The messages for one number, newest first, all on one page."""
    found = [_as_twilio(exchange, m, "") for m in reversed(exchange.messages) if m.to == to]
    return _json({"messages": found, "page": 0, "page_size": len(found), "next_page_uri": None}, 200)


def _as_twilio(exchange: Exchange, message: Message, sender: str) -> dict[str, Any]:
    at = format_datetime(message.at.astimezone(UTC))
    account = exchange.shared.trunk.account_sid
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "to": message.to,
        "from": sender,
        "body": message.text,
        "status": message.status,
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "date_created": at,
        "date_updated": at,
        "date_sent": None,
        "price": None,
        "price_unit": "INR",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}.json",
    }


def _calls(exchange: Exchange, method: str, sid: str, form: Mapping[str, str]) -> Answer:
    call = exchange.calls.get(sid)
    if call is None:
        raise Refusal(404, 20404, "The call is not here")
    if method == "POST":
        if form.get("Status") in ("completed", "canceled"):
            call.hang_up("finished")
        elif "Twiml" in form:
            call.go_on(form["Twiml"])
        else:
            raise Refusal(400, 21218, "Nothing to update: give Twiml or Status=completed.")
    return _json({"sid": sid, "status": "in-progress", "from": call.caller, "to": call.called}, 200)


def _recordings(exchange: Exchange, method: str, sid: str, form: Mapping[str, str]) -> Answer:
    wav = exchange.shared.recordings.get(sid)
    if method != "GET" or wav is None:
        raise Refusal(404, 20404, "The recording is not here")
    return Answer(200, wav, "audio/wav")


def _inbox(exchange: Exchange, to: str) -> Answer:
    """The messages for one number, newest first; the number must be named, so that nobody reads them all."""
    if not E164.fullmatch(to):
        raise Refusal(400, 21211, "say whose messages: ?to=%2B91…")
    found = [{"sid": m.sid, "text": m.text, "at": m.at.isoformat()} for m in reversed(exchange.messages) if m.to == to]
    return _json({"messages": found}, 200)


def _form(body: bytes) -> dict[str, str]:
    try:
        return {k: v[-1] for k, v in parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50).items()}
    except ValueError:
        raise Refusal(400, 20001, "a broken form") from None


def _json(body: Mapping[str, Any], status: int) -> Answer:
    return Answer(status, msgspec.json.encode(body))


_DO = {"Messages": _messages, "Calls": _calls, "Recordings": _recordings}
