"""Scripts as whole telephone calls: audio through the exchange, and keys alone where no models are."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ivr.application import Running, serve_in_background
from ivr.clock import Clock
from ivr.commands.call_run import Report, Way, make
from ivr.commands.call_setup import arrange
from ivr.script import Script
from ivr.settings import Settings, Speech
from ivr.speech.models import Models, load_models
from ivr.trials.rehearsal import CONVERSATIONS
from tests.calls.player import CALLS, script_of
from tests.ivr.speech.clips import SPEECH

SPEED, KEYS_SPEED = 8.0, 20.0  # what is spoken has to be recognised in time


@pytest.fixture(scope="module")
def models() -> Models:
    """The small test models, loaded once."""
    return load_models(SPEECH, download=False)


@contextmanager
def _server(script: Script, speech: Speech, models: Models | None, speed: float) -> Iterator[Running]:
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        server = settings.server.model_copy(update={"port": 0, "var_dir": Path(folder)})
        changed = settings.model_copy(update={"server": server, "speech": speech})
        with serve_in_background(changed, Clock(script.now, speed), models=models) as running:
            arrange(running.application.helpline.store, script.setup)
            yield running


def _call(running: Running, script: Script, path: Path, speed: float) -> Report:
    application = running.application
    address = "ws" + running.url.removeprefix("http")
    way = Way(address, "14545", application.helpline.store, application.speaker, path.parent, speed)
    return asyncio.run(make(way, script, script.caller))


def _made(path: Path, speech: Speech, models: Models | None, speed: float) -> Report:
    """The call of a script, more slowly if it fails: how fast this machine is at this moment is not what is tested."""
    script = script_of(path)
    for slower in (speed, speed / 2, speed / 4):
        with _server(script, speech, models, slower) as running:
            report = _call(running, script, path, slower)
        if not report.problems:
            break
    return report


def _shown(report: Report) -> str:
    return "\n".join([*report.problems, "", *(f"{t.at_s:6.1f} {t.who:6} {t.text}" for t in report.turns)])


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "name", ["hi/audio-booking", "hi/audio-one-sentence", "en/audio-booking", "en/audio-correction"]
)
def test_a_spoken_call_through_the_exchange_ends_in_the_expected_rows(name: str, models: Models) -> None:
    report = _made(CALLS / f"{name}.yaml", SPEECH, models, SPEED)
    assert not report.problems, _shown(report)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["hi/keys-booking", "hi/keys-silence"])
def test_without_models_a_call_by_keys_through_the_exchange_ends_alike(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "none"))
    report = _made(CONVERSATIONS / f"{name}.yaml", Settings().speech, None, KEYS_SPEED)
    assert not report.problems, _shown(report)
