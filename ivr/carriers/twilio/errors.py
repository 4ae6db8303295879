"""Twilio's error codes: which failures are permanent and which are worth another try."""

from __future__ import annotations

PERMANENT = {
    20003: "credentials refused: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    20005: "the account is not active: see it in Twilio's console",
    20006: "access denied: see the account's permissions in Twilio's console",
    20404: "no such resource",
    21205: "the address of the document is not valid",
    21210: "the calling number is not ours",
    21211: "the number is not valid",
    21212: "the sending number is not valid",
    21213: "no calling number was given",
    21214: "the number cannot be called",
    21215: "no permission to call this region",
    21216: "the number may not be called",
    21217: "the number is not valid",
    21219: "a trial account may not call this number",
    21220: "the call is not in progress any more",
    21265: "the number is a short code",
    21401: "the number is not valid",
    21408: "no permission to send to this region",
    21602: "the text is empty",
    21604: "no number to send to",
    21606: "the sending number cannot send messages",
    21608: "a trial account may not send to this number",
    21610: "the receiver has opted out",
    21612: "this number cannot be reached from ours",
    21614: "the number is not a mobile number",
    21617: "the text is too long",
    21635: "the number is a landline",
    30004: "the receiver blocks messages",
    30005: "the number does not exist",
    30006: "the number is a landline",
    30007: "filtered as spam",
    63007: "the sending number is none of WhatsApp's",
}
RETRYABLE = {
    10004: "as many calls are up as the account may have",
    20429: "too many requests",
    21611: "the sending queue is full",
    30001: "the sending queue is full",
    30002: "the account is suspended",
    30003: "the handset cannot be reached now",
    30008: "unknown error at the network",
    30022: "too many messages a second",
}
# These say nothing about a message: with our account as it is, or the number that we send from, none would be taken.
OURS = frozenset({20003, 20005, 20006, 20404, 21212, 21606, 30002, 63007})
OURS_STATUS = (401, 403, 404)  # of HTTP, with a code that is not known: there is no such account, or not for us
RETRYABLE_STATUS = (408, 425, 429)  # of HTTP; and all from 500 on


def permanent(code: int | None, status: int) -> bool:
    """Whether to give up. An unknown code is judged by its HTTP status: 4xx will fail again, 5xx may not."""
    if code in PERMANENT:
        return True
    if code in RETRYABLE:
        return False
    return 400 <= status < 500 and status not in RETRYABLE_STATUS


def ours(code: int | None, status: int) -> bool:
    """Whether a refused message says nothing about itself, but about our account."""
    known = code in PERMANENT or code in RETRYABLE
    return code in OURS or (not known and status in OURS_STATUS)


def words(code: int | None) -> str:
    """What a code means, without anything about HTTP."""
    known = PERMANENT.get(code or 0) or RETRYABLE.get(code or 0) or "the carrier gave no known reason"
    return f"{known} (Twilio {code or 'without code'})"


def reason(code: int | None, status: int) -> str:
    """What went wrong, in words; the carrier's own text may quote the number and is left out."""
    words = PERMANENT.get(code or 0) or RETRYABLE.get(code or 0) or "the carrier refused"
    return f"{words} (Twilio {code or 'without code'}, HTTP {status})"
