"""Seconds between two moments, computed by the store itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class elapsed_s(FunctionElement[float]):  # noqa: N801  it is used as an SQL function
    """`elapsed_s(start, end)`: the seconds from one moment to another, to the millisecond; NULL where one is."""

    type = Float()
    inherit_cache = True
    name = "elapsed_s"


@compiles(elapsed_s, "sqlite")
def _sqlite(element: elapsed_s, compiler: Any, **how: Any) -> str:
    start, end = (compiler.process(part, **how) for part in element.clauses)
    # Days as a float are exact to some 40 microseconds.
    return f"round((julianday({end}) - julianday({start})) * 86400.0, 3)"


@compiles(elapsed_s, "postgresql")
def _postgresql(element: elapsed_s, compiler: Any, **how: Any) -> str:
    start, end = (compiler.process(part, **how) for part in element.clauses)
    return f"CAST(extract(epoch FROM ({end}) - ({start})) AS double precision)"
