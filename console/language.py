"""The language of a page: asked for with ?lang=, else as before in this browser, else the account's."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime
from flask import request, session
from werkzeug.datastructures import MultiDict

from booking.zone import local
from console.person import somebody
from console.words import LANGUAGES


def language() -> str:
    """`hi` or `en`."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and session.get("language") != asked:
        session["language"] = asked
    found = somebody()
    for known in (session.get("language"), found.language if found else None):
        if known in LANGUAGES:
            return str(known)
    return LANGUAGES[0]


def switched(args: MultiDict[str, str], to: str) -> dict[str, str]:
    """The page's query in another language."""
    return {**{k: v for k, v in args.items() if len(v) < 300}, "lang": to}


def moment(at: datetime) -> str:
    """A moment, local, as people read it in the page's language."""
    return str(format_datetime(local(at), "d MMM y, HH:mm:ss", locale=language()))
