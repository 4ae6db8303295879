"""All routes of accounts, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.accounts import entrance, everybody, own, queues, trail

READ, SEND = ("GET",), ("POST",)
ROUTES = (
    ("/", "home", entrance.home, READ),
    ("/sign-in", "sign_in", entrance.sign_in, READ),
    ("/sign-in", "sign_in_now", entrance.sign_in_now, SEND),
    ("/sign-in/code", "code", entrance.code, READ),
    ("/sign-in/code", "code_now", entrance.code_now, SEND),
    ("/sign-out", "sign_out", entrance.sign_out, SEND),
    ("/new-password/<token>", "link", entrance.link, READ),
    ("/new-password/<token>", "link_now", entrance.link_now, SEND),
    ("/account", "own", own.own, READ),
    ("/account/password", "password", own.password, READ),
    ("/account/password", "password_now", own.password_now, SEND),
    ("/account/second-step", "second", own.second, READ),
    ("/account/second-step", "second_now", own.second_now, SEND),
    ("/account/second-step/off", "second_off", own.second_off, READ),
    ("/account/second-step/off", "second_off_now", own.second_off_now, SEND),
    ("/account/sign-out-everywhere", "out_everywhere", own.out_everywhere, SEND),
    ("/accounts", "people", everybody.everybody, READ),
    ("/accounts/new", "new", everybody.new, READ),
    ("/accounts/new", "new_now", everybody.new_now, SEND),
    ("/accounts/<id>", "one", everybody.one, READ),
    ("/accounts/<id>", "one_now", everybody.one_now, SEND),
    ("/accounts/<id>/lock", "lock", everybody.lock, SEND),
    ("/accounts/<id>/unlock", "unlock", everybody.unlock, SEND),
    ("/accounts/<id>/link", "link_of", everybody.link, SEND),
    ("/accounts/<id>/second-step-off", "second_off_of", everybody.second_off, SEND),
    ("/accounts/<id>/sign-out", "out_of", everybody.out, SEND),
    ("/accounts/<id>/queues", "queues", queues.of, READ),
    ("/accounts/<id>/queues", "queues_now", queues.of_now, SEND),
    ("/audit", "trail", trail.trail, READ),
)


def blueprint() -> Blueprint:
    """The routes; `console.keeper.install` first."""
    bp = Blueprint("accounts", __name__, template_folder="templates")
    for rule, name, view, methods in ROUTES:
        bp.add_url_rule(rule, name, view, methods=list(methods))
    return bp
