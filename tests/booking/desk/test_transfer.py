from __future__ import annotations

import pytest

from booking.desk.answers import accept, join, part, to_agent, to_queue
from booking.desk.endings import finish, hung_up
from booking.desk.refusals import refuse
from booking.desk.whisper import whisper
from booking.errors import NotAllowed
from models.queue import Handoff
from models.store import Store
from tests.booking.desk.people import NOON, SECOND, calls, comes, does, offers, stands, state


@pytest.fixture
def talk(store: Store) -> Handoff:
    """A caller with a1; a2 and a3 are ready."""
    comes(store, "a1", NOON - SECOND)
    comes(store, "a2")
    comes(store, "a3", NOON + SECOND)
    row = calls(store, "c1", NOON - SECOND)
    offers(store)
    return does(store, accept, row.id, "a1")


def test_to_another_queue_ahead_of_the_others_with_the_reason(store: Store, talk: Handoff) -> None:
    calls(store, "c7", NOON - SECOND, queue="complaints")
    does(store, to_queue, talk.id, "a1", "complaints", "wants the office's name")
    assert state(store, "a1") == "wrap_up"
    assert offers(store)[0].handoff == talk.id
    with store.read() as session:
        assert whisper(session, session.get_one(Handoff, talk.id)).why == "wants the office's name"
    does(store, accept, talk.id, "a2", now=NOON + 30 * SECOND)
    moved = stands(store, talk.id)
    assert (moved.agent, moved.answered_at, moved.accepted_at) == ("a2", NOON, NOON + 30 * SECOND)


def test_to_one_agent_and_to_the_line_when_that_one_refuses(store: Store, talk: Handoff) -> None:
    with pytest.raises(NotAllowed):
        does(store, to_agent, talk.id, "a2", "a3")
    does(store, to_agent, talk.id, "a1", "a3")
    assert (stands(store, talk.id).offered_to, state(store, "a3")) == ("a3", "offered")
    does(store, refuse, talk.id, "a3")
    assert [o.agent for o in offers(store)] == ["a2"]


def test_not_to_an_agent_who_is_busy(store: Store, talk: Handoff) -> None:
    _taken(store, "c2", "a2")
    with pytest.raises(NotAllowed):
        does(store, to_agent, talk.id, "a1", "a2")
    assert (stands(store, talk.id).state, state(store, "a1")) == ("talking", "talking")


def test_a_second_agent_joins_and_keeps_the_call_when_the_first_leaves(store: Store, talk: Handoff) -> None:
    with pytest.raises(NotAllowed):
        does(store, part, talk.id, "a1")
    with pytest.raises(NotAllowed):
        does(store, join, talk.id, "a3", "a2")
    does(store, join, talk.id, "a2", "a1")
    with pytest.raises(NotAllowed):
        does(store, join, talk.id, "a2", "a1")
    does(store, part, talk.id, "a1")
    assert (stands(store, talk.id).agent, state(store, "a1"), state(store, "a2")) == ("a2", "wrap_up", "talking")
    does(store, finish, talk.id, "a2", "booked")
    assert state(store, "a2") == "ready"


def test_the_second_agent_is_free_when_the_call_ends(store: Store, talk: Handoff) -> None:
    does(store, join, talk.id, "a2", "a1")
    does(store, hung_up, talk.id)
    assert (state(store, "a1"), state(store, "a2")) == ("wrap_up", "ready")


def test_the_second_agent_is_free_when_the_first_transfers_the_call(store: Store, talk: Handoff) -> None:
    does(store, join, talk.id, "a2", "a1")
    does(store, to_queue, talk.id, "a1", "complaints")
    assert (state(store, "a1"), state(store, "a2")) == ("wrap_up", "ready")


def test_the_second_agent_may_leave_alone(store: Store, talk: Handoff) -> None:
    does(store, join, talk.id, "a2", "a1")
    does(store, part, talk.id, "a2")
    assert (stands(store, talk.id).agent, state(store, "a1"), state(store, "a2")) == ("a1", "talking", "ready")


def _taken(store: Store, conversation: str, agent: str) -> int:
    row = calls(store, conversation, NOON)
    (offer,) = offers(store)
    assert offer.agent == agent
    does(store, accept, row.id, agent)
    return row.id
