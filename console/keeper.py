"""Carries out what the routes declare (`ivr/gate.py`): who is let in, what a form must bring, what is noted."""

from __future__ import annotations

import logging

import flask_login
from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.accounts import sign_ins
from booking.audit import Deed
from console import person, shared, showing
from console.deps import ConsoleDeps, deps
from ivr.gate import KEEPER, Access, access_of
from models.store import StoreError

PASSWORD = "accounts.password"
ALSO_WITH_OLD_PASSWORD = frozenset({PASSWORD, "accounts.password_now", "accounts.sign_out"})
log = logging.getLogger(__name__)


def install(flask: Flask, ours: ConsoleDeps) -> None:
    """Keep the gate of `flask`: routes with roles are shut from now on to whoever lacks them."""
    flask.extensions[KEEPER] = ours
    flask.secret_key = ours.secret
    flask.config.update(
        SESSION_COOKIE_NAME="__Host-mitan" if ours.secure else "mitan",
        SESSION_COOKIE_SECURE=ours.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # `_admit` asks for it where the route does not say otherwise
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in
    )
    people = flask_login.LoginManager(flask)
    people.session_protection = None  # a sign-in is a row in the store, which says whether it still lasts
    people.user_loader(person.load)
    forms = CSRFProtect(flask)
    shared.mount(flask)
    showing.install(flask)
    flask.before_request(lambda: _admit(forms))
    flask.after_request(_leave)
    flask.register_error_handler(CSRFError, lambda _: showing.problem("too_old", 400))
    flask.register_error_handler(StoreError, _away)
    flask.register_error_handler(NotFound, _missing)


def _admit(forms: CSRFProtect) -> Answer | None:
    """Before a view: an answer instead of it, or None to let it answer."""
    access = _access()
    if access is None:
        return None  # there is no such route
    if access.roles is not None:
        refusal = _refusal(access.roles)
        if refusal is not None:
            return refusal
        _seen(access)
    if access.form:
        forms.protect()
    return None


def _access() -> Access | None:
    return access_of(current_app, request.endpoint) if request.endpoint else None


def _refusal(roles: frozenset[str]) -> Answer | None:
    found = person.somebody()
    if found is None:
        return _sign_in_first()
    if not roles & found.roles:
        return showing.problem("forbidden", 403)
    if found.must_change and request.endpoint not in ALSO_WITH_OLD_PASSWORD:
        return redirect(url_for(PASSWORD)) if _for_eyes() else Response("change the password first\n", 403)
    return None


def _sign_in_first() -> Answer:
    """Pages lead to the sign-in and back; what scripts ask for and forms send is answered 401."""
    if not _for_eyes():
        return Response("sign in first\n", 401, mimetype="text/plain")
    here = request.full_path.rstrip("?")
    return redirect(url_for("accounts.sign_in", next=here if here != "/" and len(here) < 1000 else None))


def _for_eyes() -> bool:
    """Whether a person follows a link, not a script or a form."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")


def _seen(access: Access) -> None:
    """Note that the person is still there, unless the page asks by itself."""
    found = person.person()
    if access.idle or not found.stale:
        return
    try:
        with deps().store.begin() as session:
            sign_ins.seen(session, deps().now(), found.sign_in_id)
    except StoreError as error:  # the request itself may only need to read
        log.warning("a request of %s was not noted: %s", found.login, error)


def _leave(response: Response) -> Response:
    """After a view: nothing about people is kept by browsers or proxies, and who saw what is noted."""
    access = _access()
    if access is None or access.roles is None:
        return response
    if access.seen and request.method == "GET" and response.status_code == 200:
        response = _noted(access.seen, response)
    response.headers.setdefault("Cache-Control", "no-store")
    return shared.guarded(response)


def _noted(thing: str, response: Response) -> Response:
    """The answer, once it stands in the audit trail that it was given; what cannot be noted is not shown."""
    id = g.get("seen") or "/".join(str(v) for v in (request.view_args or {}).values())
    try:
        with deps().store.begin() as session:
            audit.note(session, deps().now(), person.who(), Deed(f"{thing}.seen", f"{thing}:{id}" if id else thing))
    except StoreError as error:
        return _away(error)
    return response


def _away(error: StoreError) -> Response:
    log.error("%s: %s", request.path, error)
    return showing.problem("away", 503)


def _missing(error: NotFound) -> Answer | NotFound:
    """People who have signed in get a page with the menu, so that a wrong address is no dead end."""
    try:
        return showing.problem("missing", 404) if _for_eyes() and person.somebody() else error
    except StoreError as away:
        return _away(away)
