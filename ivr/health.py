"""`/healthz`: the process answers. `/readyz`: what works and what does not, with the remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify

from ivr.gate import public


@dataclass(frozen=True)
class Part:
    """One part of the product: whether it works, what it is, and the remedy when it does not.

    Without an `essential` part no call can be taken; without another one calls go on in a lesser way.
    """

    works: bool
    detail: str
    essential: bool = False


def blueprint(parts: Callable[[], Mapping[str, Part]]) -> Blueprint:
    """The two routes; `parts` looks at everything anew each time it is called."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    @public("whether the process answers")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @pages.get("/readyz")
    @public("what works, without anything personal")
    def readyz() -> tuple[Response, int]:
        found = parts()
        ready = all(p.works for p in found.values() if p.essential)
        shown = {name: {"works": p.works, "detail": p.detail} for name, p in found.items()}
        return jsonify(ready=ready, parts=shown), 200 if ready else 503

    return pages
