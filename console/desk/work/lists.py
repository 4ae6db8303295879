"""The page with the list, and the list as it is fetched anew."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from booking.accounts.roles import AGENT, SUPERVISOR
from booking.desk.tasks import KINDS, PAGE, kinds_open, work_list
from console.accounts.parts import said
from console.deps import deps
from console.desk.live import listening
from console.desk.work.parts import leads, show
from console.desk.work.rows import groups, rows
from console.person import person
from ivr.gate import open_to


@open_to(AGENT, SUPERVISOR)
def page() -> Response:
    """The whole page."""
    live = listening()  # first: what changes while the rest is read is fetched again
    return show("page", live=live, said=said(), **_listed())


@open_to(AGENT, SUPERVISOR, idle=True)
def listed() -> Response:
    """The list by itself."""
    return show("list", **_listed())


def _listed() -> dict[str, Any]:
    """What is asked for: `?of=all` or one's own and what is free (an agent's default); `?kind=`."""
    of = request.args.get("of", "")
    of = of if of in ("all", "mine") else "all" if leads() else "mine"
    kind = request.args.get("kind", "")
    kinds = [kind] if kind in KINDS else []
    owner = None if of == "all" else person().account_id
    now = deps().now()
    with deps().store.read() as session:
        found = rows(session, work_list(session, owner, kinds))
        counts = kinds_open(session, owner)
    kinds_there = [(k, counts[k]) for k in KINDS if k in counts]
    return {
        "groups": groups(found, now), "of": of, "kind": kind if kinds else "", "kinds": kinds_there,
        "total": sum(counts.values()), "cut": len(found) >= PAGE,
    }  # fmt: skip
