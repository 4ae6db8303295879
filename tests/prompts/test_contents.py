"""What stands in prompt files, taken apart and put together again."""

from __future__ import annotations

from ivr.helpline import PROMPTS
from prompts import folder
from prompts.contents import contents, phrase_trees
from prompts.load import read_yaml


def test_phrases_come_back_as_they_stand_in_their_files() -> None:
    trees = phrase_trees(contents(folder.texts(PROMPTS)))
    assert trees == {language: read_yaml(PROMPTS / language / "phrases.yaml") for language in ("hi", "en")}
