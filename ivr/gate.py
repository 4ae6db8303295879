"""Who may use which route. Every view says so with one of three words; a route that says nothing stops the start.

`open_to(AGENT, …)`: people who are signed in and have one of these roles. `public(why)`: everybody. `foreign(why)`:
not people but programs, which prove themselves in another way; `why` says how. The console carries it out
(`console/keeper.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from booking.accounts.roles import ROLES, Role

View = TypeVar("View", bound=Callable[..., Any])
NAME, KEEPER = "mitan-gate", "mitan-keeper"

# What is answered beside Flask (`ivr/gateway.py`): path, and how those who come there prove themselves.
NATIVE = {
    "/twilio/stream": "the carrier signs the request that opens the socket",
    "/exchange": "the browser phone's line and inbox; only mounted with the built-in exchange, a playground",
    "/2010-04-01": "the carrier's account and token",
    "/live": "a ticket in the page of who is signed in, with a role that may open such a page",
}


class UndeclaredError(RuntimeError):
    """A route does not say who may use it: put open_to(…), public(…) or foreign(…) of ivr.gate on its view."""


@dataclass(frozen=True)
class Access:
    """Who may use a route. `roles`: one of them is needed; None: no sign-in is. `form`: whether a change must come from
    a page of ours (CSRF token). `idle`: the page asks by itself, so that this request keeps nobody signed in. `seen`:
    the kind of thing whose sight is noted in the audit trail."""

    roles: frozenset[str] | None
    why: str
    form: bool = True
    idle: bool = False
    seen: str = ""


def open_to(*roles: Role, idle: bool = False, seen: str = "") -> Callable[[View], View]:
    """For people with one of `roles`. `idle`: the page asks it by itself, again and again, not a person; `seen`: note
    in the audit trail that they saw this thing, `<seen>:<the route's argument>`, or `<seen>:<flask.g.seen>` where the
    view sets it."""
    return _declared(Access(frozenset(roles), "signed in", idle=idle, seen=seen))


def signed_in(view: View) -> View:
    """For everybody who is signed in, whatever they are."""
    return open_to(*ROLES)(view)


def public(why: str) -> Callable[[View], View]:
    """For everybody; `why` that may be."""
    return _declared(Access(None, why))


def foreign(why: str) -> Callable[[View], View]:
    """For programs that prove themselves in another way, `why` says how; no token of our pages is asked for."""
    return _declared(Access(None, why, form=False))


def _declared(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        @wraps(view)
        def declared(*args: Any, **named: Any) -> Any:
            return view(*args, **named)

        declared.access = access  # type: ignore[attr-defined]
        return cast("View", declared)

    return declare


FILES = Access(None, "style, scripts and fonts, the same for everybody")


def access_of(flask: Flask, endpoint: str) -> Access | None:
    """Who may use the route; None when it does not say."""
    if _files(flask, endpoint):
        return FILES
    access: Access | None = getattr(flask.view_functions.get(endpoint), "access", None)
    return access


def _files(flask: Flask, endpoint: str) -> bool:
    """Whether the route is Flask's own for a folder of static files."""
    name, _, last = endpoint.rpartition(".")
    owner = flask.blueprints.get(name)
    view: Any = flask.view_functions.get(endpoint)
    return last == "static" and owner is not None and owner.has_static_folder and view.__module__.startswith("flask")


def mount(flask: Flask, prefix: str, application: Any, why: str) -> None:
    """Hand everything below `prefix` to another WSGI `application`, which looks after itself; `why` says how."""
    flask.extensions.setdefault(NAME, {})[prefix] = why
    flask.wsgi_app = DispatcherMiddleware(flask.wsgi_app, {prefix: application})  # type: ignore[method-assign]


def mounted(flask: Flask) -> Mapping[str, str]:
    """The prefixes that were handed to others, with how these look after themselves."""
    found: Mapping[str, str] = flask.extensions.get(NAME, {})
    return found


def require_declared(flask: Flask, native: Mapping[str, Any]) -> None:
    """Raise UndeclaredError when any route, also one beside Flask, does not say who may use it, names an unknown
    role, or is for people though nobody keeps the gate."""
    silent = sorted({r.endpoint for r in flask.url_map.iter_rules() if access_of(flask, r.endpoint) is None})
    silent += sorted(path for path in native if not any(path.startswith(known) for known in NATIVE))
    if silent:
        raise UndeclaredError(f"{UndeclaredError.__doc__} ({', '.join(silent)})")
    for rule in flask.url_map.iter_rules():
        access = access_of(flask, rule.endpoint)
        if access is None or access.roles is None:
            continue
        if not access.roles or access.roles - set(ROLES):
            raise UndeclaredError(f"{rule.endpoint}: unknown roles or none: {sorted(access.roles)}")
        if KEEPER not in flask.extensions:
            raise UndeclaredError(f"{rule.endpoint} is for people with roles, but nobody checks them")
