"""The administrators' pages: accounts, and the audit trail."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from booking import audit
from booking.accounts.roles import ADMINISTRATOR, AGENT, SUPERVISOR
from booking.audit import COMMAND_LINE, Deed
from models.accounts import Account, PasswordLink, SignIn
from models.audit import AuditEntry
from models.store import Store
from tests.console.accounts.house import ASHA, RAVI, START, WORD, Browser, Clock, account, at
from tests.console.accounts.test_own_account import id_of

LONG = "अ" * 10_000


def deeds(store: Store) -> list[tuple[str, str, str]]:
    """Who, what, of what, without sights and sign-ins, oldest first."""
    with store.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(e.who, e.what, e.subject) for e in rows if not e.what.endswith((".seen", ".begun"))]


def make(asha: Browser, **fields: object) -> str:
    given = {"login": "gita.devi", "name": "गीता देवी", "roles": [AGENT, SUPERVISOR], "language": "hi", **fields}
    return asha.post("/accounts/new", **given).get_data(as_text=True)


def test_a_new_account_gets_a_link_that_is_shown_once_and_signs_in(house: Flask, asha: Browser, store: Store) -> None:
    page = make(asha)
    link = re.search(r'value="http://localhost(/new-password/[^"]+)"', page)
    assert link
    assert "गीता देवी" in page
    gita = Browser(house)
    gita.post(link[1], new=WORD, again=WORD)
    assert gita.sign_in("gita.devi").status_code == 303
    own = gita.get("/account").get_data(as_text=True)
    assert 'lang="hi"' in own
    assert "पर्यवेक्षक" in own
    assert (ASHA, "account.created", "account:gita.devi") in deeds(store)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("login", "Gita Devi", "A login has 3 to 40"),
        ("login", "", "A login has 3 to 40"),
        ("login", LONG, "A login has 3 to 40"),
        ("login", "गीता", "A login has 3 to 40"),
        ("login", "gita\x00", "A login has 3 to 40"),
        ("login", "RAVI", "Somebody else has this login"),
        ("name", "", "A name has 1 to 100"),
        ("name", LONG, "A name has 1 to 100"),
        ("name", "a\nb", "A name has 1 to 100"),
        ("name", "\x00", "A name has 1 to 100"),
        ("roles", [], "Choose at least one role"),
        ("roles", ["king"], "Choose at least one role"),
        ("roles", [LONG], "Choose at least one role"),
    ],
)
def test_what_is_no_account_is_refused_and_what_was_typed_stays(
    asha: Browser, field: str, value: object, said: str
) -> None:
    page = make(asha, **{field: value})
    assert said in page
    assert 'role="alert"' in page
    if field != "name":
        assert 'value="गीता देवी"' in page


def test_markup_in_a_name_is_text(asha: Browser) -> None:
    make(asha, name="<script>alert(1)</script>")
    page = asha.get("/accounts").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(house: Flask, asha: Browser, store: Store) -> None:
    gita = account(store, "gita", ADMINISTRATOR)
    hers = Browser(house)
    hers.sign_in("gita")
    assert hers.get("/audit").status_code == 200
    asha.post(f"/accounts/{gita}", name="गीता", roles=[AGENT], language="en")
    assert hers.get("/audit").status_code == 403
    assert hers.signed_in()
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "account.changed")).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["roles"], entry.after["roles"]) == ([ADMINISTRATOR], [AGENT])


def test_a_locked_account_is_out_at_once_and_comes_back_when_it_is_opened(
    house: Flask, asha: Browser, ravi: Browser, store: Store
) -> None:
    page = f"/accounts/{id_of(store, RAVI)}"
    assert at(asha.post(f"{page}/lock", on=page)) == page
    assert not ravi.signed_in()
    assert Browser(house).sign_in(RAVI).status_code == 400
    asha.post(f"{page}/unlock", on=page)
    assert ravi.sign_in(RAVI).status_code == 303
    assert [d[1] for d in deeds(store)][-3:] == ["account.locked", "sign_in.failed", "account.unlocked"]


def test_the_last_administrator_stays(asha: Browser, store: Store) -> None:
    page = f"/accounts/{id_of(store, ASHA)}"
    assert "This is the last administrator" in asha.post(f"{page}/lock", on=page).get_data(as_text=True)
    assert asha.post(page, name="आशा", roles=[AGENT], language="en").status_code == 400
    assert asha.get("/accounts").status_code == 200
    account(store, "gita", ADMINISTRATOR)
    assert asha.post(f"{page}/lock", on=page).status_code == 303
    assert not asha.signed_in()


def test_an_administrator_signs_somebody_out_everywhere(asha: Browser, ravi: Browser, store: Store) -> None:
    page = f"/accounts/{id_of(store, RAVI)}"
    asha.post(f"{page}/sign-out", on=page)
    assert not ravi.signed_in()
    assert (ASHA, "sign_in.ended_everywhere", "account:ravi") in deeds(store)


@pytest.mark.parametrize("id", ["0" * 32, "x", "%00", "आशा", "0" * 10_000])
def test_an_account_that_is_not_there_is_404(asha: Browser, id: str) -> None:
    assert asha.get(f"/accounts/{id}").status_code == 404
    assert asha.post(f"/accounts/{id}/lock", on="/accounts").status_code == 404
    assert asha.post(f"/accounts/{id}", on="/accounts", name="x", roles=[AGENT]).status_code == 404


def test_no_secret_is_anywhere_in_the_trail_the_sign_ins_or_the_links(
    house: Flask, asha: Browser, store: Store
) -> None:
    make(asha)
    Browser(house).sign_in(ASHA, "wrong-word-typed")
    Browser(house).sign_in("wrong-word-typed", "x")
    token = house.session_interface.get_signing_serializer(house).loads(asha.cookie)["_user_id"]  # type: ignore[attr-defined]
    with store.read() as session:
        kept = [list(map(str, row)) for t in (AuditEntry, SignIn, PasswordLink, Account)
                for row in session.execute(select(*t.__table__.columns))]  # fmt: skip
    whole = str(kept)
    assert token not in whole
    assert WORD not in whole
    assert "wrong-word-typed" not in whole
    with pytest.raises(ValueError, match="looks like a secret"), store.begin() as session:
        audit.note(session, START, COMMAND_LINE, Deed("account.changed", "account:x", None, {"new_password": "x"}))


def test_the_trail_can_only_grow(asha: Browser, store: Store) -> None:
    for deed in ("DELETE FROM audit", "UPDATE audit SET who = 'nobody'"):
        with pytest.raises(DBAPIError, match="can only grow"), store.begin() as session:
            session.execute(text(deed))


def shown(page: str) -> list[str]:
    return re.findall(r'<td class="long">(thing:\d+)</td>', page)


def noted(store: Store, clock: Clock, number: int) -> None:
    with store.begin() as session:
        for n in range(number):
            audit.note(session, clock.now(), COMMAND_LINE, Deed("thing.changed", f"thing:{n}"))


def test_the_trail_is_paged_without_a_gap_while_it_grows(asha: Browser, store: Store, clock: Clock) -> None:
    noted(store, clock, 120)
    page = asha.get("/audit?what=thing").get_data(as_text=True)
    found = shown(page)
    noted(store, clock, 1)  # a newer one pushes nothing to the next page
    while next := re.search(r'href="(/audit\?below=[^"]+)">Older', page):
        page = asha.get(next[1].replace("&amp;", "&")).get_data(as_text=True)
        found += shown(page)
    assert found == [f"thing:{n}" for n in range(119, -1, -1)]


def test_the_trail_is_filtered(asha: Browser, ravi: Browser, store: Store, clock: Clock) -> None:
    noted(store, clock, 3)
    clock.later(minutes=20)
    asha.get("/account")
    for query, wanted in (
        ("who=command+line&what=thing", 3), ("what=thing.changed", 3), ("what=thin", 0), ("subject=thing:1", 1),
        ("since=2026-11-23&what=thing", 3), ("since=2026-11-24&what=thing", 0), ("until=2026-11-22&what=thing", 0),
        ("until=2026-11-23&what=thing", 3), ("who=ravi&what=thing", 0), ("what=%25&who=%25", 0),
    ):  # fmt: skip
        assert len(shown(asha.get(f"/audit?{query}").get_data(as_text=True))) == wanted, query


@pytest.mark.parametrize(
    "query",
    [
        "below=x",
        "below=-1",
        "below=" + "9" * 30,
        "since=nonsense",
        "until=9999-12-31",
        "who=%00",
        "what=" + "x" * 10_000,
        "subject=%F0%9F%98%80",
        "since=0001-01-01",
        "%00=%00",
    ],
)
def test_a_malformed_filter_is_no_error(asha: Browser, query: str) -> None:
    assert asha.get(f"/audit?{query}").status_code == 200


def test_who_looks_at_accounts_or_at_the_trail_stands_in_the_trail(asha: Browser, store: Store) -> None:
    asha.get(f"/accounts/{id_of(store, RAVI)}")
    asha.get("/audit?who=ravi")
    with store.read() as session:
        seen = [(e.who, e.what, e.subject, e.address) for e in session.scalars(select(AuditEntry)) if e.who == ASHA]
    assert (ASHA, "account.seen", "account:ravi", "203.0.113.7") in seen
    assert (ASHA, "audit.seen", "audit", "203.0.113.7") in seen
