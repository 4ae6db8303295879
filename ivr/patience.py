"""How long a pause must be to end a turn: it depends on what was asked and on what was heard by then."""

from __future__ import annotations

from dialogs.gist import OPEN, Gist
from ivr.decisions import Question, Rules


def pause_s(rules: Rules, question: Question, gist: Gist) -> float:
    """Seconds of silence that end the answer to `question`; `gist` is what the recogniser has of it so far."""
    if question.expect == "digits":
        if gist.complete:
            return rules.end_silence_number_s
        return rules.end_silence_nearly_s if gist.nearly else rules.end_silence_digits_s
    if gist.complete:
        return rules.end_silence_early_s
    return rules.end_silence_open_s if question.expect in OPEN else rules.end_silence_s
