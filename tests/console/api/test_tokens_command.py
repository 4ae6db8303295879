"""`app.py token`, and the API as the server mounts it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from app import main, pages
from ivr.application import serve_in_background
from ivr.settings import load
from models.store import Store
from tests.ivr.whole import settings


@pytest.fixture
def configured(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store as the configured one of the command line."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    return store


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["token", *args])


def test_a_token_is_made_listed_and_revoked(configured: Store) -> None:
    assert run("list").output == "no tokens\n"
    made = run("new", "City portal", "--scopes", "slots:read, bookings:write", "--days", "30")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert re.fullmatch(r"mitan_[A-Za-z0-9_-]{43}", secret)
    listed = run("list").output
    assert "City portal" in listed
    assert "bookings:write,slots:read" in listed
    assert secret not in listed
    id = listed.splitlines()[1].split()[0]
    assert run("revoke", id).output == "City portal: revoked\n"
    assert "revoked" in run("list").output
    assert run("revoke", id).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("new", "x", "--scopes", "all"), "scope all"),
        (("new", "x", "--scopes", ","), "none given"),
        (("new", " ", "--scopes", "slots:read"), "name"),
        (("new", "x", "--scopes", "as:office"), "office"),
        (("new", "x", "--scopes", "as:agent,as:admin"), "acts as one only"),
        (("new", "x", "--scopes", "slots:read", "--days", "0"), "days"),
        (("new", "x"), "--scopes"),
        (("revoke", "nobody"), "token nobody"),
    ],
)
def test_a_bad_token_is_refused_with_its_reason(configured: Store, arguments: tuple[str, ...], named: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code in (1, 2)
    assert named in refused.output
    assert run("list").output == "no tokens\n"


def test_the_server_serves_the_api_with_the_names_of_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = settings(monkeypatch, tmp_path, MITAN_API__PER_MINUTE="3")
    with serve_in_background(own, pages=pages) as running:
        assert load().api.per_minute == 3
        secret = run("new", "test", "--scopes", "catalogue:read").stdout.strip()
        asked = {"Authorization": f"Bearer {secret}"}
        found = requests.get(f"{running.url}/api/v1/services/pan_card/documents", headers=asked, timeout=10)
        assert found.json()["items"][0] == {"id": "identity", "name": {"hi": "पहचान पत्र", "en": "identity proof"}}
        described = requests.get(f"{running.url}/api/v1/openapi.json", timeout=10).json()
        assert described["openapi"].startswith("3.1")
        assert len(described["paths"]) > 30
        lost = requests.get(f"{running.url}/api/v1/nowhere", timeout=10)
        assert (lost.status_code, lost.json()["code"]) == (404, "no_such_path")
        chunked = requests.post(
            f"{running.url}/api/v1/bookings", data=(b"{" for _ in range(3)), headers=asked, timeout=10
        )
        assert chunked.status_code == 403
        assert requests.get(f"{running.url}/healthz", timeout=10).text == "ok\n"
        statuses = [requests.get(f"{running.url}/api/v1/cities", headers=asked, timeout=10).status_code for _ in "ab"]
        assert statuses == [200, 429]
        figures = requests.get(f"{running.url}/metrics", timeout=10).text
        assert 'mitan_webhook_seconds_count{endpoint="api.catalogue.list_cities"}' in figures
