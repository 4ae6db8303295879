"""What the interface refuses and how it says so: RFC 9457 problems with a stable code for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
BASE = "/api/v1/problems"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its HTTP status, and a sentence that says what happened and what to do."""

    status: int
    title: str


HTTP = {
    "bad_request": Kind(400, "The request cannot be read: compare it with the description."),
    "bad_json": Kind(400, "The body is not JSON: send one object in UTF-8."),
    "key_missing": Kind(400, "An Idempotency-Key header is needed: 1-255 visible ASCII characters, new for each act."),
    "unauthorized": Kind(401, "A valid bearer token is needed: send Authorization: Bearer mitan_…"),
    "forbidden": Kind(403, "The token has not the scope for this: ask the operator for another."),
    "no_such_path": Kind(404, "There is nothing at this address: see the description for the paths."),
    "bad_number": Kind(404, "The number's check digit is wrong: compare it with what was sent to the citizen."),
    "method_not_allowed": Kind(405, "This address does not take that method: the Allow header names those it takes."),
    "changed": Kind(412, "The record is no longer as it was read: read it again and decide anew."),
    "too_large": Kind(413, "The body is too large: send less."),
    "not_json": Kind(415, "The body must be JSON: send Content-Type: application/json."),
    "invalid": Kind(422, "The request does not fit the description: `errors` names what to correct."),
    "key_reused": Kind(422, "This Idempotency-Key was used for another request: take a new one for each act."),
    "mobile_missing": Kind(422, "Say for whom you act: send the citizen's mobile in the Mitan-Mobile header."),
    "match_missing": Kind(428, "An If-Match header is needed: send the ETag of the record as it was read."),
    "too_many": Kind(429, "Too many requests: wait as many seconds as Retry-After says."),
    "locked": Kind(429, "Three wrong tries: wait as many seconds as Retry-After says, or let the citizen call."),
    "internal": Kind(500, "Something broke here; it was written to the log. Try again, then tell the operator."),
    "store_down": Kind(503, "The store does not answer: nothing was changed; try again."),
}
"""What the interface itself refuses."""

DOMAIN = {
    "error": Kind(409, "This cannot be done."),
    "slot_taken": Kind(409, "All seats of this slot are taken: offer others."),
    "hold_lost": Kind(409, "The hold has expired and its seat is gone: offer other slots."),
    "slot_closed": Kind(422, "No visit can be booked at this time; `why` says the reason: offer free slots."),
    "service_closed": Kind(422, "The service is unknown or not offered on that day."),
    "city_not_covered": Kind(422, "The city is not covered by the scheme."),
    "area_needed": Kind(422, "The city has areas: name the one in which the citizen lives."),
    "area_unknown": Kind(422, "The city has no such area."),
    "bad_mobile": Kind(422, "Not an Indian mobile number: ten digits that begin with 6, 7, 8 or 9."),
    "bad_pin": Kind(422, "Not a PIN code: six digits of which the first is not 0."),
    "not_found": Kind(404, "There is no such record: check the number."),
    "stale_state": Kind(409, "Somebody else has changed this meanwhile: read it again."),
    "nobody_free": Kind(409, "No executive can come at this time: name another, or move the visit."),
    "not_allowed": Kind(409, "The record cannot go there from where it stands, or not by this token."),
    "too_late": Kind(409, "The time limit for this has passed: an agent can help."),
    "too_early": Kind(409, "This is not possible yet."),
    "not_owner": Kind(403, "The record belongs to another mobile: state that one, or prove it by its last digits."),
    "conflict": Kind(409, "Somebody else has changed the record meanwhile: read it again and decide anew."),
    "bad_value": Kind(422, "A value is not of the form that is asked for."),
}
"""What the domain refuses (`booking.errors`), by code."""

KINDS: Mapping[str, Kind] = {**HTTP, **DOMAIN}


class FieldError(BaseModel):
    """One thing to correct: where it stands, and what is wrong with it."""

    where: str
    message: str


class Problem(BaseModel):
    """What was refused. Branch on `code`; `detail` is for people. `errors` and `why` come with some codes only."""

    type: str = Field(description="Address of this kind of problem.")
    title: str
    status: int
    code: str = Field(description="Stable name of the kind of problem.")
    detail: str
    errors: list[FieldError] | None = None
    why: str | None = Field(None, description="With slot_closed: past, closed, too_far, too_soon or hours.")


@dataclass
class Refused(Exception):  # noqa: N818  as in `booking.errors`, the name says what happened
    """A request that is answered by a problem. `more` are further members of it, `headers` go with the answer."""

    code: str
    detail: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def respond(refused: Refused, status: int | None = None) -> Response:
    """The answer to a refused request; `status` where HTTP knows it more exactly than the code."""
    kind = KINDS[refused.code]
    problem = Problem(
        type=f"{BASE}#{refused.code}",
        title=kind.title,
        status=status or kind.status,
        code=refused.code,
        detail=refused.detail or kind.title,
        **refused.more,
    )
    answer = Response(problem.model_dump_json(exclude_none=True), problem.status, content_type=MEDIA_TYPE)
    answer.headers.update(refused.headers)
    answer.headers["Cache-Control"] = "no-store"
    return answer
