"""Speaks all fixed prompts ahead, so that no caller waits for them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from tqdm import tqdm

from ivr.speech.errors import SpeechUnavailable
from ivr.speech.speak import Speaker
from prompts.sentence import Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """How many sentences were made now, were there already, and failed (the first of those named)."""

    made: int = 0
    kept: int = 0
    failed: int = 0
    problem: str = ""


def prepare(sentences: Iterable[Sentence], speaker: Speaker, progress: bool = True) -> Prepared:
    """Make the audio of the fixed ones among `sentences` that is not kept yet; `progress` shows a bar on stderr."""
    fixed = list(dict.fromkeys(s for s in sentences if s.fixed is not None))
    missing = [s for s in fixed if not speaker.kept(s)]
    made, problems = 0, []
    for sentence in tqdm(missing, desc="Preparing prompts", unit="sentence", disable=not (progress and missing)):
        try:
            speaker.audio_now(sentence)
            made += 1
        except SpeechUnavailable as error:
            problems.append(f"{sentence.language} {sentence.fixed}: {error}")
            log.warning("A prompt cannot be spoken ahead: %s", problems[-1])
            if speaker.pid is None:  # the synthesis does not start: the others would fail alike
                break
    kept = len(fixed) - len(missing)
    return Prepared(made, kept, len(missing) - made, problems[0] if problems else "")
