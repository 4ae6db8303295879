from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import vosk

from ivr.settings import Speech
from ivr.speech import fingerprints, model_process
from ivr.speech.models import load_models
from tests.ivr.speech.clips import MODELS, SPEECH

pytestmark = pytest.mark.realtime
HI = "vosk-model-test-hi-0.1"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """vosk's folders, without those of this machine."""
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.setattr(vosk, "MODEL_DIRS", [None, tmp_path / "cache"])


@contextmanager
def _published(folder: Path, monkeypatch: pytest.MonkeyPatch, offered: list[str]) -> Iterator[Path]:
    """A site that publishes models as alphacephei.com does; the vosk library in child processes asks it."""
    site = folder / "site"
    site.mkdir()
    (site / "model-list.json").write_text(json.dumps([{"name": name} for name in offered]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    hook = f"import vosk\nvosk.MODEL_PRE_URL = {url!r}\nvosk.MODEL_LIST_URL = {url!r} + 'model-list.json'\n"
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(hook)
    monkeypatch.setenv("PYTHONPATH", str(folder / "hook"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield site
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


def _damaged_copy(folder: Path, *files: str) -> Path:
    copy = folder / "models" / HI
    shutil.copytree(MODELS / HI, copy)
    for file in files:
        (copy / file).write_bytes((copy / file).read_bytes()[:100])
    return copy


def test_models_are_found_by_name_in_the_configured_folder() -> None:
    models = load_models(SPEECH, download=False)
    assert (set(models.loaded), dict(models.missing), models.warnings) == ({"hi", "en"}, {}, ())


def test_the_environment_wins_over_the_configured_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(MODELS))
    models = load_models(SPEECH.model_copy(update={"model_path": str(tmp_path)}), download=False)
    assert set(models.loaded) == {"hi", "en"}


def test_without_models_and_network_each_language_says_what_to_do_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    begun = time.monotonic()
    models = load_models(Speech())
    assert time.monotonic() - begun < 60
    assert not models.loaded
    for language, name in (("hi", "vosk-model-small-hi-0.22"), ("en", "vosk-model-small-en-in-0.4")):
        assert name in models.missing[language]
        assert "VOSK_MODEL_PATH" in models.missing[language]


def test_a_model_is_downloaded_by_the_librarys_loader_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with _published(tmp_path, monkeypatch, [HI]) as site:
        shutil.make_archive(str(site / HI), "zip", MODELS, HI)
        settings = Speech(model_hi=HI, model_en=HI)
        assert set(load_models(settings, told.append).loaded) == {"hi", "en"}
    assert len(told) == 1
    assert [f.name for f in (tmp_path / "cache").iterdir()] == [HI]


def test_an_unknown_name_is_named_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _published(tmp_path, monkeypatch, ["another"]):
        models = load_models(Speech(model_hi="vosk-model-misspelt", model_en="vosk-model-misspelt"))
    assert "speech.model_hi" in models.missing["hi"]
    assert "no model of this name" in models.missing["hi"]


def test_a_download_cut_short_leaves_nothing_that_passes_for_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _published(tmp_path, monkeypatch, [HI]) as site:
        archive = Path(shutil.make_archive(str(site / HI), "zip", MODELS, HI))
        archive.write_bytes(archive.read_bytes()[:500_000])
        models = load_models(Speech(model_hi=HI, model_en=HI))
    assert "damaged" in models.missing["hi"]
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_a_killed_download_left_behind_is_cleared(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left, running = tmp_path / f".part-{int(ended.stdout)}-x", tmp_path / f".part-{os.getpid()}-x"
    for folder in (left, running):
        (folder / HI).mkdir(parents=True)
    model_process._clear_old(tmp_path)
    assert not left.exists()
    assert running.exists()


def test_a_download_that_stands_still_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_process, "WORKER", tmp_path / "sleeps.py")
    (tmp_path / "sleeps.py").write_text("import time\ntime.sleep(60)\n")
    begun = time.monotonic()
    assert model_process.fetched(HI, tmp_path / "cache", stall_s=0.5) == "offline"
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize("file", ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst"])
def test_a_damaged_model_is_named_with_the_remedy_and_crashes_nothing(tmp_path: Path, file: str) -> None:
    copy = _damaged_copy(tmp_path, file)
    models = load_models(SPEECH.model_copy(update={"model_path": str(copy.parent)}), download=False)
    assert f"Delete the folder {HI}" in models.missing["hi"]


def test_a_wide_band_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    copy = _damaged_copy(tmp_path)
    conf = copy / "conf" / "mfcc.conf"
    conf.write_text(conf.read_text().replace("8000", "16000"))
    models = load_models(SPEECH.model_copy(update={"model_path": str(copy.parent)}), download=False)
    assert "8 kHz" in models.missing["hi"]


def test_the_published_files_are_told_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / HI
    shutil.copytree(MODELS / HI, model)
    known = {
        str(file.relative_to(model)): {
            "size": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in model.rglob("*")
        if file.is_file()
    }
    monkeypatch.setattr(fingerprints, "_all", lambda: {HI: known})
    assert fingerprints.genuine(model)
    (model / "am" / "final.mdl").write_bytes(b"other")
    (model / "conf" / "model.conf").unlink()
    assert set(fingerprints.differences(model)) == {"am/final.mdl", "conf/model.conf"}


def test_another_model_under_a_published_name_is_used_with_a_warning(tmp_path: Path) -> None:
    name = "vosk-model-small-hi-0.22"
    shutil.copytree(MODELS / HI, tmp_path / name)
    models = load_models(Speech(model_path=str(tmp_path)), download=False)
    assert set(models.loaded) == {"hi"}
    assert name in models.warnings[0]
    assert "am/final.mdl" in models.warnings[0]


def test_both_production_models_have_fingerprints() -> None:
    for name in (Speech().model_hi, Speech().model_en):
        assert "am/final.mdl" in fingerprints._published(name)
