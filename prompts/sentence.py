"""A sentence ready to be said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """One sentence to be said in `language`, numbers and dates already in words.

    `fixed` names the prompt key and sentence index (`greeting.0`) when the text has no variable part, so that its
    audio can be prepared ahead or replaced by a recording; None for a sentence with variable parts. `recorded` is the
    digest of the recording to be played instead; the text is that of the whole prompt then.
    """

    text: str
    language: str
    fixed: str | None = None
    recorded: str | None = None
