"""What became of the questions of conversations, on both stores."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking import conversations
from booking.conversations import Line
from booking.questions import Counted, Move, Span, been_at, count
from booking.zone import ZONE
from models.store import Store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
DAY = Span(NOW - timedelta(hours=10), NOW + timedelta(hours=14))
ENDS = ("bye", "bridge")


def bot(node: str) -> Line:
    return Line("bot", "say", "…", node)


def heard(node: str, understood: bool = True, kind: str = "heard") -> Line:
    return Line("caller", kind, "…", node, {} if understood else None)


def talked(store: Store, *lines: Line, at: datetime = NOW, outcome: str = "goodbye") -> str:
    with store.begin() as session:
        id = conversations.start(session, at, "phone", None)
        conversations.add_turns(session, at, id, lines)
        conversations.finish(session, at, id, outcome)
    return id


def counted(store: Store, span: Span = DAY, most: int = 100) -> Counted:
    with store.read() as session:
        return count(session, span, ENDS, most)


def move(found: Counted, node: str, after: str | None) -> Move:
    (one,) = [m for m in found.moves if (m.node, m.next) == (node, after)]
    return one


def test_a_question_with_its_reprompts_is_one_visit(store: Store) -> None:
    talked(store, bot("help"), heard("help", False), bot("help"), heard("help", False, "silent"), bot("help"),
           heard("help"), bot("city"), heard("city"), bot("bye"))  # fmt: skip
    found = counted(store)
    assert move(found, "help", "city") == Move("help", "city", 1, 1, 0, 1, 0)
    assert move(found, "city", "bye") == Move("city", "bye", 1, 1, 1, 0, 0)
    assert move(found, "bye", None) == Move("bye", None, 1, 0, 0, 0, 0)


def test_a_question_come_back_to_is_visited_again(store: Store) -> None:
    talked(store, heard("city"), heard("confirm"), heard("city", False), heard("city"), heard("confirm"))
    found = counted(store)
    assert move(found, "city", "confirm") == Move("city", "confirm", 2, 2, 1, 1, 0)
    assert [move(found, "confirm", after).visits for after in ("city", None)] == [1, 1]


def test_who_hangs_up_has_left_at_the_last_question(store: Store) -> None:
    talked(store, heard("help"), bot("city"), heard("city", kind="hung_up"), outcome="cut_off")
    assert move(counted(store), "city", None) == Move("city", None, 1, 0, 0, 0, 1)


def test_a_call_that_broke_and_went_on_has_left_nowhere(store: Store) -> None:
    talked(store, heard("city", kind="hung_up"), bot("city"), heard("city"), bot("day"), heard("day"))
    assert sum(m.left for m in counted(store).moves) == 0


def test_what_was_not_at_a_node_or_only_said_counts_for_none(store: Store) -> None:
    talked(store, Line("bot", "say", "busy"), bot("help"))
    assert counted(store) == Counted([], 1, 1)


def test_conversations_belong_to_the_period_in_which_they_began(store: Store) -> None:
    talked(store, heard("help"), at=DAY.since)
    talked(store, heard("help"), at=DAY.since - timedelta(seconds=1))
    talked(store, heard("help"), at=DAY.until)
    assert (counted(store).of, move(counted(store), "help", None).visits) == (1, 1)


def test_of_too_many_conversations_the_latest_are_counted(store: Store) -> None:
    for minute in range(5):
        talked(store, heard("late" if minute > 2 else "early"), at=NOW + timedelta(minutes=minute))
    found = counted(store, most=2)
    assert (found.conversations, found.of) == (2, 5)
    assert [(m.node, m.visits) for m in found.moves] == [("late", 2)]


def test_an_empty_period_has_no_numbers(store: Store) -> None:
    assert counted(store) == Counted([], 0, 0)


def test_the_latest_conversations_at_a_node_come_first(store: Store) -> None:
    ids = [talked(store, heard("city"), at=NOW + timedelta(minutes=m)) for m in range(4)]
    talked(store, heard("help"))
    with store.read() as session:
        found = been_at(session, "city", DAY, 3)
    assert [one.id for one in found] == ids[:0:-1]
    assert {(one.channel, one.outcome) for one in found} == {("phone", "goodbye")}
