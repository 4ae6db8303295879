"""The seed catalogue without a store."""

from __future__ import annotations

from dialogs.catalogue import Catalogue
from dialogs.catalogue_file import load_catalogue
from ivr.settings import ROOT


def catalogue() -> Catalogue:
    """The catalogue of `models/seed/`."""
    return load_catalogue(ROOT / "models/seed/services.yaml", ROOT / "models/seed/cities.yaml")
