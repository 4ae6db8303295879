"""Who may listen at `/live` (`ivr/live.py`), and what a page that listens has in it."""

from __future__ import annotations

from flask import url_for

from booking.accounts import sign_ins
from booking.desk.versions import versions
from console.deps import ConsoleDeps, deps, deps_of
from console.person import person
from ivr.assembly import Application
from ivr.live import PATH, Live, ticket
from ivr.watching import Watcher
from models.accounts import Account, SignIn


def endpoint(application: Application, key: str) -> Live:
    """The endpoint of this process, for whoever has a ticket signed with `key`."""
    ours = deps_of(application, key)
    return Live(key, Watcher(ours.store, ours.now), lambda sign_in: lasts(ours, sign_in))


def lasts(ours: ConsoleDeps, sign_in: str) -> bool:
    """Whether somebody is still signed in there. Raises StoreError."""
    with ours.store.read() as session:
        row = session.get(SignIn, sign_in)
        account = session.get(Account, row.account_id) if row else None
        return bool(row and account and account.locked_at is None and sign_ins.lasts(row, ours.now(), ours.rules.span))


def listening() -> dict[str, object]:
    """For `desk/live.html`: where to listen, and how the desk stood just before the page was made. Raises
    StoreError."""
    with deps().store.read() as session:
        known = versions(session)
    address = f"{PATH}?ticket={ticket(deps().secret, person().sign_in_id)}"
    return {"address": address, "known": known, "alive": url_for("desk.alive")}
