"""Every error becomes a problem: the domain's, HTTP's, pydantic's, the store's and what nobody foresaw."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from flask_limiter import RateLimitExceeded
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from booking.errors import BookingError, SlotClosed
from booking.privacy import masked
from console.api.problems import FieldError, Refused, respond
from models.errors import StoreError

log = logging.getLogger(__name__)

CODES = {404: "no_such_path", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}
RETRY_S = "5"  # when to try again with a store that does not answer, seconds
LONGEST_ERRORS = 20  # fields named in one answer


def register(flask: Flask) -> None:
    """Add the handlers."""
    flask.register_error_handler(Refused, respond)
    flask.register_error_handler(BookingError, _domain)
    flask.register_error_handler(StoreError, _store)
    flask.register_error_handler(RateLimitExceeded, _too_many)
    flask.register_error_handler(HTTPException, _http)
    flask.register_error_handler(Exception, _unforeseen)


def refused(error: BookingError) -> Refused:
    """The problem for an error of the domain."""
    code = error.code
    if code == "conflict" and "If-Match" in request.headers:
        code = "changed"
    more = {"why": error.why} if isinstance(error, SlotClosed) else {}
    return Refused(code, str(masked(error.detail)), more)


def invalid(error: ValidationError) -> Response:
    """The answer to a request that does not fit the description. A path that cannot exist is not found."""
    found = error.errors(include_url=False, include_input=False)
    if error.title.endswith("Path"):
        number = next((e for e in found if e["type"] == "bad_number"), None)
        return respond(Refused("bad_number", number["msg"]) if number else Refused("not_found"))
    errors = [FieldError(where=_where(e["loc"]), message=e["msg"]) for e in found[:LONGEST_ERRORS]]
    first = errors[0]
    return respond(Refused("invalid", f"{first.where}: {first.message}", {"errors": errors}))


def _where(place: Sequence[Any]) -> str:
    return ".".join(str(part)[:50] for part in place) or "body"


def _domain(error: BookingError) -> Response:
    return respond(refused(error))


def _store(error: StoreError) -> Response:
    log.error("store: %s", error)
    return respond(Refused("store_down", headers={"Retry-After": RETRY_S}))


def _too_many(_error: RateLimitExceeded) -> Response:
    return respond(Refused("too_many"))  # how long to wait is added where the limits are counted


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None and error.response.status_code < 500:  # made by a view or by the validation
        return error.response  # type: ignore[return-value]
    code = CODES.get(status, "bad_request" if status < 500 else "internal")
    answer = respond(Refused(code), status)
    allow = error.get_response().headers.get("Allow")
    if allow:
        answer.headers["Allow"] = allow
    return answer


def _unforeseen(error: Exception) -> Response:
    log.error("%s %s broke", request.method, request.endpoint, exc_info=error)
    return respond(Refused("internal"))
