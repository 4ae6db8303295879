"""The served description, walked by schemathesis: whatever is sent, no failure of ours and no broken promise."""

from __future__ import annotations

import json
import re
import sys
from inspect import isclass
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from console.api.parts import PARTS
from console.api.problems import KINDS
from models.store import Store
from tests.console.api.programs import ADMIN, ASHA, Program, fresh_key, token

EXAMPLES = 10  # an operation and way of generating, on each store
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
# Data that fits the description may still be refused: a city that is not covered, a slot that is taken.
REFUSABLE = "positive_data_acceptance"


@pytest.fixture
def site(flask: Flask) -> Flask:
    """The API below /api/v1, as it is served."""
    host = Flask("host")
    host.wsgi_app = DispatcherMiddleware(host.wsgi_app, {"/api/v1": flask})  # type: ignore[method-assign]
    return host


@pytest.fixture
def known(agent: Program) -> dict[str, Any]:
    """Records that are there, by the name of the path parameter."""
    held = agent.post("/holds", {"city": "durg", "starts_at": "2026-11-24T10:00:00+05:30"}).json["hold"]
    waits = {"service": "birth_certificate", "city": "raipur", "first_day": "2026-11-23", "last_day": "2026-11-24"}
    numbers = {
        "bookings": agent.books().json["number"],
        "complaints": agent.post("/complaints", {"kind": "delay"}, Idempotency_Key=fresh_key()).json["number"],
        "waiting": agent.post("/waiting", waits, Idempotency_Key=fresh_key()).json["id"],
    }
    return {**numbers, "service": "birth_certificate", "city": "raipur", "hold": held}


def operations(site: Flask) -> list[Any]:
    """All operations of the served description."""
    load_all_checks()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site)
    schema.config.generation.update(with_security_parameters=False)  # the token is ours
    return [found.ok() for found in schema.get_all_operations()]


def names(path: str) -> list[str]:
    """The parameters in a path."""
    return re.findall(r"{(\w+)}", path)


def walk(operation: Any, headers: dict[str, str], known: dict[str, Any], mode: GenerationMode) -> None:
    """Ask one operation many things, half of the times of a record that is there."""
    mine = {k: known.get(operation.path.split("/")[1] if k in ("number", "id") else k) for k in names(operation.path)}
    ways = [operation.as_strategy(generation_mode=mode)]
    if mine and None not in mine.values():
        ways.append(operation.as_strategy(generation_mode=mode, path_parameters=mine))

    @QUIET
    @given(st.one_of(ways))
    def ask(case: Any) -> None:
        case.headers = {"Mitan-Mobile": ASHA, **case.headers}
        case.call_and_validate(headers=headers, excluded_checks=[schemathesis.checks.CHECKS.get_one(REFUSABLE)])

    try:
        ask()
    except Unsatisfiable:  # nothing about it can be unfitting: it takes no data
        assert mode is GenerationMode.NEGATIVE
        assert operation.path in ("/openapi.json", "/problems")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
def test_whatever_is_sent_the_description_holds(
    site: Flask, town: Store, known: dict[str, str], mode: GenerationMode
) -> None:
    headers = {"Authorization": f"Bearer {token(town, *ADMIN, office='desk')}"}
    for operation in operations(site):
        walk(operation, headers, known, mode)


def test_every_operation_says_what_it_does_needs_and_refuses(site: Flask) -> None:
    described = site.test_client().get("/api/v1/openapi.json").json
    operations = [o for path in described["paths"].values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations) > 40
    said = json.dumps([o["responses"] for o in operations])
    # What a request for another path, method or body is told can be in no operation.
    unsaid = {"bad_request", "no_such_path", "method_not_allowed", "error", "stale_state"}
    assert {code for code in KINDS if f"`{code}`" not in said} == unsaid
    for operation in operations:
        assert operation["summary"]
        assert {"429", "500", "503"} <= operation["responses"].keys()
        for status, answer in operation["responses"].items():
            kinds = set(answer.get("content", {}))
            assert kinds <= {"application/problem+json"} if int(status) >= 400 else "problem" not in str(kinds)


def test_no_two_models_have_the_same_name() -> None:
    """In the description the later one would silently stand for both."""
    found = [
        m for part in PARTS for m in vars(sys.modules[f"console.api.{part.blueprint.name}"]).values() if isclass(m)
    ]
    models = {m for m in found if issubclass(m, BaseModel) and m.__module__.startswith("console.api")}
    names = sorted(m.__name__ for m in models)
    assert len(names) > 40
    assert names == sorted(set(names))
