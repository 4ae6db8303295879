"""How signed-in pages are shown: the words, the header with its menu, and pages that say what went wrong."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, url_for

from console import menu, shared
from console.deps import deps
from console.language import language, moment, switched
from console.person import somebody
from console.words import LANGUAGES, SHARED, Words


def install(flask: Flask) -> None:
    """Let templates know the time, and find a page's query in another language."""
    flask.jinja_env.filters["moment"] = moment
    flask.jinja_env.globals["switched"] = switched


def show(template: str, words: dict[str, Words], status: int = 200, **values: Any) -> Response:
    """A page in the asker's language: `w` are its own words, `s` the shared ones."""
    spoken, ours = language(), deps()
    text = render_template(
        template,
        language=spoken,
        languages={code: SHARED[code]["language_name"] for code in LANGUAGES},
        w=words[spoken],
        s=SHARED[spoken],
        brand=ours.brand[spoken],
        helpline=ours.helpline,
        person=somebody(),
        menu=menu.of(current_app, somebody()),
        **values,
    )
    return _private(make_response(text, status))


def problem(name: str, status: int) -> Response:
    """The page of a problem: `<name>_title` and `<name>` of the shared words."""
    if name == "away":  # who asks is in the store, too
        spoken = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
        words = SHARED[spoken]
        return _private(Response(f"{words['away_title']}. {words['away']}\n", status, mimetype="text/plain"))
    if "text/html" not in request.headers.get("Accept", ""):
        return _private(Response(f"{SHARED['en'][name]}\n", status, mimetype="text/plain"))
    return show("console/problem.html", SHARED, status, problem=name, home=url_for("accounts.home"))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return shared.guarded(response)
