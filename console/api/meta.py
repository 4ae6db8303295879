"""The description of the interface and the table of its problems; everybody may read them."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from console.api.answers import known
from console.api.fields import Query
from console.api.operations import Op, Routes
from console.api.problems import BASE, KINDS

routes = Routes("meta", "Description")


class ProblemKind(BaseModel):
    """A kind of problem."""

    code: str
    type: str
    status: int
    title: str


class ProblemKinds(BaseModel):
    """All kinds of problems."""

    items: list[ProblemKind]


class NoQuery(Query):
    """Nothing can be asked."""


@routes.get("/openapi.json", Op(None, None, etag=True, media="application/json"))
def description(query: NoQuery) -> Response:
    """This description (OpenAPI 3.1)"""
    app = current_app
    assert isinstance(app._get_current_object(), OpenAPI)  # type: ignore[attr-defined]
    text = json.dumps(app.api_doc, ensure_ascii=False)  # type: ignore[attr-defined]
    answer = Response(text, content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    return answer


@routes.get("/problems", Op(None, ProblemKinds, etag=True))
def problems(query: NoQuery) -> Response:
    """All kinds of problems, with the code to branch on"""
    kinds = [ProblemKind(code=c, type=f"{BASE}#{c}", status=k.status, title=k.title) for c, k in KINDS.items()]
    return known(ProblemKinds(items=kinds))
