"""A server process: what it answers with and without models, its start with bad settings, its end at a signal."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from console.pages import mount
from ivr.application import Running, serve_in_background
from ivr.settings import Settings
from ivr.speech.models import load_models
from tests.ivr.speech.clips import SPEECH

ROOT = Path(__file__).resolve().parents[2]
CALL = {"CallSid": "CA" + "1" * 32, "From": "+919826401715", "To": "14545"}
START_S = 90.0


def settings_in(folder: Path) -> Settings:
    settings = Settings()
    return settings.model_copy(
        update={"server": settings.server.model_copy(update={"port": 0, "var_dir": folder}), "speech": SPEECH}
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with the small test models."""
    folder = tmp_path_factory.mktemp("var")
    with serve_in_background(settings_in(folder), pages=mount, models=load_models(SPEECH, download=False)) as server:
        yield server


def test_it_is_up_and_everything_works(running: Running) -> None:
    assert requests.get(f"{running.url}/healthz", timeout=10).text == "ok\n"
    ready = requests.get(f"{running.url}/readyz", timeout=10)
    assert ready.status_code == 200
    assert ready.json()["ready"] is True
    assert {name: part["works"] for name, part in ready.json()["parts"].items()} == dict.fromkeys(
        ("store", "models", "voices", "carrier", "admission"), True
    )


@pytest.mark.parametrize("path", ["voice", "voice/after", "voice/dialled", "voice/keys", "voice/note", "voice/status"])
def test_what_the_carrier_did_not_sign_is_refused(running: Running, path: str) -> None:
    answer = requests.post(f"{running.url}/twilio/{path}", data=CALL, timeout=10)
    assert answer.status_code == 403
    assert requests.get(f"{running.url}/twilio/{path}", timeout=10).status_code == 405


@pytest.mark.parametrize("path", ["/twilio/stream", "/nowhere", "/", "/phone"])
def test_a_socket_that_is_not_the_carriers_is_refused(running: Running, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect("ws" + running.url.removeprefix("http") + path, proxy=None):
        pass
    assert refused.value.response.status_code == 403


def test_the_browser_phone_is_there_and_what_is_not_there_is_not(running: Running) -> None:
    page = requests.get(f"{running.url}/phone", timeout=10)
    assert page.status_code == 200
    assert "14545" in page.text
    assert requests.get(f"{running.url}/no-such-page", timeout=10).status_code == 404
    assert requests.get(f"{running.url}/audio/forged.wav", timeout=10).status_code == 404


def test_two_servers_share_a_store(running: Running) -> None:
    folder = running.application.settings.server.var_dir
    with serve_in_background(settings_in(folder), models=running.application.models) as second:
        assert requests.get(f"{second.url}/readyz", timeout=10).json()["ready"] is True
        assert second.url != running.url


def test_without_models_calls_go_by_keypad_and_readyz_says_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "none"))
    settings = settings_in(tmp_path / "var").model_copy(update={"speech": Settings().speech})
    with serve_in_background(settings) as server:
        answer = requests.get(f"{server.url}/readyz", timeout=10)
    assert answer.status_code == 200
    part = answer.json()["parts"]["models"]
    assert part["works"] is False
    assert "vosk-model-small-hi-0.22" in part["detail"]
    assert "keypad" in part["detail"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def process(folder: Path, **more: str) -> subprocess.Popen[str]:
    here = {
        "MITAN_SERVER__VAR_DIR": str(folder / "var"),
        "VOSK_MODEL_PATH": SPEECH.model_path,
        "MITAN_SPEECH__MODEL_HI": SPEECH.model_hi,
        "MITAN_SPEECH__MODEL_EN": SPEECH.model_en,
    }
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "PORT")}
    command = [sys.executable, "app.py", "serve", "--no-download"]
    out = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=clean | here | more, text=True, stdout=out, stderr=subprocess.STDOUT)


def listens(port: int, process: subprocess.Popen[str]) -> bool:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.05)
    return False


@pytest.mark.timeout(240)
def test_a_process_that_was_prepared_before_listens_soon_and_ends_cleanly_at_a_signal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    took = []
    for _ in range(2):
        port, began = free_port(), time.monotonic()
        server = process(tmp_path, PORT=str(port))
        try:
            assert listens(port, server), server.communicate(timeout=10)[0]
            took.append(time.monotonic() - began)
            server.send_signal(signal.SIGTERM)
            output = server.communicate(timeout=30)[0]
        finally:
            server.kill()
        assert server.returncode in (0, -signal.SIGTERM), output
        assert "Traceback" not in output
        assert f"http://127.0.0.1:{port}/phone" in output
    with capsys.disabled():
        print(f"  [serve listened after {took[0]:.1f} s, prepared {took[1]:.1f} s]", end="")  # noqa: T201


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("MITAN_VISITS__NOTICE_H", "soon", r"visits.*notice_h"),
        ("MITAN_DIALOG__SILENCES", "3", r"silences"),
        ("PORT", "many", r"port"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str, named: str) -> None:
    server = process(tmp_path, **{name: value})
    output = server.communicate(timeout=60)[0]
    assert server.returncode == 1
    assert re.search(named, output, re.IGNORECASE | re.DOTALL), output
    assert "Traceback" not in output
