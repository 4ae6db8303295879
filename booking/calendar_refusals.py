"""Why a change of the calendar is refused: a code for the words, and the field that it is about."""

from __future__ import annotations


class CalendarError(ValueError):
    """What was typed cannot stand: correct the field."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{field or 'calendar'}: {code}")
        self.code, self.field = code, field


class ChangedMeanwhile(CalendarError):  # noqa: N818
    """Somebody else has changed it since it was on the screen: look at it again."""

    def __init__(self) -> None:
        super().__init__("changed_meanwhile")
