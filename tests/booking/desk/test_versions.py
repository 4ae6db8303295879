"""The numbers that stand for the state of the desk: each change moves its own, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking import conversations
from booking.actors import CALLER
from booking.conversations import Line
from booking.desk import presence, tasks
from booking.desk.answers import accept
from booking.desk.changes import load, note
from booking.desk.endings import finish, hung_up
from booking.desk.task_sources import New, ensure
from booking.desk.versions import EVERY_TALK, talks, versions
from models.store import Store
from tests.booking.desk.people import NOON, calls, comes, does, offers


def numbers(store: Store) -> dict[str, int]:
    with store.read() as session:
        return versions(session)


def moved(store: Store, before: dict[str, int]) -> set[str]:
    now = numbers(store)
    return {topic for topic, number in now.items() if before[topic] != number}


def test_whatever_happens_to_a_caller_moves_the_queue(store: Store) -> None:
    comes(store, "ravi")
    for deed in ("enters", "is offered", "talks", "is held", "hangs up", "is finished"):
        before = numbers(store)
        if deed == "enters":
            row = calls(store, "c1")
        elif deed == "is offered":
            offers(store)
        elif deed == "talks":
            does(store, accept, row.id, "ravi")
        elif deed == "is held":
            with store.begin() as session:
                note(session, NOON, load(session, row.id), CALLER, "held")
        elif deed == "hangs up":
            does(store, hung_up, row.id)
        else:
            does(store, finish, row.id, "ravi", "booked")
        assert "queue" in moved(store, before), deed


@pytest.mark.parametrize("deed", ["pause", "later", "phone"])
def test_what_an_agent_does_moves_the_agents(store: Store, deed: str) -> None:
    comes(store, "ravi")
    calls(store, "c1")
    if deed == "later":
        offers(store)
    before = numbers(store)
    if deed == "phone":
        does(store, presence.come, "ravi", presence.Post(("hi",), "9826012345"))
    else:
        does(store, presence.pause, "ravi", "tea")
    assert moved(store, before) == {"agents"}


def test_a_sign_of_life_moves_nothing(store: Store) -> None:
    comes(store, "ravi")
    before = numbers(store)
    does(store, presence.seen, "ravi", now=NOON + timedelta(seconds=10))
    assert moved(store, before) == set()


def test_work_that_is_made_taken_and_done_moves_the_tasks(store: Store) -> None:
    for step in range(3):
        before = numbers(store)
        if step == 0:
            does(store, lambda s, now: ensure(s, now, New("callback", "callback:1", now, "+919812345678", "hi", None)))
        elif step == 1:
            does(store, tasks.take, 1, "ravi")
        else:
            does(store, tasks.done, 1, "ravi", "reached")
        assert moved(store, before) == {"tasks"}, step


def test_a_conversation_moves_with_its_turns_with_what_is_taken_back_and_with_its_end(store: Store) -> None:
    with store.begin() as session:
        for id in ("c1", "c2"):
            conversations.start(session, NOON, "phone", "+919812345678", id)

    def number() -> tuple[int, int, int]:
        with store.read() as session:
            found = talks(session, NOON, ["c1", "c2", "gone", EVERY_TALK])
        assert set(found) == {"c1", "c2", EVERY_TALK}
        return found["c1"], found["c2"], found[EVERY_TALK]

    first = number()
    with store.begin() as session:
        conversations.add_turns(session, NOON, "c1", [Line("bot", "say", "one two three")])
    second = number()
    with store.begin() as session:
        conversations.correct_turn(session, "c1", 1, "one two")
    third = number()
    with store.begin() as session:
        conversations.finish(session, NOON, "c1", "goodbye")
    fourth = number()
    assert len({first[0], second[0], third[0], fourth[0]}) == 4
    assert {first[1], second[1], third[1], fourth[1]} == {first[1]}
    assert first[2] != second[2]
    assert third[2] != fourth[2]
