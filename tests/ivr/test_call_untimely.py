"""A live call when things come at a bad time: hang-ups, failures, late and lost events, any sequence of them."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.understand.meaning import Hearing
from ivr.actions import End, RecordNote, Transfer
from ivr.call import LiveCall
from ivr.clock import Clock
from ivr.settings import Dialog, Settings
from tests.ivr.live import Call, FakeTalk, ask, live, say, settle, until


def test_a_conversation_that_fails_closes_the_line(caplog: pytest.LogCaptureFixture) -> None:
    @live
    async def run() -> None:
        call = Call(FakeTalk([say("City?"), ask()], RuntimeError("store")))
        await call.begin()
        await call.key("1")
        await until(lambda: "close" in call.line.deeds)
        await call.gone()
        assert call.talk.told[-1] == ("hung_up",)

    with caplog.at_level(logging.ERROR):
        run()
    assert "c-test" in caplog.text


@live
async def test_a_conversation_that_names_no_question_asks_the_same_again() -> None:
    call = Call(FakeTalk([say("City?"), ask()], []))
    await call.begin()
    await call.played()
    await call.key("1")
    await call.was_told("keyed", "1")
    await settle()
    await call.clock.go(6.1)
    await call.was_told("silent")
    await call.gone()


@live
async def test_a_conversation_that_asks_nothing_any_more_is_given_up() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [], [], [], []))
    await call.begin()
    for key in "1234":
        await call.key(key)
        await call.was_told("keyed", key)
        await settle()
    await until(lambda: "close" in call.line.deeds)
    await call.gone()


@live
async def test_a_conversation_that_has_nothing_to_say_at_the_start_is_given_up() -> None:
    call = Call(FakeTalk([]))
    await call.start()
    await until(lambda: call.line.deeds == ["close"])
    await call.gone()


@live
async def test_a_transfer_waits_until_everything_was_heard() -> None:
    call = Call(FakeTalk([say("One moment.", "I connect you."), Transfer("asked")]))
    await call.begin()
    await call.prompted(2)
    await call.speak(2)
    await call.key("1")
    await call.marked(call.line.marks[0])
    await settle()
    assert call.line.deeds == ["play", "play"]
    await call.marked(call.line.marks[1])
    await until(lambda: call.line.deeds[-1] == "close")
    await call.gone()


@live
async def test_media_before_the_start_and_after_the_end_is_ignored() -> None:
    call = Call(FakeTalk([say("Bye."), End()]))
    await call.speak(2)
    await call.marked("x")
    await call.begin()
    await call.played()
    await until(lambda: call.line.deeds[-1] == "close")
    await call.speak(2)
    await call.key("1")
    await call.typed("hello")
    assert call.ears.opened == []
    await call.gone()
    await call.speak(1)
    await call.key("1")
    await call.start()
    assert call.talk.told == [("begin",), ("hung_up",)]


@live
async def test_a_second_start_is_ignored() -> None:
    call = Call(FakeTalk([say("City?"), ask()]))
    await call.begin()
    await call.start()
    await call.gone()
    assert call.talk.told == [("begin",), ("hung_up",)]


@live
async def test_a_hang_up_is_told_once_and_after_what_was_under_way() -> None:
    talk = FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")])
    call = Call(talk)
    await call.begin()
    talk.hold = threading.Event()
    await call.key("1")
    await call.was_told("keyed", "1")
    leaving = [asyncio.create_task(call.gone()) for _ in range(3)]
    await settle()
    assert ("hung_up",) not in talk.told
    talk.hold.set()
    await asyncio.gather(*leaving)
    await call.gone()
    assert talk.told == [("begin",), ("keyed", "1"), ("hung_up",)]
    assert len(call.line.marks) == 1
    assert talk.together == 0


@live
async def test_a_hang_up_is_told_even_if_the_sockets_task_is_cancelled() -> None:
    talk = FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")])
    call = Call(talk)
    await call.begin()
    talk.hold = threading.Event()
    await call.key("1")
    await call.was_told("keyed", "1")
    leaving = asyncio.create_task(call.gone())
    await settle()
    leaving.cancel()
    talk.hold.set()
    await call.was_told("hung_up")
    await call.gone()


@live
async def test_a_hang_up_while_speaking_and_hearing_leaves_nothing_behind() -> None:
    call = Call(FakeTalk([say("One.", "Two."), ask()]))
    call.voice.slow["Two."] = asyncio.Event()
    await call.begin()
    await call.speak(0.6)
    assert call.ears.opened[0].discarded == 0
    await call.gone()
    assert call.ears.opened[0].discarded == 1
    assert call.clock.sleepers == 0


@live
async def test_a_hang_up_before_the_start_is_no_conversation() -> None:
    call = Call(FakeTalk([say("City?"), ask()]))
    await call.gone()
    await call.start()
    assert call.talk.told == []


@live
async def test_a_carrier_that_hangs_up_from_within_close_is_served() -> None:
    call = Call(FakeTalk([say("Bye."), End()]))
    close = call.line.close

    async def closing() -> None:
        await close()
        await call.gone()

    call.line.close = closing  # type: ignore[method-assign]
    await call.begin()
    await call.played()
    await call.was_told("hung_up")
    await call.gone()
    assert call.talk.told == [("begin",), ("hung_up",)]


@live
async def test_a_line_that_takes_no_audio_ends_with_the_hang_up() -> None:
    call = Call(FakeTalk([say("City?"), ask()]))
    call.line.broken = True
    await call.start()
    await until(lambda: call.voice.asked)
    await call.clock.go(1)
    await call.gone()
    assert call.talk.told == [("begin",), ("hung_up",)]


@live
async def test_a_stuck_call_is_closed_at_its_limit() -> None:
    patient = Settings(dialog=Dialog(filler_s=30))  # this clock runs away from the conversation's thread
    call = Call(FakeTalk([say("City?"), ask()], *[[say("Again?"), ask()] for _ in range(500)]), patient)
    await call.begin()

    def moved(turns: int, pieces: int) -> bool:
        return len(call.talk.told) > turns and len(call.line.marks) > pieces

    for _ in range(500):
        if "close" in call.line.deeds:
            break
        turns, pieces = len(call.talk.told), len(call.line.marks)
        await call.clock.go(9.5)
        await until(lambda t=turns, p=pieces: call.line.deeds[-1] == "close" or moved(t, p))
        await settle()
    assert call.line.deeds[-1] == "close"
    assert 1790 < call.clock.time < 1830
    await call.gone()


@live
async def test_every_turn_is_timed_from_the_last_voice_to_the_first_audio_of_the_reply() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    await call.begin()
    await call.played()
    await call.quiet(1)
    await call.speak(0.6)
    spoke = call.clock.time
    await call.quiet(0.5)
    call.clock.time += 0.05
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.prompted(2)
    lap = call.laps[-1]
    assert (lap.node, lap.expect, lap.how) == ("city", "city", "said")
    assert lap.last_voice == pytest.approx(spoke)
    assert lap.ended == pytest.approx(spoke + 0.5)
    assert lap.reply_s == pytest.approx(0.55)
    assert "city" in str(lap)
    await call.gone()


DEEDS = st.one_of(
    st.tuples(st.just("key"), st.sampled_from("0123456789*#A")),
    st.tuples(st.just("speak"), st.sampled_from([0.02, 0.2, 0.7])),
    st.tuples(st.just("quiet"), st.sampled_from([0.02, 0.8, 3.0])),
    st.tuples(st.just("go"), st.sampled_from([0.1, 3.0, 10.0])),
    st.tuples(st.just("result"), st.sampled_from(["", "रायपुर"])),
    st.tuples(st.just("typed"), st.just("yes")),
    st.tuples(st.just("played"), st.just("")),
    st.tuples(st.just("settled"), st.just("")),
    st.tuples(st.just("start"), st.just("")),
)
REPLIES = st.sampled_from(
    [
        [say("City?"), ask()],
        [say("Pin?", "Six digits."), ask("pin", expect="digits", keypad="digits", length=6)],
        [say("Your address?"), RecordNote("address", 5)],
        [ask("silence", barge_in=False)],
        [],
        [say("Bye."), End()],
        [say("A moment."), Transfer("asked")],
    ]
)


async def do(call: Call, deed: str, what: Any) -> None:
    if deed == "go":
        await call.clock.go(what)
    elif deed == "result":
        for ear in call.ears.opened:
            if not ear.result.done():
                ear.result.set_result((Hearing(what),) if what else ())
    elif deed == "settled":
        await asyncio.sleep(0.002)
    elif deed == "played":
        if call.line.marks:
            await call.played()
    elif deed == "start":
        await call.start()
    else:
        await getattr(call, deed)(what)


@settings(max_examples=100, deadline=None)
@given(st.lists(REPLIES, min_size=1, max_size=8), st.lists(DEEDS, max_size=25))
def test_whatever_happens_nothing_is_told_at_once_or_after_the_hang_up(replies: list[Any], deeds: list[Any]) -> None:
    @live
    async def run() -> None:
        call = Call(FakeTalk(*replies))
        await call.start()
        for deed, what in deeds:
            await do(call, deed, what)
        for ear in call.ears.opened:
            if not ear.result.done():
                ear.result.set_result(())
        await call.gone()
        assert call.talk.together == 0
        assert call.talk.told.count(("hung_up",)) == 1
        assert call.talk.told[-1] == ("hung_up",)
        assert all(ear.finished + ear.discarded == 1 for ear in call.ears.opened)
        assert call.line.deeds.count("close") <= 1

    run()


@live
async def test_many_calls_one_after_the_other_leave_no_threads_or_tasks() -> None:
    async def one() -> None:
        call = Call(FakeTalk([say("City?"), ask()]))
        await call.begin()
        await call.speak(0.5)
        await call.gone()

    for _ in range(20):
        await one()
    before = threading.active_count()
    for _ in range(40):
        await one()
    assert threading.active_count() <= max(before, 20)
    assert len(asyncio.all_tasks()) <= 2


@live
async def test_a_call_runs_faster_than_real_time_with_a_faster_clock() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Bye."), End()]))
    fast = Clock(speed=50)
    quick = LiveCall(call.line, call.talk, call.voice, call.ears, fast, Settings())
    await quick.start()
    await until(lambda: "close" in call.line.deeds, seconds=9)  # 1 + 2 + 6 s of silence, then 1 + 2 s of goodbye
    await quick.gone()
    assert call.talk.told == [("begin",), ("silent",), ("hung_up",)]
