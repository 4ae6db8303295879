"""Who may do what: every operation is tried as every scope alone, and as outsiders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from booking.access import SCOPES, identify, revoke, tokens
from console.api.deps import Limits
from console.api.operations import Op
from models.store import Store
from tests.booking.town import NOW
from tests.console.api.programs import AGENT, ASHA, CITIZEN, Clock, Program, service, token

REAL = {"number": "10000009", "service": "birth_certificate", "city": "raipur", "hold": "A" * 16, "id": "1"}


def operations(flask: Flask) -> list[tuple[str, str, Op]]:
    """Method, path and what is said of every operation."""
    found = []
    for rule in flask.url_map.iter_rules():
        op = getattr(flask.view_functions[rule.endpoint], "op", None)
        assert op is not None, f"{rule.rule} says nothing of itself"
        path = str(rule.rule)
        for name, value in REAL.items():
            path = path.replace(f"<{name}>", value)
        found += [(method, path, op) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def ask(program: Program, method: str, path: str) -> Any:
    headers = {"If-Match": '"1"', "Idempotency-Key": "k"}
    return program.ask(method, path, {} if method == "POST" else None, headers)


def test_every_operation_needs_its_scope_and_no_other_will_do(sqlite_town: Store) -> None:
    flask = service(sqlite_town)
    programs = {scope: Program(flask, token(sqlite_town, scope, office="desk")) for scope in SCOPES}
    tried = 0
    for method, path, op in operations(flask):
        for scope, program in programs.items():
            answer = ask(program, method, path)
            refused = answer.status_code == 403 and answer.json["detail"] == f"The token has not the scope {op.scope}."
            assert refused == (op.scope not in (None, scope)), f"{method} {path} as {scope}: {answer.text}"
            tried += 1
    assert tried > 800


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer mitan_", "Bearer mitan_" + "A" * 43,
     "mitan_" + "A" * 43, "Bearer " + "A" * 5000, "Bearer mitan_" + "A" * 42 + "é", "Bearer mitan_" + "A" * 43 + " x"],
)  # fmt: skip
def test_an_outsider_reads_the_description_and_nothing_else(sqlite_town: Store, authorization: str | None) -> None:
    flask = service(sqlite_town)
    for method, path, op in operations(flask):
        headers = {} if authorization is None else {"Authorization": authorization.encode().decode("latin-1")}
        answer = ask(Program(flask, headers=headers), method, path)
        if op.scope is None:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_when_it_expires_or_is_revoked(town: Store, clock: Clock) -> None:
    flask = service(town, clock)
    day = Program(flask, token(town, "catalogue:read", expires_at=NOW + timedelta(days=1)))
    ever = Program(flask, token(town, "catalogue:read"))
    assert (day.get("/services").status_code, ever.get("/services").status_code) == (200, 200)
    clock.later(days=1)
    assert (day.get("/services").status_code, ever.get("/services").status_code) == (401, 200)
    with town.begin() as session:
        for row in tokens(session):
            revoke(session, clock.at, row.id)
    assert ever.get("/services").status_code == 401


def test_the_store_knows_no_token_only_its_hash_and_when_it_was_used(town: Store, clock: Clock) -> None:
    secret = token(town, "catalogue:read")
    flask = service(town, clock)
    Program(flask, secret).get("/services")
    clock.later(minutes=59)
    Program(flask, secret).get("/services")
    with town.read() as session:
        row = tokens(session)[0]
        assert secret not in str(vars(row))
        assert len(row.hash) == 64
        assert row.last_used_at == NOW
        assert identify(session, NOW, secret) is row
    clock.later(minutes=1)
    Program(flask, secret).get("/services")
    with town.read() as session:
        assert tokens(session)[0].last_used_at == clock.at


def test_a_token_makes_so_many_requests_a_minute_and_another_is_not_concerned(sqlite_town: Store) -> None:
    flask = service(sqlite_town, limits=Limits(per_minute=5, outsider_per_minute=2))
    busy, other = (Program(flask, token(sqlite_town, *CITIZEN), ASHA) for _ in range(2))
    paths = ["/services", "/cities", "/slots?city=raipur", "/bookings", "/nowhere"]
    answers = [busy.get(paths[n % 4]) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["4", "3", "2", "1", "0", "0"]
    assert answers[-1].json["code"] == "too_many"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert "Retry-After" not in answers[0].headers
    assert other.get("/services").status_code == 200
    other.mobile = "bad"
    assert [other.get("/services").json["code"] for _ in range(5)] == ["bad_mobile"] * 4 + ["too_many"]


def test_guessing_tokens_is_slowed_down_by_address(sqlite_town: Store) -> None:
    flask = service(sqlite_town, limits=Limits(outsider_per_minute=3))
    statuses = [Program(flask, f"mitan_{n:043}").get("/services").status_code for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert Program(flask, token(sqlite_town, *CITIZEN)).get("/services").status_code == 200


def test_who_acts_is_written_down_as_the_token_says(town: Store) -> None:
    flask = service(town)
    portal = Program(flask, token(town, *CITIZEN), ASHA, headers={"Mitan-Person": "7"})
    desk = Program(flask, token(town, *AGENT, office="desk"), ASHA, headers={"Mitan-Person": "7"})
    by_portal, by_desk = portal.books().json["number"], desk.books().json["number"]
    assert desk.get(f"/bookings/{by_portal}/events").json["items"][0]["who"].startswith("caller:api-")
    assert desk.get(f"/bookings/{by_desk}/events").json["items"][0]["who"] == "agent:7"
    desk.headers["Mitan-Person"] = "7; DROP"
    assert desk.get("/services").json["code"] == "invalid"
