"""The interface as an application of its own below `/api/v1`, so that its errors, limits and sizes are its own."""

from __future__ import annotations

import re
import time
from typing import Any

from flask import Request, Response, current_app, g, request
from flask_limiter import Limiter
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI
from pydantic_core import from_json

from console.api import answers, client, handlers
from console.api.deps import NAME, ApiDeps
from console.api.operations import Op
from console.api.parts import PARTS
from console.api.problems import Problem, Refused
from ivr.gate import UndeclaredError

PREFIX = "/api/v1"
KEY = re.compile(r"[!-~]{1,255}")
INFO = Info(
    title="Mitan",
    version="1",
    description=(
        "Doorstep government services: free slots, bookings, complaints, appeals. Every problem is "
        "application/problem+json (RFC 9457); branch on its `code`, all codes are at `/problems`."
    ),
)
SECURITY: dict[str, Any] = {"token": {"type": "http", "scheme": "bearer", "description": "`app.py token new`"}}


class StrictRequest(Request):
    """A request whose body is JSON or refused."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as text, which pydantic then reads by JSON's own rules: no number for a text, no text for a number.

        Raises Refused for another media type, for what is not JSON (also too deep, lone surrogates, NaN), and for
        what is no object.
        """
        if self.mimetype != "application/json":
            raise Refused("not_json")
        body = self.get_data()
        try:
            parsed = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise Refused("bad_json", str(error)[:200]) from None
        if not isinstance(parsed, dict):
            raise Refused("invalid", "body: must be an object")
        return body.decode("utf-8")


def api(deps: ApiDeps) -> OpenAPI:
    """The WSGI application to be mounted at `/api/v1`."""
    flask = OpenAPI(
        "mitan-api",
        info=INFO,
        servers=[Server(url=PREFIX)],
        security_schemes=SECURITY,
        validation_error_model=Problem,
        validation_error_callback=handlers.invalid,
        doc_ui=False,
        static_folder=None,
    )
    flask.request_class = StrictRequest
    flask.config["MAX_CONTENT_LENGTH"] = deps.limits.body_kb * 1024
    flask.url_map.strict_slashes = flask.url_map.merge_slashes = False  # no redirections: they are no JSON
    flask.extensions[NAME] = deps
    flask.before_request(_begin)
    _limit(flask, deps)
    flask.before_request(_admit)
    flask.after_request(_finish)
    handlers.register(flask)
    for part in PARTS:
        flask.register_api(part.blueprint)
    _require_declared(flask)
    return flask


def _require_declared(flask: OpenAPI) -> None:
    """Raise UndeclaredError for an operation that does not say which scope it needs."""
    silent = sorted(name for name, view in flask.view_functions.items() if getattr(view, "op", None) is None)
    if silent:
        raise UndeclaredError(f"operations without an Op: {', '.join(silent)}")


def _limit(flask: OpenAPI, deps: ApiDeps) -> None:
    limits = deps.limits

    def allowed() -> str:
        return f"{limits.per_minute if client.known() else limits.outsider_per_minute}/minute"

    limiter = Limiter(client.named, app=flask, application_limits=[allowed], storage_uri="memory://")

    @flask.after_request
    def tell(response: Response) -> Response:
        # Not by the limiter itself: it would put Retry-After on every answer.
        now = limiter.current_limit
        if now is not None:
            response.headers["X-RateLimit-Limit"] = str(now.limit.amount)
            response.headers["X-RateLimit-Remaining"] = str(now.remaining)
            response.headers["X-RateLimit-Reset"] = str(now.reset_at)
            if now.breached:
                response.headers["Retry-After"] = str(max(1, now.reset_at - int(time.time())))
        return response


def _begin() -> None:
    g.began = time.perf_counter()


def _admit() -> None:
    """Before anything of the request is looked at: may this token do this, and are the headers there."""
    op = _op()
    if op is None:
        return
    if op.scope is not None:
        client.admitted(op.scope)
    if op.match and not request.headers.get("If-Match"):
        raise Refused("match_missing")
    if op.key and not KEY.fullmatch(request.headers.get("Idempotency-Key", "")):
        raise Refused("key_missing")


def _op() -> Op | None:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "op", None)


def _finish(response: Response) -> Response:
    tag = response.get_etag()[0] or ""
    read = request.method in ("GET", "HEAD") and response.status_code == 200
    if read and request.if_none_match.contains_weak(tag):
        response.set_data(b"")
        response.status_code = 304
    response.headers.setdefault("Cache-Control", answers.PERSONAL)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Vary"] = "Authorization, Mitan-Mobile"
    if "began" in g and request.endpoint:
        deps: ApiDeps = current_app.extensions[NAME]
        deps.timed(f"api.{request.endpoint}", time.perf_counter() - g.began)
    return response
