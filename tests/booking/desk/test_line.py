from __future__ import annotations

import pytest

from booking.actors import CALLER, Actor
from booking.desk.answers import accept
from booking.desk.endings import abandon, finish, hung_up, lapse_dropped, return_to_bot
from booking.desk.line import dropped
from booking.desk.presence import Post, come, gone, leave, pause, ready, seen
from booking.desk.refusals import lapse, no_answer, refuse
from booking.desk.tending import tend
from booking.desk.waits import place
from booking.errors import BadValue, NotAllowed, NotFound
from models.store import Store
from tests.booking.desk.people import MINUTE, NOON, RULES, SECOND, calls, comes, does, happened, offers, stands, state


def test_the_first_caller_goes_to_the_agent_who_has_been_ready_the_longest(store: Store) -> None:
    comes(store, "a2", NOON - SECOND)
    comes(store, "a1", NOON)
    first, second, third = calls(store, "c1"), calls(store, "c2"), calls(store, "c3")
    assert [(o.handoff, o.agent) for o in offers(store)] == [(first.id, "a2"), (second.id, "a1")]
    assert stands(store, third.id).state == "waiting"
    assert offers(store) == []


def test_an_offer_is_never_older_than_its_caller_or_than_the_agent_is_free(store: Store) -> None:
    comes(store, "a1")
    early = calls(store, "c1", now=NOON + 2 * SECOND)
    offers(store, now=NOON + SECOND)  # by a look at the line that had begun before
    assert stands(store, early.id).offered_at == NOON + 2 * SECOND
    comes(store, "a2", now=NOON + 9 * SECOND)
    late = calls(store, "c2", now=NOON + 3 * SECOND)
    offers(store, now=NOON + 4 * SECOND)
    assert stands(store, late.id).offered_at == NOON + 9 * SECOND


def test_a_caller_with_priority_goes_first(store: Store) -> None:
    calls(store, "c1")
    urgent = calls(store, "c2", priority=5)
    comes(store, "a1")
    assert [o.handoff for o in offers(store)] == [urgent.id]


def test_language_and_queue_are_served_by_who_has_them(store: Store) -> None:
    comes(store, "a1", NOON - MINUTE)
    comes(store, "a2", languages=["hi", "en"], queues=["complaints"])
    english = calls(store, "c1", language="en", queue="complaints")
    assert [(o.handoff, o.agent) for o in offers(store)] == [(english.id, "a2")]
    next_one = calls(store, "c2", language="en", queue="complaints")
    assert offers(store) == []  # a2 comes back: nobody else speaks English
    assert stands(store, next_one.id).state == "waiting"


def test_a_language_that_nobody_on_shift_speaks_does_not_wait_for_ever(store: Store) -> None:
    comes(store, "a1")
    english = calls(store, "c1", language="en", queue="appeals")
    assert [o.handoff for o in offers(store)] == [english.id]


def test_a_whole_call_from_the_line_to_the_note(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1", summary={"service": "birth_certificate", "said": "1234 5678 9012"})
    offers(store)
    does(store, accept, row.id, "a1", now=NOON + 5 * SECOND)
    assert does(store, accept, row.id, "a1", now=NOON + 6 * SECOND).accepted_at == NOON + 5 * SECOND
    assert state(store, "a1") == "talking"
    does(store, hung_up, row.id, now=NOON + 60 * SECOND)
    assert state(store, "a1") == "wrap_up"
    done = does(store, finish, row.id, "a1", "booked", "all is well", now=NOON + 90 * SECOND)
    assert (done.state, done.disposition, done.note) == ("done", "booked", "all is well")
    assert (done.ended_at, done.wrapped_at) == (NOON + 60 * SECOND, NOON + 90 * SECOND)
    assert "1234" not in str(done.summary)
    assert state(store, "a1") == "ready"
    assert happened(store, row.id) == ["entered", "offered", "accepted", "done", "finished"]


def test_finishing_while_the_caller_is_still_there_ends_the_call(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, accept, row.id, "a1")
    assert does(store, finish, row.id, "a1", "answered").state == "done"
    assert state(store, "a1") == "ready"


def test_nobody_finishes_the_call_of_another_or_with_a_word_that_is_none(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    with pytest.raises(NotAllowed):
        does(store, finish, row.id, "a1", "booked")
    offers(store)
    with pytest.raises(NotAllowed):
        does(store, accept, row.id, "a2")
    does(store, accept, row.id, "a1")
    with pytest.raises(NotAllowed):
        does(store, finish, row.id, "a2", "booked")
    with pytest.raises(BadValue):
        does(store, finish, row.id, "a1", "nonsense")
    with pytest.raises(NotFound):
        does(store, accept, 99, "a1")


def test_a_refused_caller_goes_to_the_next_and_keeps_the_place(store: Store) -> None:
    comes(store, "a1", NOON - SECOND)
    comes(store, "a2")
    row, behind = calls(store, "c1"), calls(store, "c2", NOON + SECOND)
    offers(store, NOON + SECOND)
    does(store, refuse, row.id, "a1", now=NOON + 2 * SECOND)
    assert state(store, "a1") == "ready"
    does(store, no_answer, behind.id, "a2", now=NOON + 3 * SECOND)
    assert state(store, "a2") == "break"
    # a1 has refused c1, and a2 is not there: c2, who is behind, goes to a1 meanwhile.
    assert [(o.handoff, o.agent) for o in offers(store, NOON + 4 * SECOND)] == [(behind.id, "a1")]
    does(store, ready, "a2", now=NOON + 5 * SECOND)
    assert [(o.handoff, o.agent) for o in offers(store, NOON + 5 * SECOND)] == [(row.id, "a2")]
    assert stands(store, row.id).waiting_since == NOON


def test_who_refused_gets_the_caller_again_only_after_a_pause_and_when_nobody_else_is_ready(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, refuse, row.id, "a1", now=NOON + SECOND)
    assert offers(store, NOON + 2 * SECOND) == []
    assert [o.agent for o in offers(store, NOON + 11 * SECOND)] == ["a1"]
    does(store, refuse, row.id, "a1", now=NOON + 12 * SECOND)
    comes(store, "a2", NOON + 13 * SECOND)
    assert [o.agent for o in offers(store, NOON + 13 * SECOND)] == ["a2"]


def test_an_offer_that_nobody_answers_is_taken_back(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    assert lapse(store, NOON + 19 * SECOND, RULES) == 0
    assert lapse(store, NOON + 20 * SECOND, RULES) == 1
    assert (stands(store, row.id).state, state(store, "a1")) == ("waiting", "break")
    with pytest.raises(NotAllowed):
        does(store, accept, row.id, "a1", now=NOON + 21 * SECOND)


def test_an_agent_whose_page_is_silent_is_off_and_the_offer_goes_on(store: Store) -> None:
    comes(store, "a1", NOON - MINUTE)
    does(store, seen, "a1", now=NOON - 25 * SECOND)
    row = calls(store, "c1")
    assert [o.agent for o in offers(store)] == ["a1"]
    comes(store, "a2", NOON + 5 * SECOND)
    assert gone(store, NOON + 5 * SECOND, RULES) == 1
    assert [o.agent for o in offers(store, NOON + 5 * SECOND)] == ["a2"]
    assert (state(store, "a1"), stands(store, row.id).refusals) == ("off", ["a1"])
    assert gone(store, NOON + 6 * SECOND, RULES) == 0


def test_an_agent_who_talks_is_not_gone_while_the_page_is_loaded_again(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, accept, row.id, "a1")
    assert gone(store, NOON + 5 * MINUTE, RULES) == 0
    assert state(store, "a1") == "talking"


def test_a_broken_line_keeps_the_place_for_the_same_number(store: Store) -> None:
    first = calls(store, "c1")
    second = calls(store, "c2", NOON + SECOND)
    does(store, dropped, first.id, now=NOON + 2 * SECOND)
    comes(store, "a1", NOON + 3 * SECOND)
    assert [o.handoff for o in offers(store, NOON + 3 * SECOND)] == [second.id]
    again = calls(store, "c9", NOON + 2 * MINUTE, caller=first.caller)
    assert (again.id, again.conversation_id, again.waiting_since) == (first.id, "c9", NOON)
    comes(store, "a2", NOON + 2 * MINUTE)
    assert [(o.handoff, o.call_sid) for o in offers(store, NOON + 2 * MINUTE)] == [(first.id, "CA-c9")]
    assert happened(store, first.id) == ["entered", "dropped", "came_back", "offered"]


def test_a_line_that_breaks_while_the_agent_rings_frees_the_agent_for_the_next(store: Store) -> None:
    comes(store, "a1")
    first, second = calls(store, "c1"), calls(store, "c2")
    offers(store)
    does(store, dropped, first.id)
    assert [(o.handoff, o.agent) for o in offers(store)] == [(second.id, "a1")]


def test_who_does_not_come_back_in_time_has_given_up_at_the_moment_of_the_drop(store: Store) -> None:
    row = calls(store, "c1")
    does(store, dropped, row.id, now=NOON + MINUTE)
    assert lapse_dropped(store, NOON + 4 * MINUTE - SECOND, RULES) == 0
    assert lapse_dropped(store, NOON + 4 * MINUTE, RULES) == 1
    gone_one = stands(store, row.id)
    assert (gone_one.state, gone_one.ended_at) == ("abandoned", NOON + MINUTE)
    assert calls(store, "c9", NOON + 4 * MINUTE, caller=row.caller).id != row.id


def test_withheld_numbers_are_not_taken_for_one_another(store: Store) -> None:
    row = calls(store, "c1", caller=None)
    does(store, dropped, row.id)
    assert calls(store, "c2", caller=None).id != row.id


def test_asking_twice_in_a_conversation_gives_one_place(store: Store) -> None:
    assert calls(store, "c1").id == calls(store, "c1", NOON + MINUTE).id


def test_who_is_cut_off_while_talking_is_the_first_in_line_when_calling_again(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1", queue="complaints")
    offers(store)
    does(store, accept, row.id, "a1")
    does(store, hung_up, row.id, now=NOON + MINUTE)
    calls(store, "c2", NOON + MINUTE)
    again = calls(store, "c3", NOON + 2 * MINUTE, caller=row.caller)
    assert (again.priority, again.queue) == (10, "complaints")
    does(store, finish, row.id, "a1", "other", now=NOON + 2 * MINUTE)
    assert [o.handoff for o in offers(store, NOON + 2 * MINUTE)] == [again.id]
    does(store, accept, again.id, "a1", now=NOON + 2 * MINUTE)
    does(store, finish, again.id, "a1", "answered", now=NOON + 3 * MINUTE)
    assert calls(store, "c4", NOON + 4 * MINUTE, caller=row.caller).priority == 0


def test_back_to_the_bot_by_the_agent_and_by_the_caller(store: Store) -> None:
    comes(store, "a1")
    row, waits = calls(store, "c1"), calls(store, "c2")
    offers(store)
    does(store, accept, row.id, "a1")
    with pytest.raises(NotAllowed):
        does(store, return_to_bot, row.id, Actor("agent", "a2"), "city")
    back = does(store, return_to_bot, row.id, Actor("agent", "a1"), "city")
    assert (back.state, back.returned_to, state(store, "a1")) == ("returned", "city", "wrap_up")
    assert does(store, return_to_bot, waits.id, CALLER).state == "returned"
    with pytest.raises(NotAllowed):
        does(store, return_to_bot, waits.id, CALLER)
    assert calls(store, "c1", NOON + MINUTE).id != row.id  # and again to an agent in the same conversation


def test_an_agent_who_leaves_gives_the_offer_to_the_next_but_does_not_leave_a_caller_alone(store: Store) -> None:
    comes(store, "a1", NOON - SECOND)
    comes(store, "a2")
    row = calls(store, "c1")
    offers(store)
    does(store, leave, "a1")
    assert (state(store, "a1"), [o.agent for o in offers(store)]) == ("off", ["a2"])
    does(store, accept, row.id, "a2")
    with pytest.raises(NotAllowed):
        does(store, leave, "a2")


def test_a_break_asked_for_during_a_call_begins_after_it(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, pause, "a1", "tea")
    does(store, accept, row.id, "a1")
    assert state(store, "a1") == "talking"
    does(store, finish, row.id, "a1", "answered")
    assert state(store, "a1") == "break"
    with pytest.raises(BadValue):
        does(store, pause, "a1", "sleep")
    with pytest.raises(BadValue):
        does(store, come, "a1", Post(phone="abc"))
    with pytest.raises(BadValue):
        does(store, come, "a1", Post(languages=[]))
    with pytest.raises(NotFound):
        does(store, ready, "a7")


def test_the_place_and_the_wait_follow_from_recent_calls(store: Store) -> None:
    first, second = calls(store, "c1"), calls(store, "c2")
    with store.read() as session:
        assert place(session, NOON, RULES, second) == place(session, NOON, RULES, second)
        assert (place(session, NOON, RULES, second).place, place(session, NOON, RULES, second).wait_s) == (2, None)
    comes(store, "a1")
    comes(store, "a2")
    with store.read() as session:
        assert place(session, NOON, RULES, second).wait_s == 0
    offers(store)
    for row, agent, minutes in ((first, "a1", 2), (second, "a2", 4)):
        does(store, accept, row.id, agent)
        does(store, finish, row.id, agent, "answered", now=NOON + minutes * MINUTE)
    now = NOON + 4 * MINUTE
    for name in ("c3", "c4"):
        calls(store, name, now)
    for offer in offers(store, NOON + 20 * SECOND):
        does(store, accept, offer.handoff, offer.agent, now=now)
    for agent in ("a1", "a2"):
        does(store, seen, agent, now=now)
    waits = [calls(store, f"c{n}", now) for n in (5, 6, 7)]
    with store.read() as session:
        assert [place(session, now, RULES, w).wait_s for w in waits] == [90, 180, 270]
        assert [place(session, now, RULES, w).place for w in waits] == [1, 2, 3]


def test_tending_does_all_of_it_once(store: Store) -> None:
    comes(store, "a1")
    row, other = calls(store, "c1"), calls(store, "c2")
    does(store, dropped, other.id)
    offers(store)
    comes(store, "a2", NOON + 5 * MINUTE)
    report = tend(store, NOON + 5 * MINUTE, RULES)
    assert (report.lapsed, report.gone, report.abandoned) == (1, 1, 1)
    assert [(o.handoff, o.agent) for o in report.offers] == [(row.id, "a2")]
    again = tend(store, NOON + 5 * MINUTE, RULES)
    assert (again.lapsed, again.gone, again.abandoned, again.offers) == (0, 0, 0, ())


def test_giving_up_in_so_many_words_is_no_longer_possible_while_talking(store: Store) -> None:
    comes(store, "a1")
    row = calls(store, "c1")
    offers(store)
    does(store, accept, row.id, "a1")
    with pytest.raises(NotAllowed):
        does(store, abandon, RULES, row.id)
