"""REST calls about calls: made, looked at, redirected, ended."""

from __future__ import annotations

import re
from typing import Any

from ivr.carriers.exchange.answers import Answer, Fields, Refusal, json
from ivr.carriers.exchange.call import Call
from ivr.carriers.exchange.exchange import AllLinesBusyError, Exchange
from ivr.carriers.exchange.outgoing import Order

ADDRESS = re.compile(r"\+[1-9]\d{7,14}|client:\w{1,120}", re.ASCII)
SECONDS = range(5, 601)  # that a telephone may ring, as at Twilio


def calls(exchange: Exchange, method: str, sid: str, form: Fields) -> Answer:
    """`/Calls` and `/Calls/<sid>`."""
    if not sid:
        if method != "POST":
            raise Refusal(405, 20004, "Method not allowed")
        return json(as_twilio(exchange, _made(exchange, form)), 201)
    call = exchange.calls.get(sid)
    if call is None:
        raise Refusal(404, 20404, "The call is not here")
    if method == "POST":
        _updated(call, form)
    return json(as_twilio(exchange, call))


def _made(exchange: Exchange, form: Fields) -> Call:
    if not (form.get("Url") or form.get("Twiml")):
        raise Refusal(400, 21205, "Url parameter is required.")
    return ordered(exchange, form, document=form.get("Twiml", ""))


def ordered(exchange: Exchange, form: Fields, *, document: str) -> Call:
    """A call is made as a form says; it does what `document` (or the form's Url) says. Raises Refusal."""
    to, caller = form.get("To", ""), form.get("From", "")
    if not ADDRESS.fullmatch(to):
        raise Refusal(400, 21211, "The 'To' number is not a valid phone number.")
    if not caller:
        raise Refusal(400, 21213, "The 'From' number is required.")
    order = Order(
        to=to,
        caller=caller,
        seconds=_seconds(form),
        document=document,
        url=form.get("Url", ""),
        callback=form.get("StatusCallback", ""),
        events=frozenset(form.all("StatusCallbackEvent") or ["completed"]),
    )
    try:
        return exchange.order(order)
    except AllLinesBusyError as error:
        raise Refusal(429, 20429, str(error)) from None


def _seconds(form: Fields) -> float:
    given = form.get("Timeout", "60")
    if not given.isdecimal() or int(given) not in SECONDS:
        raise Refusal(400, 21214, "Timeout is a number of seconds from 5 to 600.")
    return float(given)


def _updated(call: Call, form: Fields) -> None:
    if form.get("Status") in ("completed", "canceled"):
        call.hang_up("finished")
    elif "Twiml" in form:
        call.go_on(form["Twiml"])
    elif "Url" in form:
        call.go_on(form["Url"], url=True)
    else:
        raise Refusal(400, 21218, "Nothing to update: give Url, Twiml or Status=completed.")


def as_twilio(exchange: Exchange, call: Call) -> dict[str, Any]:
    """A call as Twilio shows it."""
    account = exchange.shared.trunk.account_sid
    return {
        "sid": call.sid,
        "account_sid": account,
        "status": call.status,
        "direction": call.direction,
        "from": call.caller,
        "to": call.called,
        "uri": f"/2010-04-01/Accounts/{account}/Calls/{call.sid}.json",
    }
