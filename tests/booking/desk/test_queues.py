"""Which queues an agent takes: chosen by others, true from the next offer on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from booking.accounts import people
from booking.accounts.people import NewAccount
from booking.accounts.roles import AGENT
from booking.audit import COMMAND_LINE
from booking.desk import answers, queues
from booking.desk.presence import Post, come
from booking.desk.queues import Choice
from booking.errors import Conflict, NotFound
from models.audit import AuditEntry
from models.presence import Presence
from models.store import Store
from tests.booking.desk.people import NOON, calls, comes, does, offers, state

SPOKEN = ("hi", "en")
ONLY = ["complaints"]


def ravi(store: Store, login: str = "ravi") -> str:
    """The id of an agent's account."""
    with store.begin() as session:
        return people.create(session, NOON, COMMAND_LINE, NewAccount(login, "रवि", (AGENT,))).id


def chooses(store: Store, agent: str, known: list[str], wanted: list[str]) -> None:
    does(store, queues.choose, COMMAND_LINE, Choice(agent, known, wanted, SPOKEN))


def row(store: Store, agent: str) -> Presence:
    with store.read() as session:
        return session.get_one(Presence, agent)


def test_a_change_counts_for_the_next_offer_and_leaves_the_call_that_rings(store: Store) -> None:
    agent, other = ravi(store), ravi(store, "gita")
    comes(store, agent)
    ringing = calls(store, "c1")
    assert [o.agent for o in offers(store)] == [agent]
    chooses(store, agent, [], ONLY)
    assert state(store, agent) == "offered"
    does(store, answers.accept, ringing.id, agent)
    comes(store, other)
    calls(store, "c2")
    assert [o.agent for o in offers(store)] == [other]
    calls(store, "c3")
    assert offers(store) == []
    chooses(store, agent, ONLY, [])
    assert row(store, agent).queues == []


def test_a_caller_goes_to_who_takes_the_queue_though_another_is_ready_longer(store: Store) -> None:
    agent, other = ravi(store), ravi(store, "gita")
    comes(store, agent)
    comes(store, other)
    chooses(store, agent, [], ONLY)
    calls(store, "c1")
    assert [o.agent for o in offers(store)] == [other]


def test_the_choice_stays_when_the_agent_comes_again_and_is_there_before_the_first_time(store: Store) -> None:
    agent = ravi(store)
    chooses(store, agent, [], ONLY)
    assert (row(store, agent).state, row(store, agent).languages) == ("off", list(SPOKEN))
    does(store, come, agent, Post(("hi",), "9826012345"))
    assert (row(store, agent).queues, row(store, agent).languages) == (ONLY, ["hi"])


def test_the_audit_trail_has_before_and_after_and_no_entry_for_nothing(store: Store) -> None:
    agent = ravi(store)
    chooses(store, agent, [], ONLY)
    chooses(store, agent, ONLY, ONLY)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "account.queues")).one()
    assert (entry.subject, entry.before, entry.after) == ("account:ravi", {"queues": "all"}, {"queues": ONLY})


def test_of_two_who_choose_at_once_one_is_told(store: Store) -> None:
    agent = ravi(store)
    comes(store, agent)

    def tries(wanted: str) -> bool:
        try:
            chooses(store, agent, [], [wanted])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tries, ("general", "complaints"))) == [False, True]


def test_an_account_that_is_not_there_has_no_queues(store: Store) -> None:
    with pytest.raises(NotFound):
        chooses(store, "0" * 32, [], ONLY)
