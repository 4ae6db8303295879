"""The list of all prompts and phrases, of the present edition or of a draft; search and what is missing."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request, url_for

from console.accounts.parts import said
from console.deps import deps
from console.language import language
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import fetched, for_readers, show
from console.prompts.rows import MOST, Asked, matters, rows, wanted
from prompts import drafts
from prompts.errors import TextError

ONLY = ("changed", "lacking")


@for_readers
def page() -> Response:
    """What is said now, and the drafts."""
    return page_of(choose(None))


@for_readers
def draft(id: int) -> Response:
    """What a draft would say."""
    return page_of(choose(id))


def page_of(shown: Chosen, problem: TextError | None = None, name: str = "") -> Response:
    """The page, or only its list where that is asked for; `problem` with the `name` typed for a new draft."""
    every, asked = rows(shown, prompt_deps().graph), _asked()
    found = wanted(every, asked)
    values: dict[str, Any] = {
        "shown": shown, "asked": asked, "rows": found[:MOST] if asked.words or asked.only else found,
        "cut": len(found) > MOST and bool(asked.words or asked.only),
    }  # fmt: skip
    if fetched():
        return show("list", **values)
    with deps().store.read() as session:
        open_ones, sizes, heard = drafts.open_ones(session), drafts.sizes(session), drafts.on_number(session)
    counts = {"changed": sum(r.changed for r in every), "lacking": sum(bool(r.lacks) for r in every)}
    return show("page", 400 if problem else 200, **values, matters=matters(every), counts=counts, drafts=open_ones,
                sizes=sizes, said=said(), problem=problem, name=name, phone=_phone(shown),
                number=prompt_deps().test_number, on_number=heard.id if heard else None)  # fmt: skip


def _phone(shown: Chosen) -> str:
    """The telephone in the browser that tries the draft; "" where there is none."""
    if shown.draft is None or "phone.page" not in current_app.view_functions:
        return ""
    return url_for("phone.page", version=f"draft-{shown.draft.id}", lang=language())


def _asked() -> Asked:
    only, of = request.args.get("only", ""), request.args.get("of", "")
    return Asked(of[:50] or "prompts", request.args.get("q", "")[:100].strip(), only if only in ONLY else "")
