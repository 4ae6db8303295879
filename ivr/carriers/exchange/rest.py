"""The REST calls of Twilio that we use, answered by the exchange; and the messages for the phone page."""

from __future__ import annotations

import base64
import hmac
import re
from typing import Any

from ivr.carriers.exchange.answers import Answer, Fields, Refusal, at, form, json, page
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.message import Message
from ivr.carriers.exchange.rest_calls import calls
from ivr.carriers.exchange.rest_conferences import conferences

E164 = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
WHATSAPP = "whatsapp:"  # before the numbers of a WhatsApp message
MAX_TEXT = 1600  # characters of a message
_PATH = re.compile(
    r"/2010-04-01/Accounts/(?P<account>AC\w+)/(?P<kind>Messages|Calls|Recordings|Conferences)"
    r"(?P<rest>(/[\w:-]+){0,3})(\.\w+)?"
)


def answer(exchange: Exchange, request: tuple[str, str, str], authorization: str, body: bytes) -> Answer:
    """The answer to `request` (method, path, query). Never raises."""
    method, path, query = request
    try:
        if path == "/exchange/messages":
            return _inbox(exchange, form(query.encode()).get("to", ""))
        match = _PATH.fullmatch(path)
        if match is None:
            raise Refusal(404, 20404, f"{path} is not here")
        _authorised(exchange, authorization)
        sid = match["rest"].strip("/")
        return _DO[match["kind"]](exchange, method, sid, form(query.encode() if method == "GET" else body))
    except Refusal as refusal:
        return refusal.answer


def _authorised(exchange: Exchange, authorization: str) -> None:
    trunk = exchange.shared.trunk
    expected = "Basic " + base64.b64encode(f"{trunk.account_sid}:{trunk.token}".encode()).decode()
    if not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise Refusal(401, 20003, "Authenticate")


def _messages(exchange: Exchange, method: str, sid: str, form: Fields) -> Answer:
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
    return json(_as_twilio(exchange, message, sender), 201)


def _listed(exchange: Exchange, to: str) -> Answer:
    """The messages for one number, newest first, all on one page."""
    found = [_as_twilio(exchange, m, "") for m in reversed(exchange.messages) if m.to == to]
    return page("messages", found)


def _as_twilio(exchange: Exchange, message: Message, sender: str) -> dict[str, Any]:
    taken = at(message.at)
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
        "date_created": taken,
        "date_updated": taken,
        "date_sent": None,
        "price": None,
        "price_unit": "INR",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}.json",
    }


def _recordings(exchange: Exchange, method: str, sid: str, form: Fields) -> Answer:
    wav = exchange.shared.recordings.get(sid)
    if method != "GET" or wav is None:
        raise Refusal(404, 20404, "The recording is not here")
    return Answer(200, wav, "audio/wav")


def _inbox(exchange: Exchange, to: str) -> Answer:
    """The messages for one number, newest first; the number must be named, so that nobody reads them all."""
    if not E164.fullmatch(to):
        raise Refusal(400, 21211, "say whose messages: ?to=%2B91…")
    found = [{"sid": m.sid, "text": m.text, "at": m.at.isoformat()} for m in reversed(exchange.messages) if m.to == to]
    return json({"messages": found})


_DO = {"Messages": _messages, "Calls": calls, "Recordings": _recordings, "Conferences": conferences}
