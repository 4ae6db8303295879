"""The recogniser models: found or downloaded by the vosk library's own loader, checked, loaded once for all calls."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import vosk

from ivr.settings import Speech
from ivr.speech.fingerprints import differences, genuine
from ivr.speech.model_process import fetched, tried

log = logging.getLogger(__name__)

LANGUAGES = ("hi", "en")
Say = Callable[[str], None]

_REMEDIES = {
    "offline": "it cannot be downloaded (no connection to alphacephei.com). Unpack it into {folder} or set "
    "VOSK_MODEL_PATH to the folder that has it.",
    "unknown": "vosk knows no model of this name. Correct speech.{setting} in config.yaml, or unpack it into {folder}.",
    "rate": "it is made for wide-band sound and refuses 8 kHz telephone sound. Name another in speech.{setting} in "
    "config.yaml (vosk-model-small-hi-0.22, vosk-model-small-en-in-0.4).",
    "damaged": "its files in {folder} are damaged or incomplete. Delete the folder {name} there and start again.",
    "spoilt": "what was downloaded is damaged. Start again; if it stays so, unpack the model into {folder} by hand.",
    "disk": "it cannot be stored in {folder}. Make room there or set VOSK_MODEL_PATH to another folder.",
}


@dataclass(frozen=True)
class Models:
    """Models by language; what is `missing` has a sentence with the remedy instead; `warnings` are to be shown."""

    loaded: Mapping[str, vosk.Model] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def load_models(settings: Speech, progress: Say = log.info, download: bool = True) -> Models:
    """The models that `settings` name. Never raises and never waits for ever: what cannot be had is `missing`.

    A model is looked for in VOSK_MODEL_PATH (else `model_path`) and in vosk's own folders, and downloaded into its
    cache when it is nowhere. `progress` is told what is done, a line at a time; the download shows its own bar.
    """
    vosk.SetLogLevel(-1)
    _set_folders(settings)
    loaded: dict[str, vosk.Model] = {}
    missing: dict[str, str] = {}
    warnings: list[str] = []
    offline = not download
    for language in LANGUAGES:
        name = str(getattr(settings, f"model_{language}"))
        problem = _problem(name, offline, progress)
        model = None if problem else _open(name)
        if model is None:
            missing[language] = _remedy(language, name, problem or "damaged")
            offline = offline or problem == "offline"
            continue
        loaded[language] = model
        warnings += _doubts(name)
    return Models(loaded, missing, tuple(warnings))


def _open(name: str) -> vosk.Model | None:
    try:
        return vosk.Model(model_name=name)
    except (Exception, SystemExit):  # the library's own, without a class; it ends the process on an unknown name
        log.exception("The model %s cannot be loaded.", name)
        return None


def _remedy(language: str, name: str, problem: str) -> str:
    what = {"hi": "Hindi", "en": "English"}[language]
    folder = _found(name) or _cache()
    remedy = _REMEDIES[problem].format(name=name, folder=folder, setting=f"model_{language}")
    return f"Speech recognition in {what} lacks its model {name}: {remedy}"


def _problem(name: str, offline: bool, progress: Say) -> str:
    folder = _found(name)
    if folder is not None:
        return "" if genuine(folder / name) else tried(name, folder)
    if offline:
        return "offline"
    progress(f"Downloading the speech model {name} ...")
    return fetched(name, _cache())


def _doubts(name: str) -> list[str]:
    folder = _found(name)
    wrong = differences(folder / name) if folder else []
    if not wrong:
        return []
    return [f"The model {name} is not the published one: {', '.join(wrong[:3])} differ. Delete it to get it anew."]


def _set_folders(settings: Speech) -> None:
    """Where vosk looks first. It read VOSK_MODEL_PATH when it was imported, which may be long ago."""
    own = os.environ.get("VOSK_MODEL_PATH") or settings.model_path
    vosk.MODEL_DIRS[0] = Path(own).expanduser() if own else None


def _found(name: str) -> Path | None:
    folders = (Path(folder) for folder in vosk.MODEL_DIRS if folder is not None)
    return next((folder for folder in folders if (folder / name).is_dir()), None)


def _cache() -> Path:
    """Where vosk puts what it downloads."""
    return Path(vosk.MODEL_DIRS[-1])
