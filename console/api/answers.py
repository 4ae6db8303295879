"""Answers: JSON with the version of the record as its ETag, and what a change asks of it."""

from __future__ import annotations

import hashlib
from typing import Protocol

from flask import Response, request
from pydantic import BaseModel, Field
from werkzeug.http import parse_etags

from console.api.problems import Refused

PERSONAL = "no-store"
OF_CITIZEN = "The citizen's mobile, as checked by the program."
WHO = "The agent, executive or officer who uses the program: as it will stand in the record."
PERSON = r"^[A-Za-z0-9][A-Za-z0-9/._-]{0,39}$"
LAST_FOUR = "The last four digits of the mobile that booked; three tries an hour."
KNOWN_FOR_S = 300  # how long the catalogue may be kept by who asked, seconds


class Versioned(Protocol):
    """A record that counts its changes."""

    version: int


class ForCitizen(BaseModel):
    """For whom a program acts."""

    mobile: str = Field("", alias="Mitan-Mobile", max_length=40, description=OF_CITIZEN)


class ForAll(ForCitizen):
    """For whom a program acts, or which of its people acts."""

    person: str = Field("", alias="Mitan-Person", pattern=PERSON, description=WHO)


class Proving(ForAll):
    """For whom a program acts, or how the citizen proves to be the one who booked."""

    last4: str = Field("", alias="Mitan-Last4", max_length=10, description=LAST_FOUR)


class Creating(ForAll):
    """An act that must happen once, however often it is asked for."""

    key: str = Field(alias="Idempotency-Key", pattern=r"^[!-~]{1,255}$", description="New for each act.")


class Changing(Proving):
    """A change of a record as it was read."""

    match: str = Field(alias="If-Match", max_length=200, description="The ETag of the record as it was read.")


def shown(model: BaseModel, *, status: int = 200, version: int | None = None) -> Response:
    """A personal answer: JSON that nobody keeps. Its ETag is the record's `version` and, as some members depend on
    the time or on who asks, a hash of the whole."""
    answer = Response(model.model_dump_json(), status, content_type="application/json")
    answer.headers["Cache-Control"] = PERSONAL
    if version is not None:
        answer.set_etag(f"{version}-{_hash(answer)[:8]}")
    return answer


def nothing() -> Response:
    """The answer when there is nothing to say."""
    return Response(status=204)


def known(model: BaseModel) -> Response:
    """An answer that is the same for everybody and changes seldom: it may be kept and asked for again by its ETag."""
    answer = Response(model.model_dump_json(), content_type="application/json")
    answer.headers["Cache-Control"] = f"private, max-age={KNOWN_FOR_S}"
    answer.set_etag(_hash(answer))
    return answer


def _hash(answer: Response) -> str:
    return hashlib.sha256(answer.get_data()).hexdigest()[:32]


def check_match(record: Versioned) -> int:
    """The version of `record`, when it is the one that If-Match names; raises Refused (412)."""
    sent = parse_etags(request.headers.get("If-Match", ""))
    versions = {tag.partition("-")[0] for tag in sent.as_set(include_weak=False)}
    if not (sent.star_tag or str(record.version) in versions):
        raise Refused("changed")
    return record.version
