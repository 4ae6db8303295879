from __future__ import annotations

import pytest

from booking.desk.answers import accept, join, part, to_agent, to_queue
from booking.desk.endings import finish, hung_up
from booking.desk.invitations import decline, invite
from booking.desk.line import of_call
from booking.desk.presence import leave, ready
from booking.desk.refusals import refuse
from booking.desk.tending import tend
from booking.desk.tickets import read_ticket, ticket_for
from booking.desk.whisper import whisper
from booking.errors import NotAllowed, NotFound
from models.queue import Handoff
from models.store import Store
from tests.booking.desk.people import NOON, RULES, SECOND, calls, comes, does, happened, offers, stands, state


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


def test_an_invited_agent_is_rung_and_joins_or_declines(store: Store, talk: Handoff) -> None:
    with pytest.raises(NotAllowed):
        does(store, invite, talk.id, "a2", "a3")
    does(store, invite, talk.id, "a1", "a2")
    with pytest.raises(NotAllowed):
        does(store, invite, talk.id, "a1", "a2")
    assert state(store, "a2") == "offered"
    does(store, decline, talk.id, "a2")
    with pytest.raises(NotAllowed):
        does(store, decline, talk.id, "a2")
    does(store, invite, talk.id, "a1", "a2")
    does(store, join, talk.id, "a2", "a1")
    assert state(store, "a2") == "talking"
    assert happened(store, talk.id)[-4:] == ["invited", "declined", "invited", "joined"]


def test_an_invitation_ends_unanswered_with_the_call_or_with_the_agent(store: Store, talk: Handoff) -> None:
    does(store, invite, talk.id, "a1", "a2")
    assert tend(store, NOON + 19 * SECOND, RULES).lapsed == 0
    assert tend(store, NOON + 20 * SECOND, RULES).lapsed == 1
    assert state(store, "a2") == "break"
    does(store, invite, talk.id, "a1", "a3")
    does(store, leave, "a3")
    assert (state(store, "a3"), stands(store, talk.id).state) == ("off", "talking")
    does(store, ready, "a2")
    does(store, invite, talk.id, "a1", "a2")
    does(store, hung_up, talk.id)
    assert (state(store, "a1"), state(store, "a2")) == ("wrap_up", "ready")


def test_a_ticket_tells_for_which_offer_a_telephone_rang(store: Store, talk: Handoff) -> None:
    row = calls(store, "c5")
    offers(store)
    with store.read() as session:
        first = ticket_for(session, row.id, "a2")
        found = read_ticket(session, first)
        assert (found.handoff.id, found.agent, found.invited, found.stands) == (row.id, "a2", False, True)
        assert of_call(session, "CA-c5").id == row.id  # type: ignore[union-attr]
    does(store, refuse, row.id, "a2")
    does(store, invite, talk.id, "a1", "a2")
    with store.read() as session:
        assert not read_ticket(session, first).stands
        asked = read_ticket(session, ticket_for(session, talk.id, "a2"))
        assert (asked.handoff.id, asked.invited, asked.stands) == (talk.id, True, True)
        for bad in ("", "0", "x", "1" * 30, str(int(first) - 1)):
            with pytest.raises(NotFound):
                read_ticket(session, bad)
        with pytest.raises(NotFound):
            ticket_for(session, row.id, "a9")


def _taken(store: Store, conversation: str, agent: str) -> int:
    row = calls(store, conversation, NOON)
    (offer,) = offers(store)
    assert offer.agent == agent
    does(store, accept, row.id, agent)
    return row.id
