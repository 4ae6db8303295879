"""Pages of lists: at most 100 entries, and a cursor for the next."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import Field

from console.api.fields import Query
from console.api.problems import Refused

MOST, USUAL = 100, 20
FOREIGN = "cursor: not one that was given"
T = TypeVar("T")


class PageQuery(Query):
    """Which page of a list."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="Entries a page.")
    cursor: str | None = Field(None, max_length=200, description="`next` of the page before.")


def page(rows: Sequence[T], query: PageQuery, key: Callable[[T], Any]) -> tuple[Sequence[T], str | None]:
    """The page of `rows` that follows the cursor, and the cursor for the next one. `key` tells rows apart (JSON).

    A row that was added meanwhile shifts nothing: the cursor names the last row seen, not a count. Where that one may
    have gone meanwhile: `page_in_order`.
    """
    begin = 0
    if query.cursor is not None:
        last = decoded(query.cursor)
        begin = next((n for n, row in enumerate(rows, 1) if key(row) == last), len(rows))
    return _from(begin, rows, query, key)


def page_in_order(rows: Sequence[T], query: PageQuery, key: Callable[[T], Any]) -> tuple[Sequence[T], str | None]:
    """As `page`, for rows that may be gone when the next page is asked for: `key` ascends from row to row, and the page
    goes on behind where the last row seen stood. Raises Refused for the cursor of another list."""
    try:
        begin = 0 if query.cursor is None else bisect_right(rows, decoded(query.cursor), key=key)
    except TypeError:  # what cannot be compared with a key
        raise Refused("invalid", FOREIGN) from None
    return _from(begin, rows, query, key)


def _from(begin: int, rows: Sequence[T], query: PageQuery, key: Callable[[T], Any]) -> tuple[Sequence[T], str | None]:
    shown = rows[begin : begin + query.limit]
    more = begin + query.limit < len(rows)
    return shown, encoded(key(shown[-1])) if more and shown else None


def encoded(key: Any) -> str:
    """A cursor that stands for `key` (plain JSON)."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decoded(cursor: str) -> Any:
    """What a cursor stands for; raises Refused."""
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise Refused("invalid", FOREIGN) from None
