from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.speech.models import Models, load_models
from ivr.speech.recognise import Recognisers
from ivr.speech.speak import Speaker
from tests.ivr.speech.clips import SPEECH


@pytest.fixture(scope="session")
def models() -> Models:
    found = load_models(SPEECH, download=False)
    assert not found.missing
    return found


@pytest.fixture
def recognisers(models: Models) -> Iterator[Recognisers]:
    shared = Recognisers(SPEECH, models)
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
    folder: Path = tmp_path_factory.mktemp("speech")
    one = Speaker(SPEECH, folder)
    yield one
    one.stop()
