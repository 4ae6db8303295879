"""Whatever is sent, the answer is a problem that says what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from inspect import getmembers, isclass
from typing import Any

import pytest
from flask import Flask

from booking import errors
from console.api import slots
from console.api.problems import DOMAIN, KINDS
from models.errors import StoreError
from models.store import Store
from tests.console.api.programs import ADMIN, ASHA, Program, booking, fresh_key, service, token

DEEP = "[" * 100_000
BODIES = [
    (b"", 400), (b"{", 400), (b"\x00", 400), (b"\xff\xfe{\x00}\x00", 400), (b'{"a": NaN}', 400),
    (b'{"a": Infinity}', 400),
    (b'{"name": "\\ud800"}', 400), (b'{"name": "\xed\xa0\x80"}', 400), (b'{"a": 1' + b"0" * 10_000 + b"}", 400),
    (b'{"a": ' + DEEP[:30_000].encode() + b"}", 400), (b"[]", 422), (b'"text"', 422), (b"null", 422), (b"1", 422),
    (b"{}", 422), (b'{"name": "a\\u0000b"}', 422), (b'{"a": 1, "a": 2}', 422), (DEEP.encode(), 413),
]  # fmt: skip


@pytest.fixture
def admin(town: Store, flask: Flask) -> Program:
    return Program(flask, token(town, *ADMIN, office="desk"), ASHA)


def send(program: Program, path: str, body: bytes, kind: str | None = "application/json") -> Any:
    headers = {"Authorization": f"Bearer {program.token}", "Mitan-Mobile": ASHA, "Idempotency-Key": fresh_key(),
               "If-Match": "*"}  # fmt: skip
    return program.flask.test_client().post(path, data=body, content_type=kind, headers=headers)


@pytest.mark.parametrize(("body", "status"), BODIES, ids=lambda v: repr(v)[:30])
@pytest.mark.parametrize("path", ["/bookings", "/complaints", "/waiting", "/bookings/10000009/move"])
def test_a_body_that_is_none_is_refused(admin: Program, path: str, body: bytes, status: int) -> None:
    answer = send(admin, path, body)
    if path.endswith("move") or (path == "/complaints" and body == b"{}"):
        assert answer.status_code in (status, 404, 422)
    else:
        assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] in KINDS


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_only_json_is_taken(admin: Program, kind: str | None) -> None:
    answer = send(admin, "/bookings", json.dumps(booking()).encode(), kind)
    assert (answer.status_code, answer.json["code"]) == (415, "not_json")
    assert (
        send(admin, "/bookings", json.dumps(booking()).encode(), "application/json; charset=utf-8").status_code == 201
    )


@pytest.mark.parametrize(
    "path",
    ["/slots", "/slots?city=", "/slots?city=raipur&from=2026-02-30", "/slots?city=raipur&from=0001-01-01",
     "/slots?city=raipur&to=9999-12-31", "/slots?city=raipur&daypart=night", "/slots?city=a%00b", "/slots?city=%ff",
     "/slots?city=raipur&area=%F0%9F%92%A9", "/slots?city=" + "x" * 10_000, "/slots?city=raipur&limit=" + "9" * 5000,
     "/slots?city=raipur&from=२०२६-११-२३", "/slots?city=raipur&city=durg&limit=1e3", "/services/../x", "/services//",
     "/waiting/0", "/waiting/99999999999999999999", "/waiting/-1", "/waiting/1.5", "/holds/x", "/complaints/312345678",
     "/executives/day?executive=M-1&day=x", "/executives/day?executive=%00&day=2026-11-23", "/appeals/eligibility",
     "/executives/day?executive=nobody&day=2026-11-23", "/office/complaints?cursor=Ingi",
     "/office/complaints?cursor=bnVsbA", "/appeals/eligibility?booking=10000009&complaint=300000001",
     "/office/complaints?cursor=OTk5OTk5OTk5OTk5OTk5OTk5", "/slots?city=raipur&cursor=MQ",
     "/slots?city=raipur&cursor=bnVsbA", "/slots?city=raipur&cursor=W1siYSJdXQ"],
)  # fmt: skip
def test_a_bad_address_is_refused(admin: Program, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code in (404, 405, 422), answer.text
    assert answer.json["detail"]


@pytest.mark.parametrize(
    "header", ["Mitan-Mobile", "Mitan-Last4", "Mitan-Person", "If-Match", "If-None-Match", "Accept"]
)
@pytest.mark.parametrize("value", ["", "\x7f", "ÿ" * 100, "9" * 5000, '"', "W/", "٠١٢٣"])
def test_a_bad_header_breaks_nothing(admin: Program, header: str, value: str) -> None:
    number = admin.books().json["number"]
    admin.headers[header] = value.encode().decode("latin-1")
    assert admin.get(f"/bookings/{number}").status_code in (200, 422)
    assert admin.post(f"/bookings/{number}/cancel", {}).status_code in (200, 412, 422, 428)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_another_method_is_refused_and_the_right_ones_are_named(admin: Program, method: str) -> None:
    answer = admin.ask(method, "/bookings", None, {})
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_every_error_of_the_domain_has_its_status_and_sentence() -> None:
    codes = {e.code for _, e in getmembers(errors, isclass) if issubclass(e, errors.BookingError)}
    assert codes == DOMAIN.keys()
    assert [c for c, kind in KINDS.items() if not kind.title.endswith((".", "…"))] == []
    assert [c for c in KINDS if not re.fullmatch(r"[a-z]+(_[a-z]+)*", c)] == []


def test_a_store_that_is_away_is_said_so_and_asked_again_later(
    town: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program(service(town), token(town, *ADMIN, office="desk"), ASHA)
    town.close()
    monkeypatch.setattr(Store, "_connect", _away)
    answer = program.flask.test_client().get("/services", headers={"Authorization": f"Bearer {program.token}"})
    assert (answer.status_code, answer.json["code"]) == (503, "store_down")
    assert answer.headers["Retry-After"] == "5"
    assert program.flask.test_client().get("/openapi.json").status_code == 200


def test_a_mistake_of_ours_tells_nothing_of_our_insides(
    sqlite_town: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program(service(sqlite_town), token(sqlite_town, *ADMIN, office="desk"), ASHA)

    def broken(*_: object) -> Iterator[object]:
        raise RuntimeError("the secret of /var/lib/mitan 9812345615")

    monkeypatch.setattr(slots, "free_slots", broken)
    answer = program.flask.test_client().get("/slots?city=raipur", headers={"Authorization": f"Bearer {program.token}"})
    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "the secret" in caplog.text


def _away(*_: object) -> None:
    raise StoreError("PostgreSQL database 'mitan' on localhost cannot be used: start the server.")
