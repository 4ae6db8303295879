"""The town of the booking tests behind the API, and programs that use it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from booking.access import NewToken, issue
from booking.notices import notices
from console.api.deps import ApiDeps, Limits
from console.api.service import api
from models.store import Store
from tests.booking.town import NOW, RULES, TEN
from tests.console.api.promises import kept

ASHA, RAVI = "9812345615", "7000000001"
CITIZEN = ("catalogue:read", "slots:read", "bookings:read", "bookings:list", "bookings:write", "complaints:read",
           "complaints:write", "appeals:read", "appeals:write", "waiting:read", "waiting:write")  # fmt: skip
AGENT = (*CITIZEN, "stages:write", "executives:read", "assignments:write", "mobiles:read", "complaints:office",
         "as:agent")  # fmt: skip
ADMIN = (*AGENT[:-1], "appeals:decide", "as:admin")
MANY = Limits(per_minute=1_000_000, outsider_per_minute=1_000_000)
_keys = itertools.count(1)


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def later(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass
class Program:
    """A program with a token; every answer must be as described, and never a failure of ours."""

    flask: Flask
    token: str | None = None
    mobile: str | None = None
    last4: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.ask("POST", path, {} if body is None else body, headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self.ask("DELETE", path, None, headers)

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> TestResponse:
        mine = {
            "Authorization": f"Bearer {self.token}" if self.token else None,
            "Mitan-Mobile": self.mobile,
            "Mitan-Last4": self.last4,
            **self.headers,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        sent = {k: v for k, v in mine.items() if v is not None}
        answer = self.flask.test_client().open(path, method=method, json=body, headers=sent)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json", answer.text
            assert answer.json["status"] == answer.status_code
        kept(self.flask, method, path, answer)
        return answer

    def books(self, key: str | None = None, **changes: Any) -> TestResponse:
        """A booking of tomorrow at ten."""
        return self.post("/bookings", booking(**changes), Idempotency_Key=key or fresh_key())

    def acts_on(self, path: str, body: Any = None, tag: str | None = None) -> TestResponse:
        """A change of the record above `path` as it is now."""
        read = self.get(path.rpartition("/")[0])
        return self.post(path, body, If_Match=tag or read.headers.get("ETag", '"0"'))


def fresh_key() -> str:
    """An idempotency key of its own."""
    return f"act-{next(_keys)}"


def booking(**changes: Any) -> dict[str, Any]:
    """The body of a valid booking."""
    body = {"service": "birth_certificate", "city": "raipur", "starts_at": TEN.isoformat(), "pin": "492001",
            "name": "Asha Verma", "address": "House 4, Shanti Nagar"}  # fmt: skip
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


def service(store: Store, clock: Clock | None = None, limits: Limits = MANY) -> Flask:
    """The API over `store`."""
    clock = clock or Clock()
    return api(ApiDeps(store, clock.now, RULES, notices(), lambda language, id: f"{id} ({language})", limits=limits))


def token(store: Store, *scopes: str, office: str = "", now: datetime = NOW, **more: Any) -> str:
    """A token with these scopes."""
    with store.begin() as session:
        return issue(session, now, NewToken("test", scopes, office, **more))[1]
