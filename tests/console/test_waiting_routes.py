"""The token with which a browser waits to be called under a number, without a browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from console.phone.routes import PhoneDeps, Waits, blueprint
from ivr.bridge import waiting_as, waiting_name

CITIZEN = "+919826401799"


def visitor(waits: Waits | None = waiting_name) -> FlaskClient:
    """A browser at pages whose tokens are the names in them."""
    flask = Flask("phone", static_folder=None)
    flask.secret_key = "k" * 64
    flask.register_blueprint(blueprint(PhoneDeps(lambda call: None, "14545", {"hi": "मितान"}, waits=waits)))
    return flask.test_client()


def token(client: FlaskClient, number: str = CITIZEN) -> str:
    answer = client.post("/phone/wait", data={"number": number})
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_json()["token"])


def test_a_browser_keeps_its_own_secret_and_another_has_another() -> None:
    one, two = visitor(), visitor()
    number, mine = waiting_as(token(one))
    assert number == CITIZEN
    assert waiting_as(token(one)) == (CITIZEN, mine)
    assert waiting_as(token(one, "+919826401700")) == ("+919826401700", mine)
    assert waiting_as(token(two))[1] != mine


@pytest.mark.parametrize(
    "number", ["", "9826401799", "+91", "+91982640179९", "+91 98264 01799", "client:asha", "+1" * 99]
)
def test_what_is_no_number_gets_no_token(number: str) -> None:
    assert visitor().post("/phone/wait", data={"number": number}).status_code == 400


def test_where_nobody_can_wait_there_is_no_token_and_no_form_for_links() -> None:
    assert visitor(None).post("/phone/wait", data={"number": CITIZEN}).status_code == 400
    assert visitor().get("/phone/wait").status_code == 405
