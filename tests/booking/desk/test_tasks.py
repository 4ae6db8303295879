from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.actors import CALLER
from booking.callbacks import Wanted, promise
from booking.conversations import Line, add_turns, finish, save, start
from booking.desk.answers import accept
from booking.desk.callback import call_back, slots
from booking.desk.endings import abandon, return_to_bot
from booking.desk.rules import DeskRules
from booking.desk.task_sources import gather
from booking.desk.tasks import Typed, assign, done, give, later, take, type_in, work_list
from booking.errors import BadValue, Conflict, NotAllowed, NotFound, SlotTaken
from booking.hours import AgentHours
from booking.notes import keep
from models.bookings import Booking
from models.callbacks import Callback
from models.store import Store
from models.tasks import Task
from tests.booking.desk.people import MINUTE, NOON, RULES, SECOND, calls, comes, does, offers, stands
from tests.booking.life import AGENT, cancels
from tests.booking.town import at, books, holds, holds_and_books, order

HOURS = AgentHours(8, 20)


def listed(store: Store, **which: object) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(t.kind, t.subject.split(":")[0]) for t in work_list(session, **which)]  # type: ignore[arg-type]


def gathered(store: Store, now: object = NOON) -> tuple[int, int]:
    report = gather(store, now, RULES)
    return report.made, report.closed


def test_slots_lie_in_the_agents_hours_and_fill_up(store: Store) -> None:
    few = DeskRules(callbacks=1)
    with store.read() as session:
        assert slots(session, at(23, 18, 50), few, HOURS) == [at(23, 19), at(23, 19, 30), at(24, 8)]
        assert slots(session, at(23, 22), few, HOURS, most=1) == [at(24, 8)]
    row = calls(store, "c1")
    due = does(store, call_back, few, HOURS, row.id, ("98123 45615", at(23, 12, 30)))
    assert due == at(23, 12, 30)
    assert stands(store, row.id).state == "callback"
    with store.read() as session:
        made = session.scalars(select(Callback)).one()
        assert (made.number, made.reason) == ("+919812345615", "asked")
        assert slots(session, NOON, few, HOURS, most=1) == [at(23, 13)]
    late = calls(store, "c2")
    with pytest.raises(SlotTaken):
        does(store, call_back, few, HOURS, late.id, ("9812345615", at(23, 12, 30)))
    with pytest.raises(BadValue):
        does(store, call_back, few, HOURS, late.id, ("nobody", at(23, 13)))
    assert stands(store, late.id).state == "waiting"
    assert listed(store) == [("callback", "callback")]


def test_a_promise_asked_for_twice_is_one_and_a_chosen_time_replaces_it(store: Store) -> None:
    wanted = Wanted("+919812345615", "asked", "hi", "c1")
    assert does(store, promise, HOURS, wanted, now=at(23, 21)) == at(24, 8)
    assert does(store, promise, HOURS, wanted, now=at(23, 22)) == at(24, 8)
    assert does(store, promise, HOURS, wanted, at(24, 9), now=at(23, 22)) == at(24, 9)
    with store.read() as session:
        assert session.scalar(select(func.count(Callback.id))) == 1


def test_who_gave_up_is_on_the_list_and_who_went_back_to_the_bot_is_not(store: Store) -> None:
    lost, back, hidden = calls(store, "c1"), calls(store, "c2"), calls(store, "c3", caller=None)
    does(store, abandon, RULES, lost.id)
    does(store, return_to_bot, back.id, CALLER)
    does(store, abandon, RULES, hidden.id)
    with store.read() as session:
        (task,) = work_list(session)
        assert (task.kind, task.number, task.due_at) == ("missed_call", lost.caller, NOON + 60 * MINUTE)


def test_one_agent_has_a_task_and_does_it_with_the_promise(store: Store) -> None:
    does(store, promise, HOURS, Wanted("+919812345615", "asked", "hi", "c1"))
    assert gathered(store) == (1, 0)
    assert gathered(store) == (0, 0)
    with store.read() as session:
        id = work_list(session)[0].id
    with pytest.raises(NotAllowed):
        does(store, done, id, "a1", "reached")
    does(store, take, id, "a1")
    assert does(store, take, id, "a1").owner == "a1"
    with pytest.raises(NotAllowed):
        does(store, take, id, "a2")
    assert listed(store, owner="a2") == []
    does(store, give, id, "a1", "a2")
    does(store, assign, id, "a3")
    with pytest.raises(BadValue):
        does(store, done, id, "a3", "nonsense")
    does(store, done, id, "a3", "reached", "all is well")
    with store.read() as session:
        task = session.get_one(Task, id)
        assert (task.done_by, task.outcome) == ("agent:a3", "reached")
        assert session.scalars(select(Callback.done_at)).one() == NOON
    with pytest.raises(NotAllowed):
        does(store, take, id, "a1")
    with pytest.raises(NotFound):
        does(store, take, 77, "a1")


def test_a_number_that_does_not_answer_is_tried_three_times(store: Store) -> None:
    row = calls(store, "c1")
    does(store, abandon, RULES, row.id)
    with store.read() as session:
        id = work_list(session)[0].id
    for _ in range(3):
        does(store, take, id, "a1")
        with pytest.raises(BadValue):
            does(store, later, id, "a1", NOON)
        task = does(store, later, id, "a1", NOON + 60 * MINUTE)
    assert (task.outcome, task.tries) == ("not_reached", 3)


def test_addresses_are_typed_in_from_the_recording_or_asked_for(town: Store) -> None:
    with town.begin() as session:
        note = keep(session, NOON, "c1", b"\xff" * 8000, 1.0)
        typed = keep(session, NOON, "c2", b"", 0.0, "Sunita Sahu, Pandri")
    holds(town, "c1")
    spoken = books(town, order("c1", note=note))
    holds(town, "c2")
    books(town, order("c2", note=typed))
    holds_and_books(town, "c3", at(23, 11))
    now = at(22, 9)
    assert gathered(town, now) == (2, 0)
    assert sorted(listed(town)) == [("address", "booking"), ("voice_note", "booking")]
    with town.read() as session:
        task = work_list(session, kinds=["voice_note"])[0].id
    does(town, take, task, "a1", now=now)
    does(town, type_in, task, "a1", Typed("Ravi", "12 Civil Lines", spoken.version), now=now)
    with town.read() as session:
        booking = session.get_one(Booking, spoken.id)
        assert (booking.name, booking.address, booking.version) == ("Ravi", "12 Civil Lines", spoken.version + 1)
        assert booking.events[-1].who == "agent:a1"
    assert gathered(town, now) == (0, 0)


def test_who_types_over_the_change_of_another_is_told(town: Store) -> None:
    booking = holds_and_books(town)
    now = at(22, 9)
    gathered(town, now)
    with town.read() as session:
        task = work_list(session)[0].id
    does(town, take, task, "a1", now=now)
    with pytest.raises(BadValue):
        does(town, type_in, task, "a1", Typed("Ravi", " ", booking.version), now=now)
    cancels(town, booking.number, AGENT)
    with pytest.raises(Conflict):
        does(town, type_in, task, "a1", Typed("Ravi", "12 Civil Lines", booking.version), now=now)
    assert gathered(town, now) == (0, 0)  # in hand: its owner sees it
    does(town, give, task, "a1", now=now)
    assert gathered(town, now) == (0, 1)


def test_a_booking_made_over_many_misunderstandings_is_to_be_confirmed(town: Store) -> None:
    holds_and_books(town)
    with town.begin() as session:
        start(session, NOON, "phone", "+919812345615", "c1")
        lines = [
            Line("caller", "heard", "x", "city"),
            Line("bot", "say", "?"),
            Line("caller", "heard", "x", "date", {}),
        ]
        add_turns(session, NOON, "c1", [*lines, *lines, *lines])
    assert ("low_confidence", "booking") not in listed(town)
    gathered(town, at(22, 9))
    assert ("low_confidence", "booking") not in listed(town)
    with town.begin() as session:
        add_turns(session, NOON, "c1", lines)
    gathered(town, at(22, 9))
    assert ("low_confidence", "booking") in listed(town)


def test_who_was_cut_off_is_called_unless_calling_again(store: Store) -> None:
    def cut(id: str, caller: str | None, said: dict[str, str]) -> None:
        with store.begin() as session:
            start(session, NOON, "phone", caller, id)
            save(session, id, {"filled": said}, expected_version=0, now=NOON)
            finish(session, NOON + MINUTE, id, "cut_off")

    cut("c1", "+919812345601", {"service": "birth_certificate"})
    cut("c2", "+919812345602", {})
    cut("c3", None, {"service": "birth_certificate"})
    cut("c4", "+919812345604", {"city": "durg"})
    does(store, start, "phone", "+919812345604", now=NOON + 2 * MINUTE)
    assert gathered(store, NOON + 10 * MINUTE) == (0, 0)
    assert gathered(store, NOON + 40 * MINUTE) == (1, 0)
    with store.begin() as session:
        assert session.scalars(select(Task.subject)).one() == "conversation:c1"
        start(session, NOON + 50 * MINUTE, "phone", "+919812345601", "c5")
        finish(session, NOON + 55 * MINUTE, "c5", "booked")
    assert gathered(store, NOON + 60 * MINUTE) == (0, 1)


def test_a_callback_is_not_promised_to_who_talks_already(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, accept, row.id, "a1", now=NOON + SECOND)
    with pytest.raises(NotAllowed):
        does(store, call_back, RULES, HOURS, row.id, ("9812345615", NOON + timedelta(hours=1)))
