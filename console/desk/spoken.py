"""Days and times as the dialog has them (ISO, local), as people read them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date


def moment(text: str, language: str) -> str:
    """A day, or a day and a time; what is neither stays as it is."""
    try:
        if "T" in text:
            at = datetime.fromisoformat(text)
            return f"{format_date(at, 'EEE d MMM', locale=language)}, {at:%H:%M}"
        return str(format_date(date.fromisoformat(text), "EEE d MMM", locale=language))
    except ValueError:
        return text
