"""Status callbacks of messages: signed like the voice webhooks, turned into the domain's receipts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, request

from booking.receipts import Arrival, Outcome, Receipt
from ivr.carriers.twilio import errors
from ivr.carriers.twilio.signature import HEADER, Signatures, refuse
from ivr.gate import foreign

MESSAGE = "/twilio/message"
# Twilio's states of a message that say how it ended; the others (queued, sending, sent …) are on the way.
ENDS: Mapping[str, Arrival] = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
# A receipt may be here before we have noted the id that the carrier answered: it is looked for again after these waits.
WAITS_S = (0.1, 0.4, 1.0)
log = logging.getLogger(__name__)


def blueprint(signatures: Signatures, received: Callable[[Receipt], Outcome]) -> Blueprint:
    """The route. What is signed is always answered with 204: the carrier could do nothing about an unknown id."""
    pages = Blueprint("receipts", __name__)

    @pages.post(MESSAGE)
    @foreign("signed by the carrier")
    def message() -> Response:
        url = signatures.url(request.path, request.query_string.decode("latin-1"))
        if not signatures.valid(url, request.form, request.headers.get(HEADER, "")):
            refuse(request.remote_addr or "?", request.path)
            abort(403)
        receipt = _receipt(request.form)
        if receipt is not None:
            _noted(receipt, received)
        return Response(status=204)

    return pages


def _receipt(form: Mapping[str, str]) -> Receipt | None:
    """The receipt in a callback's form; None while the message is under way, or when the form says nothing."""
    arrival = ENDS.get(form.get("MessageStatus", ""))
    sid = form.get("MessageSid", "")
    if arrival is None or not sid:
        return None
    if arrival == "delivered":
        return Receipt(sid, arrival)
    said = form.get("ErrorCode", "")
    code = int(said) if said.isascii() and said.isdigit() else None
    return Receipt(sid, arrival, errors.words(code), code in errors.RETRYABLE)


def _noted(receipt: Receipt, received: Callable[[Receipt], Outcome]) -> None:
    for wait in (*WAITS_S, None):
        outcome = received(receipt)
        if outcome != "unknown":
            log.debug("message %s: %s, %s", receipt.carrier_id, receipt.arrival, outcome)
            return
        if wait:
            time.sleep(wait)
    log.info("receipt of a message that is none of ours: %s", receipt.carrier_id[:40])
