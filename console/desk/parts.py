"""What the desk's pages share: their words, fragments, and who is who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking.zone import local
from console import showing
from console.deps import deps
from console.desk import looks
from console.person import person
from console.words import Words, load
from models.accounts import Account

WORDS: dict[str, Words] = load(Path(__file__).with_name("words.yaml"))


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page or a fragment of it."""
    return showing.show(f"desk/{template}.html", WORDS, status, **{**looks.helpers(), **values})


def changed(response: Response, *topics: str) -> Response:
    """The answer to a change: the page fetches what shows `topics` at once."""
    response.headers["HX-Trigger"] = ", ".join(f"mitan:{topic}" for topic in topics)
    return response


def unchanged() -> Response:
    """What the page shows is still so."""
    return Response(status=204)


def by_script() -> bool:
    """Whether a fragment is asked for, not a page."""
    return "HX-Request" in request.headers


def home() -> Answer:
    """Back to the page, for a browser in which no script ran."""
    return redirect(url_for("desk.page"), 303)


def me() -> str:
    """The account's id of who asks: an agent's name in the queue."""
    return person().account_id


def seconds(since: datetime | None, now: datetime | None = None) -> int:
    """How long ago, in whole seconds."""
    return max(0, int(((now or deps().now()) - since).total_seconds())) if since else 0


def names(session: Session, agents: Iterable[str | None]) -> Mapping[str, str]:
    """The names of accounts by their ids; who is gone is left out."""
    wanted = {a for a in agents if a}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def ended(number: str | None) -> str:
    """The last four digits of a number, for lists that many see; "" for a withheld one."""
    return f"…{number[-4:]}" if number else ""


def spaced(number: str | None) -> str:
    """A number as people read it."""
    if number and number.startswith("+91") and len(number) == 13:
        return f"+91 {number[3:8]} {number[8:]}"
    return number or ""


def clock(at: datetime) -> str:
    """The time of day."""
    return f"{local(at):%H:%M}"
