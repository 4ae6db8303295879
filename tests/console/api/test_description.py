"""The served description, walked by schemathesis: whatever is sent, no failure of ours and no broken promise."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from models.store import Store
from tests.console.api.programs import ADMIN, ASHA, Program, fresh_key, token

EXAMPLES = 5  # an operation and way of generating, on each store
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

    with contextlib.suppress(Unsatisfiable):  # nothing about it can be unfitting: it takes no data
        ask()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
def test_whatever_is_sent_the_description_holds(
    site: Flask, town: Store, known: dict[str, str], mode: GenerationMode
) -> None:
    headers = {"Authorization": f"Bearer {token(town, *ADMIN, office='desk')}"}
    for operation in operations(site):
        walk(operation, headers, known, mode)
