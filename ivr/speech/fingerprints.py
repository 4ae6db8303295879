"""The published models' files (fingerprints.json): sizes and SHA-256 from public copies."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("fingerprints.json")


def differences(model: Path) -> list[str]:
    """The files of a model folder that are not those published under its name; [] when its name is not published."""
    return [name for name, known in _published(model.name).items() if not _same(model / name, known)]


def genuine(model: Path) -> bool:
    """Whether the folder is a published model, byte for byte."""
    return bool(_published(model.name)) and not differences(model)


@lru_cache(1)
def _all() -> dict[str, dict[str, dict[str, Any]]]:
    models: dict[str, dict[str, dict[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))["models"]
    return models


def _published(name: str) -> dict[str, dict[str, Any]]:
    return _all().get(name, {})


def _same(file: Path, known: dict[str, Any]) -> bool:
    try:
        if file.stat().st_size != known["size"]:
            return False
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest() == str(known["sha256"])
    except OSError:
        return False
