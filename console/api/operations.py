"""Operations of the interface: each says its scope, its answer and its problems, and is described by that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from console.api.problems import KINDS, MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Response])

ALWAYS = ("too_many", "internal", "store_down")
BY_TOKEN = ("unauthorized", "forbidden", "bad_mobile", "invalid")
BY_PART = {
    "path": ("not_found",),
    "query": ("invalid",),
    "header": ("invalid",),
    "body": ("bad_json", "too_large", "not_json", "invalid"),
}
ETAG = {"ETag": {"description": "The version of the record.", "required": True, "schema": {"type": "string"}}}
NOT_CHANGED = {"description": "It is as you know it (If-None-Match)."}


@dataclass(frozen=True)
class Op:
    """An operation: the scope it needs (None: everybody may), the model and status of its answer (None: empty), the
    codes of its own problems. `etag`: its answer carries one; `match`: it needs If-Match; `key`: an Idempotency-Key.
    """

    scope: str | None
    answer: type[BaseModel] | None
    status: int = 200
    codes: tuple[str, ...] = ()
    etag: bool = False
    match: bool = False
    key: bool = False
    media: str = "application/json"


class Routes:
    """The operations of one part of the interface, on a blueprint."""

    def __init__(self, name: str, title: str) -> None:
        self.blueprint = APIBlueprint(name, __name__, abp_tags=[Tag(name=title)], operation_id_callback=_operation_id)

    def get(self, rule: str, op: Op) -> Callable[[View], View]:
        """An operation that reads."""
        return self._add(self.blueprint.get, "get", rule, op)

    def post(self, rule: str, op: Op) -> Callable[[View], View]:
        """An operation that makes or changes something."""
        return self._add(self.blueprint.post, "post", rule, op)

    def delete(self, rule: str, op: Op) -> Callable[[View], View]:
        """An operation that gives something up."""
        return self._add(self.blueprint.delete, "delete", rule, op)

    def _add(self, register: Callable[..., Any], method: str, rule: str, op: Op) -> Callable[[View], View]:
        def add(view: View) -> View:
            view.op = op  # type: ignore[attr-defined]  # Flask keeps functions: this is where `admit` finds it
            codes = _codes(op, view)
            answers = _responses(op, codes, read=method == "get")
            described = {"responses": answers, "security": _security(op), "description": _text(view)}
            register(rule, **described)(view)
            self._headers(rule, method, op)
            return view

        return add

    def _headers(self, rule: str, method: str, op: Op) -> None:
        """The library has no place for the headers of an answer: they are added to what it has made."""
        if not op.etag:
            return
        operation: Any = getattr(self.blueprint.paths[rule.replace("<", "{").replace(">", "}")], method)
        operation.responses[str(op.status)].headers = ETAG


def _operation_id(*, name: str, path: str, method: str) -> str:
    return name


def _codes(op: Op, view: Callable[..., Response]) -> tuple[str, ...]:
    hints = get_type_hints(view)
    found = [*(BY_TOKEN if op.scope else ()), *op.codes, *ALWAYS]
    for part, codes in BY_PART.items():
        found += codes if part in hints else ()
    if "path" in hints and "number" in getattr(hints["path"], "model_fields", {}):
        found.append("bad_number")
    found += ("match_missing", "changed") if op.match else ()
    found += ("key_missing", "key_reused") if op.key else ()
    return tuple(dict.fromkeys(found))


def _responses(op: Op, codes: Iterable[str], *, read: bool) -> dict[str | int, Any]:
    answers: dict[str | int, Any] = {op.status: op.answer}
    if op.answer is None and op.status != 204:
        shape = "object" if op.media == "application/json" else "string"
        answers[op.status] = {"description": "OK", "content": {op.media: {"schema": {"type": shape}}}}
    if op.etag and read:
        answers[304] = dict(NOT_CHANGED)
    for code in codes:
        kind = KINDS[code]
        known = answers.setdefault(kind.status, {"description": "", "content": _problem()})
        known["description"] = " · ".join(filter(None, (known["description"], f"`{code}`")))
    return dict(sorted(answers.items()))


def _problem() -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _security(op: Op) -> list[dict[str, list[str]]] | None:
    return [{"token": [op.scope]}] if op.scope else None


def _text(view: Callable[..., Response]) -> str:
    """The docstring beyond its first line, which is the summary."""
    return "\n".join((view.__doc__ or "").strip().splitlines()[1:]).strip()
