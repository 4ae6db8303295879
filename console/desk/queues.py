"""What the queues are called."""

from __future__ import annotations

from console.desk.parts import WORDS
from console.language import language
from ivr.desk.entering import QUEUES


def names() -> dict[str, str]:
    """The queues, with their names in the page's language."""
    return {queue: WORDS[language()][f"queue_{queue}"] for queue in QUEUES}
