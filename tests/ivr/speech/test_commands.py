"""`python app.py say` and `hear`."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from tests.ivr.speech.clips import AUDIO, MODELS, SPEECH


@pytest.fixture(autouse=True)
def _test_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(MODELS))
    monkeypatch.setenv("MITAN_SPEECH__MODEL_HI", SPEECH.model_hi)
    monkeypatch.setenv("MITAN_SPEECH__MODEL_EN", SPEECH.model_en)


def _run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def _lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_say_speaks_hear_hears(tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    said = _run("say", "मुझे राशन कार्ड चाहिए", "--language", "hi", "--out", out)
    assert said.exit_code == 0, said.output
    assert "-20.0 dBFS" in said.stdout
    with wave.open(str(out)) as read:
        assert (read.getframerate(), read.getnchannels()) == (8000, 1)
    best = _lines(_run("hear", out))[0]
    assert (best["language"], best["text"], best["free"]) == ("hi", "मुझे राशन कार्ड चाहिए", True)
    assert [word["word"] for word in best["words"]] == ["मुझे", "राशन", "कार्ड", "चाहिए"]  # type: ignore[attr-defined]


def test_hear_can_listen_for_phrases_in_one_language() -> None:
    (line,) = _lines(_run("hear", AUDIO / "en-15-yesno.wav", "--language", "en", "--grammar", "yes", "--grammar", "no"))
    assert (line["text"], line["free"]) == ("yes", False)
    assert float(str(line["decoding_ms"])) > 0


@pytest.mark.parametrize("name", ["clips.tsv", "not-there.wav", "."])
def test_hear_says_what_is_wrong_with_a_file(name: str) -> None:
    result = _run("hear", AUDIO / name)
    assert result.exit_code == 1
    assert name in result.output
    assert "Traceback" not in result.output


def test_hear_without_a_model_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("MITAN_SPEECH__MODEL_HI", "vosk-model-that-is-nowhere")
    result = _run("hear", AUDIO / "hi-26-yesno.wav", "--language", "hi")
    assert result.exit_code == 1
    assert "VOSK_MODEL_PATH" in result.output


def test_say_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = _run("say", "yes", "--language", "en", "--out", tmp_path / "none" / "a.wav")
    assert result.exit_code == 1
    assert "a.wav" in result.output
