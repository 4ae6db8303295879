"""Acts that happen once, however often they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from flask import Response, request
from sqlalchemy.orm import Session

from booking.replays import Asked, first_or_known
from console.api.client import client
from console.api.deps import changing, now
from console.api.problems import Refused
from models.access import IdempotentAnswer

REPLAYED = "Idempotency-Replayed"


def once(act: Callable[[Session], Response]) -> Response:
    """The answer of `act`, which runs in one transaction with keeping its answer, or the answer it gave before.

    What `act` refuses is not kept: nothing was done, and the same request may succeed later. Raises Refused when the
    key was used for another request.
    """
    asked = Asked(client().id, request.headers["Idempotency-Key"], _hash())
    with changing() as session:
        row = first_or_known(session, now(), asked)
        if row.request != asked.request:
            raise Refused("key_reused")
        if row.status is not None:
            return _again(row)
        answer = act(session)
        row.status, row.body, row.etag = answer.status_code, answer.get_data(), answer.headers.get("ETag")
        return answer


def conversation() -> str:
    """What stands for a conversation where there is none: one for each act of each token."""
    key = hashlib.sha256(request.headers["Idempotency-Key"].encode()).hexdigest()[:32]
    return f"api-{client().id}-{key}"


def _again(row: IdempotentAnswer) -> Response:
    answer = Response(row.body, row.status, content_type="application/json", headers={REPLAYED: "true"})
    if row.etag:
        answer.headers["ETag"] = row.etag
    return answer


def _hash() -> str:
    whole = "\n".join((request.method, request.path, client().mobile or "", "")).encode() + request.get_data()
    return hashlib.sha256(whole).hexdigest()
