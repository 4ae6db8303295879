"""A caller who waits: told where the line stands, and by keys to a promised call or back to the bot, on both stores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from booking import conversations
from booking.actors import Actor
from booking.desk import callback
from booking.desk.answers import accept, to_queue
from booking.desk.card import said
from booking.desk.changes import load, note
from booking.desk.dispatch import dispatch
from booking.desk.endings import finish, hung_up, return_to_bot
from booking.desk.line import Entry, dropped, enter
from booking.zone import local
from ivr.conversation import Conversation
from ivr.desk.waiting import Waiting
from ivr.helpline import PROMPTS
from models.queue import Handoff
from prompts import folder
from prompts.editions import Publication, publish
from tests.calls.conftest import _days, postgres_town, shared, town  # noqa: F401 - fixtures
from tests.ivr.desk.waiters import CALLER, NOW, RULES, Hall

OTHER = "+919812345678"
WISH = ("हिंदी", "जन्म प्रमाण पत्र बनवाना है")


@pytest.fixture(params=["town", "postgres_town"])
def hall(request: pytest.FixtureRequest) -> Hall:
    return Hall(*request.getfixturevalue(request.param)(NOW))


def texts(hall: Hall, *keys: str) -> str:
    """The Hindi of prompts without values."""
    return " ".join(part for key in keys for part in hall.helpline.prompts.template("hi", key))


def with_busy_agent(hall: Hall) -> None:
    """One agent who talks with somebody else."""
    hall.arrives("CA0", *WISH, caller="+919800000000")
    hall.agent(talking=True)


# -- rounds ------------------------------------------------------------------------------------------------------------


def test_while_an_agent_is_being_rung_there_is_only_music(hall: Hall) -> None:
    hall.agent()
    hall.arrives("CA1", *WISH)
    assert hall.round("CA1") == ""
    dispatch(hall.helpline.store, NOW, RULES)
    assert hall.round("CA1") == ""


def test_the_place_and_the_wait_are_told_with_the_keys_every_second_time(hall: Hall) -> None:
    with_busy_agent(hall)
    hall.arrives("CA1", *WISH)
    hall.arrives("CA2", *WISH, caller=OTHER)
    first, second, third = (hall.round("CA2") for _ in range(3))
    assert "दूसरा नंबर" in first
    assert "आठ मिनट" in first
    assert "एक दबाइए" in first
    assert "दबाइए" not in second
    assert "दूसरा नंबर" in second
    assert "एक दबाइए" in third
    assert "दो दबाइए" in third


def test_the_next_in_line_hears_so(hall: Hall) -> None:
    with_busy_agent(hall)
    hall.arrives("CA1", *WISH)
    assert texts(hall, "desk.next") in hall.round("CA1")


def test_the_keys_of_who_waits_stand_in_the_transcript(hall: Hall) -> None:
    with_busy_agent(hall)
    row = hall.arrives("CA1", *WISH)
    hall.round("CA1")
    hall.key("CA1", "7")
    hall.key("CA1", "1")
    with hall.helpline.store.read() as session:
        last = said(session, row.conversation_id)[-2:]
    assert [(turn.who, turn.kind, turn.text, turn.missed) for turn in last] == [
        ("caller", "keyed", "7", False),
        ("caller", "keyed", "1", False),
    ]


def test_whom_the_bot_had_no_room_for_may_go_to_it_only_when_it_has(hall: Hall) -> None:
    with_busy_agent(hall)
    row = hall.arrives("CA1", *WISH, reason="overload")
    full, free = (Waiting(hall.helpline, RULES, lambda room=room: room) for room in (False, True))  # type: ignore[misc]
    with hall.helpline.store.begin() as session:
        session.get_one(Handoff, row.id).asked = {"rounds": 2}  # the long wait was told of
    heard = hall.hears(full.round("CA1"))
    assert "एक दबाइए" in heard
    assert "दो दबाइए" not in heard
    step = full.keyed("CA1", "2")
    assert (step.way, hall.row(row.id).state) == ("wait", "waiting")
    assert texts(hall, "busy.sorry") in hall.hears(step)
    full.round("CA1")
    assert "दो दबाइए" in hall.hears(free.round("CA1"))
    assert free.keyed("CA1", "2").way == "bot"
    assert hall.row(row.id).returned_to == "help"


def test_a_long_wait_is_met_with_the_call_back_alone(hall: Hall) -> None:
    with_busy_agent(hall)
    hall.arrives("CA1", *WISH)
    heard = hall.round("CA1")  # four minutes
    assert heard.startswith(texts(hall, "desk.long"))
    assert heard.endswith(texts(hall, "desk.call_back", "desk.stay"))
    assert texts(hall, "desk.long") not in hall.round("CA1")


def test_nobody_on_shift_is_no_promise_of_minutes(hall: Hall) -> None:
    hall.arrives("CA1", *WISH)
    heard = hall.round("CA1")
    assert texts(hall, "desk.unknown") in heard
    assert texts(hall, "desk.call_back") in heard


def test_who_speaks_english_waits_in_english(hall: Hall) -> None:
    hall.arrives("CA1", "English")
    assert "press one" in hall.round("CA1")


# -- what has happened in between --------------------------------------------------------------------------------------


def test_who_calls_again_after_a_broken_line_hears_that_the_place_is_kept(hall: Hall) -> None:
    with_busy_agent(hall)
    row = hall.arrives("CA1", *WISH)
    hall.round("CA1")
    hall.key("CA1", "1")
    hall.does(dropped, row.id)
    hall.does(enter, RULES, Entry(row.conversation_id, "CA9", CALLER, "hi"))
    heard = hall.round("CA9")
    assert heard.startswith(texts(hall, "desk.kept"))
    assert texts(hall, "desk.next") in heard
    assert texts(hall, "desk.kept") not in hall.round("CA9")


def test_a_transfer_and_a_lost_agent_are_told_once_and_then_the_place(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.agent(talking=True)
    hall.does(to_queue, row.id, "a1", "complaints", "name is wrong")
    assert hall.round("CA1") == texts(hall, "desk.passed_on")
    assert texts(hall, "desk.next") in hall.round("CA1")
    with hall.helpline.store.begin() as session:
        note(session, NOW, load(session, row.id), Actor("agent", "a1"), "lost")
    assert hall.round("CA1") == texts(hall, "desk.lost")
    assert texts(hall, "desk.lost") not in hall.round("CA1")


def test_who_is_with_an_agent_hears_nothing_of_the_line(hall: Hall) -> None:
    hall.arrives("CA1", *WISH)
    hall.agent(talking=True)
    assert hall.round("CA1") == ""
    assert hall.key("CA1", "1") == ""


def test_a_talk_that_is_over_ends_with_a_goodbye(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.agent(talking=True)
    hall.does(hung_up, row.id)
    step = hall.waiting.left("CA1")
    assert (step.way, hall.hears(step)) == ("end", texts(hall, "bye.plain"))
    hall.does(finish, row.id, "a1", "answered")
    assert hall.waiting.round("CA1").way == "end"


def test_a_caller_given_back_by_an_agent_goes_on_where_the_agent_said(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.agent(talking=True)
    hall.does(return_to_bot, row.id, Actor("agent", "a1"), "pin")
    assert hall.waiting.left("CA1").way == "bot"
    assert (hall.talk(row).node, hall.talk(row).ended) == ("pin", None)


def test_a_call_that_nobody_knows_hears_an_apology(hall: Hall) -> None:
    step = hall.waiting.round("CA7")
    assert (step.way, hall.hears(step)) == ("end", texts(hall, "trouble.call_later"))


# -- a call back -------------------------------------------------------------------------------------------------------


def test_three_keys_promise_a_call_to_the_same_number(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    asked = hall.key("CA1", "1")
    assert "नौ आठ दो, छह चार शून्य, एक सात एक पाँच" in asked
    offered = hall.key("CA1", "1")
    assert "आज कब" in offered
    assert "साढ़े बारह बजे के लिए एक" in offered
    assert "डेढ़ बजे के लिए तीन" in offered
    step = hall.waiting.keyed("CA1", "2")
    assert step.way == "end"
    assert "आज, दोपहर एक बजे से दोपहर डेढ़ बजे के बीच" in hall.hears(step)
    (promise,) = hall.promises()
    assert (promise.number, f"{local(promise.due_at):%H:%M}") == (CALLER, "13:00")
    assert hall.row(row.id).state == "callback"
    assert hall.row(row.id).asked is None
    assert hall.waiting.round("CA1").way == "end"


def test_another_number_is_typed_read_back_and_called(hall: Hall) -> None:
    hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    step = hall.waiting.keyed("CA1", "2")
    assert step.keys == 10
    step = hall.waiting.keyed("CA1", "98123")
    assert (hall.hears(step), step.keys) == (texts(hall, "call_back.rest"), 5)
    assert "नौ आठ एक, दो तीन चार, पाँच छह सात आठ" in hall.key("CA1", "45678")
    hall.key("CA1", "1")
    assert hall.waiting.keyed("CA1", "1").way == "end"
    assert [one.number for one in hall.promises()] == [OTHER]


def test_a_withheld_number_has_to_be_typed(hall: Hall) -> None:
    hall.arrives("CA1", *WISH, caller=None)
    assert hall.key("CA1", "1") == texts(hall, "call_back.type")
    assert texts(hall, "call_back.wrong") in hall.key("CA1", "1111111111")


def test_a_key_that_means_nothing_is_said_so_and_the_question_stays(hall: Hall) -> None:
    hall.arrives("CA1", *WISH)
    asked = hall.key("CA1", "1")
    assert hall.key("CA1", "7") == f"{texts(hall, 'keys.sorry')} {asked}"


def test_a_question_that_is_not_answered_is_asked_once_more_and_then_dropped(hall: Hall) -> None:
    with_busy_agent(hall)
    hall.arrives("CA1", *WISH)
    asked = hall.key("CA1", "1")
    assert hall.round("CA1") == asked
    assert texts(hall, "desk.next") in hall.round("CA1")
    assert hall.key("CA1", "1") == asked


def test_zero_stays_in_the_line(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    assert hall.key("CA1", "0") == texts(hall, "desk.staying")
    assert hall.row(row.id).state == "waiting"


def test_a_time_that_has_just_filled_up_is_replaced_by_others(hall: Hall) -> None:
    hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    hall.key("CA1", "1")
    promise_to_others(hall, "12:30")
    heard = hall.key("CA1", "1")
    assert heard.startswith(texts(hall, "call_back.lost"))
    assert "दोपहर दो बजे के लिए तीन" in heard
    assert hall.waiting.keyed("CA1", "1").way == "end"


def test_times_on_two_days_are_told_with_their_day(hall: Hall) -> None:
    hall.clock.move(7 * 3600)
    hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    offered = hall.key("CA1", "1")
    assert "आज, शाम साढ़े सात बजे के लिए एक" in offered
    assert "कल, सुबह आठ बजे के लिए दो" in offered


def test_without_a_free_time_the_caller_stays_in_the_line(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback, "slots", lambda *_: [])
    hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    assert hall.key("CA1", "1") == texts(hall, "call_back.full")
    assert texts(hall, "desk.unknown") in hall.round("CA1")


def test_who_has_an_agent_in_the_moment_of_the_last_key_is_not_promised_anything(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.key("CA1", "1")
    hall.key("CA1", "1")
    hall.agent(talking=True)
    assert hall.key("CA1", "1") == ""
    assert hall.promises() == []
    assert hall.row(row.id).state == "talking"


def test_an_agent_who_is_ringing_is_free_again_when_the_caller_chooses_to_be_called(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    hall.agent()
    dispatch(hall.helpline.store, NOW, RULES)
    hall.key("CA1", "1")
    hall.key("CA1", "1")
    assert hall.waiting.keyed("CA1", "1").way == "end"
    with pytest.raises(Exception, match="accepting"):
        hall.does(accept, row.id, "a1")


# -- back to the bot ---------------------------------------------------------------------------------------------------


def test_two_goes_on_with_the_bot_at_the_question_where_it_was_left(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    assert hall.waiting.keyed("CA1", "2").way == "bot"
    assert hall.row(row.id).state == "returned"
    state = hall.talk(row)
    assert (state.ended, state.node, state.filled["service"]) == (None, "city", "birth_certificate")
    said = Conversation(hall.helpline, row.conversation_id).begin()
    words = " ".join(s.text for action in said for s in getattr(action, "sentences", ()))
    assert words == f"{texts(hall, 'resume.back')} {texts(hall, 'city.ask')}"


def test_what_a_rule_has_sent_to_an_agent_goes_on_with_the_question_what_else(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH, reason="rule")
    hall.waiting.keyed("CA1", "2")
    assert hall.talk(row).node == "help"


def test_a_process_that_died_between_the_two_steps_is_made_up_for(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    row = hall.arrives("CA1", *WISH)
    with monkeypatch.context() as dying:
        dying.setattr(Waiting, "_over", lambda *_: dies())
        with pytest.raises(SystemError):
            hall.waiting.keyed("CA1", "2")
    assert hall.talk(row).ended == "handoff"
    assert hall.waiting.round("CA1").way == "bot"
    assert hall.talk(row).node == "city"


def test_nothing_of_the_keys_is_left_when_the_caller_goes(hall: Hall) -> None:
    row = hall.arrives("CA1", *WISH)
    for keys in ("1", "2", "98123"):
        hall.key("CA1", keys)
    assert "98123" in str(hall.row(row.id).asked)
    version = hall.row(row.id).version
    hall.round("CA1")
    assert hall.row(row.id).version == version
    hall.agent(talking=True)
    hall.does(hung_up, row.id)
    assert hall.row(row.id).asked is None


def promise_to_others(hall: Hall, clock: str) -> None:
    """Fill up a slot of today."""
    at = datetime.fromisoformat(f"{NOW:%Y-%m-%d}T{clock}+05:30")
    for n in range(RULES.callbacks):
        row = hall.arrives(f"CB{n}", *WISH, caller=f"+9198000000{n:02}")
        number: tuple[Any, Any] = (row.caller, at)
        hall.does(callback.call_back, RULES, hall.helpline.operations.hours, row.id, number)


def dies() -> None:
    raise SystemError("killed")


def test_who_waits_hears_the_words_with_which_the_call_began(hall: Hall) -> None:
    with_busy_agent(hall)
    old, new = hall.arrives("CA1", *WISH), hall.arrives("CA2", *WISH, caller=OTHER)
    files = folder.texts(PROMPTS)
    words = files["hi/desk.yaml"].replace("लाइन में आपका", "कतार में आपका")
    files["hi/desk.yaml"] = words.replace("अगली बारी", "कतार में अगली बारी")
    with hall.helpline.store.begin() as session:
        made = publish(session, hall.clock.now(), Publication("asha", "another word"), files)
        conversations.load(session, new.conversation_id).edition = made.id
    assert "कतार में" not in hall.round(old.call_sid or "")
    assert "कतार में" in hall.round(new.call_sid or "")
