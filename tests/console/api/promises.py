"""The served description, held against every answer that a test gets."""

from __future__ import annotations

from functools import cache
from typing import Any

import schemathesis
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

DOCUMENT: dict[str, Any] = {}


def kept(flask: Flask, method: str, path: str, answer: TestResponse) -> None:
    """Fail when `answer` is none that the description promises for this operation."""
    try:
        rule, _ = flask.url_map.bind("localhost").match(path.partition("?")[0], method, return_rule=True)
    except HTTPException:
        return  # no operation at all
    template = str(rule.rule).replace("<", "{").replace(">", "}")
    DOCUMENT.update(DOCUMENT or flask.api_doc)  # type: ignore[attr-defined]
    operation = _described()[template][method]
    promised = operation.definition.raw["responses"]
    assert str(answer.status_code) in promised, f"{method} {template} promises no {answer.status_code}: {answer.text}"
    if answer.content_type == "application/problem+json":
        code = answer.json["code"]
        assert f"`{code}`" in promised[str(answer.status_code)]["description"], f"{method} {template}: {code}"
    operation.validate_response(answer)


@cache
def _described() -> Any:
    """The description, read once a process: it is the same for every application."""
    return schemathesis.openapi.from_dict(DOCUMENT)
