"""Answers to REST calls in Twilio's shape: JSON bodies, refusals with their codes, forms that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec

Form = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    kind: str = "application/json"


class Refusal(Exception):  # noqa: N818
    """An error as Twilio reports it: HTTP status, code and message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = json({"code": code, "message": message, "status": status}, status)


class Fields(dict[str, str]):
    """A form, of which one field may come more than once."""

    def __init__(self, found: Mapping[str, Sequence[str]]) -> None:
        super().__init__({name: values[-1] for name, values in found.items()})
        self._found = found

    def all(self, name: str) -> list[str]:
        """Every value of a field; several may also stand in one, with spaces between."""
        return " ".join(self._found.get(name, ())).split()


def form(body: bytes) -> Fields:
    """The fields of a form. Raises Refusal."""
    try:
        return Fields(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Refusal(400, 20001, "a broken form") from None


def json(body: Mapping[str, Any], status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, msgspec.json.encode(body))


def page(name: str, found: Sequence[Mapping[str, Any]]) -> Answer:
    """Everything that was found, on one page."""
    return json({name: found, "page": 0, "page_size": len(found), "next_page_uri": None})


def at(moment: datetime) -> str:
    """A moment as Twilio writes it."""
    return format_datetime(moment.astimezone(UTC))
