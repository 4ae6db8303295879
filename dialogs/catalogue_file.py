"""Reads a catalogue from files with the fields of `services.yaml` and `cities.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dialogs.catalogue import Catalogue, City, Service

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SERVICE = ("id", "hi", "en", "fee", "days", "since", "until", "confirmed")


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(r, dict) and {"id", "hi", "en"} <= set(r) for r in rows):
        raise ValueError(f"{path}: a list of entries with id, hi and en is needed")
    return rows


def load_catalogue(services: Path, cities: Path) -> Catalogue:
    """The catalogue in the two YAML files; raises ValueError naming the file when an entry lacks id, hi or en."""
    return Catalogue(
        services=tuple(
            Service(**{k: r[k] for k in _SERVICE if r.get(k) is not None}, documents=tuple(r.get("documents") or ()))
            for r in _rows(services)
        ),
        cities=tuple(
            City(id=r["id"], hi=r["hi"], en=r["en"], district=r.get("district") or "", also=tuple(r.get("also") or ()))
            for r in _rows(cities)
        ),
    )
