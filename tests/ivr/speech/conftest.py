from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ivr.speech import recognise
from ivr.speech.models import Models, load_models
from ivr.speech.recognise import RecogniserEar, Recognisers
from ivr.speech.speak import Speaker
from tests.ivr.speech.clips import SPEECH


@pytest.fixture(scope="session")
def models() -> Models:
    found = load_models(SPEECH, download=False)
    assert not found.missing
    return found


@pytest.fixture
def recognisers(models: Models, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recognisers]:
    """What is heard does not depend on the pace of this machine: nothing is given up after five seconds."""
    monkeypatch.setattr(recognise, "RecogniserEar", partial(RecogniserEar, timeout_s=60.0))
    shared = Recognisers(SPEECH, models)
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
    folder: Path = tmp_path_factory.mktemp("speech")
    one = Speaker(SPEECH, folder)
    yield one
    one.stop()
