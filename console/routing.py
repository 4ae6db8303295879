"""Blueprints whose routes stand in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint

READ, SEND = ("GET",), ("POST",)

Route = tuple[str, str, Callable[..., Any], Sequence[str]]
"""Rule, name, view and methods."""


def routed(module: str, name: str, prefix: str, routes: Iterable[Route], files: str = "/files") -> Blueprint:
    """A blueprint of the package of `module`, whose templates and static files (below `prefix` + `files`) it brings."""
    bp = Blueprint(name, module, url_prefix=prefix, template_folder="templates", static_folder="static",
                   static_url_path=files)  # fmt: skip
    for rule, endpoint, view, methods in routes:
        bp.add_url_rule(rule, endpoint, view, methods=list(methods))
    return bp
