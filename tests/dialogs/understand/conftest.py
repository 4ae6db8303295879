from datetime import datetime
from pathlib import Path

import pytest
import yaml

from dialogs.catalogue_file import load_catalogue
from dialogs.understand import Context, Hearing, Lexicon, Meaning, build_lexicon, understand

ROOT = Path(__file__).parents[3]
SATURDAY = datetime.fromisoformat("2026-11-21T10:00:00")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    catalogue = load_catalogue(ROOT / "models/seed/services.yaml", ROOT / "models/seed/cities.yaml")
    phrases = {p.parent.name: yaml.safe_load(p.read_text("utf-8")) for p in (ROOT / "prompts").glob("*/phrases.yaml")}
    return build_lexicon(catalogue, phrases)


@pytest.fixture
def meaning(lexicon):
    """What `text` means at the question `expect`."""

    def of(text: str, expect: str = "intent", **context) -> Meaning:
        known = {"lexicon": lexicon, "language": "hi", "now": SATURDAY} | context
        return understand([Hearing(text)], expect, Context(**known))

    return of


@pytest.fixture
def gold(meaning):
    """The meaning with the keys of the utterance files."""
    return lambda text, expect="intent", **context: meaning(text, expect, **context).gold()
