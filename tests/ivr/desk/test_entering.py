"""From a conversation to a place in the line, and who rings an agent: on both stores, without a telephone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from booking import calls, conversations
from booking.desk.line import dropped
from booking.desk.presence import Post, come, pause
from booking.errors import NotFound
from dialogs.state import State
from ivr.desk.entering import QUEUES, entered, entry_of, returned
from ivr.desk.facts import Seated, seated
from ivr.desk.legs import claimed, leg_is, legs_of, unrung
from models.calls import Call
from models.queue import Handoff
from models.store import Store
from tests.booking.desk.people import NOON, RULES, SECOND, comes, does, offers

NUMBER = "+919826401715"


def spoken(store: Store, call: str, ended: str | None = "handoff", caller: str | None = NUMBER, **filled: Any) -> str:
    """A call with a conversation that has come to its end; the conversation."""
    with store.begin() as session:
        row = calls.opened(session, NOON, calls.Opening(call, caller, "14545"))
        row.conversation_id = id = conversations.start(session, NOON, "phone", caller)
        state = State(conversation=id, language="en", ended=ended, filled=filled).to_json()
        conversations.save(session, id, state, expected_version=0, now=NOON)
        return id


def enters(store: Store, call: str) -> Handoff | None:
    found: Handoff | None = does(store, entered, RULES, call)
    return found


def test_a_conversation_that_was_handed_over_has_a_place_and_keeps_it(store: Store) -> None:
    comes(store, "asha")
    conversation = spoken(store, "CA1", service="birth_certificate", city="raipur")
    row = enters(store, "CA1")
    assert row is not None
    assert (row.conversation_id, row.caller, row.language, row.room) == (
        conversation,
        NUMBER,
        "en",
        f"handoff-{row.id}",
    )
    assert row.summary["filled"] == {"service": "birth_certificate", "city": "raipur"}
    again = enters(store, "CA1")
    assert again is not None
    assert again.id == row.id


@pytest.mark.parametrize("ended", [None, "ended"])
def test_a_conversation_that_goes_on_or_is_over_has_no_place(store: Store, ended: str | None) -> None:
    comes(store, "asha")
    spoken(store, "CA1", ended)
    assert enters(store, "CA1") is None
    assert enters(store, "CA of nobody") is None


def test_nobody_waits_where_nobody_works_but_a_break_is_waited_for(store: Store) -> None:
    spoken(store, "CA1")
    assert enters(store, "CA1") is None
    does(store, come, "asha", Post())
    assert enters(store, "CA1") is None
    does(store, pause, "asha", "tea")
    late = NOON + timedelta(seconds=RULES.gone_s + 1)
    assert does(store, entered, RULES, "CA1", now=late) is None
    assert enters(store, "CA1") is not None


@pytest.mark.parametrize(
    ("filled", "reason", "queue"),
    [
        ({}, "asked", "general"),
        ({"reason": "asked"}, "asked", "general"),
        ({"reason": "ladder"}, "ladder", "general"),
        ({"reason": "too_long"}, "ladder", "general"),
        ({"reason": "trouble"}, "rule", "general"),
        ({"task": "complaint", "complaint": "late"}, "asked", "complaints"),
        ({"task": "complaint", "complaint": "bribe"}, "confidential", "confidential"),
        ({"task": "appeal", "reason": "too_late"}, "rule", "complaints"),
        ({"task": "track"}, "asked", "general"),
    ],
)
def test_the_queue_is_told_why_and_about_what(filled: dict[str, Any], reason: str, queue: str) -> None:
    entry = entry_of(Call(sid="CA1", conversation_id="c", from_number=None), State(filled=filled))
    assert (entry.reason, entry.queue) == (reason, queue)
    assert entry.queue in QUEUES


def test_a_new_call_takes_the_kept_place_with_what_was_said_before(store: Store) -> None:
    comes(store, "asha")
    spoken(store, "CA1", city="durg")
    row = enters(store, "CA1")
    assert row is not None
    assert does(store, returned, RULES, "CA1").id == row.id, "the same call asks twice"
    new = spoken(store, "CA2", None)
    assert does(store, returned, RULES, "CA2") is None, "the line is not broken"
    does(store, dropped, row.id)
    back = does(store, returned, RULES, "CA2")
    assert (back.id, back.call_sid, back.conversation_id, back.dropped_at) == (row.id, "CA2", new, None)
    with store.read() as session:
        state = State.from_json(conversations.load(session, new).state)
    assert (state.conversation, state.ended, dict(state.filled)) == (new, "handoff", {"city": "durg"})


def test_a_withheld_number_has_no_place_to_come_back_to(store: Store) -> None:
    comes(store, "asha")
    spoken(store, "CA1", caller=None)
    row = enters(store, "CA1")
    assert row is not None
    does(store, dropped, row.id)
    spoken(store, "CA2", None, None)
    assert does(store, returned, RULES, "CA2") is None


def test_of_several_processes_one_rings_and_another_when_that_one_died(store: Store) -> None:
    comes(store, "asha")
    spoken(store, "CA1")
    row = enters(store, "CA1")
    assert row is not None
    offers(store)
    long_ago = NOON - 6 * SECOND
    with store.read() as session:
        assert unrung(session, long_ago) == [("asha", row.id)]
    assert does(store, claimed, "asha", long_ago)
    assert not does(store, claimed, "asha", long_ago)
    with store.read() as session:
        assert unrung(session, long_ago) == []
        assert unrung(session, NOON) == [("asha", row.id)]
    later = NOON + 6 * SECOND
    assert does(store, claimed, "asha", NOON, now=later)
    with store.begin() as session:
        assert leg_is(session, "asha", row.id, "CA-leg")
        assert not leg_is(session, "asha", row.id + 1, "CA-other")
        assert legs_of(session, row.id) == {"asha": "CA-leg"}
        assert unrung(session, later) == []
        assert seated(session, row.id) == (Seated("caller", "waits"), Seated("asha", "rings"))
        with pytest.raises(NotFound):
            seated(session, 999)
    does(store, dropped, row.id)
    with store.begin() as session:
        assert legs_of(session, row.id) == {}
        assert not leg_is(session, "asha", row.id, "CA-leg")
