"""Turn-taking of a live call: early ends, resumed prompts, what was played, and fillers."""

from __future__ import annotations

import logging
import threading

import pytest

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.actions import End
from tests.ivr.callers import BACKCHANNEL, COMPLETE
from tests.ivr.live import VOICE, Call, FakeTalk, ask, live, say, settle, until


async def made_of_it(call: Call, text: str) -> None:
    """The ear has this by now, and the call has looked at it."""
    call.ears.opened[-1].so_far = text
    await call.quiet(0.02)
    await until(lambda: not call._glance._looking)


@live
async def test_a_whole_answer_in_a_partial_result_ends_the_turn_after_200_ms() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [End()]))
    call.talk.gists["रायपुर"] = COMPLETE
    await call.begin()
    await call.played()
    await call.speak(0.6)
    await made_of_it(call, "रायपुर")
    await call.quiet(0.16)
    assert call.ears.opened[0].finished == 0
    await call.quiet(0.02)
    assert call.ears.opened[0].finished == 1
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.was_told("heard", "रायपुर")
    await call.gone()


@live
async def test_a_gist_of_the_answer_before_says_nothing_of_this_one() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    call.talk.gists["रायपुर"] = COMPLETE
    await call.begin()
    await call.played()
    await call.speak(0.6)
    call.ears.opened[-1].so_far = "रायपुर"
    await call.audio(b"\xff" * 160)  # the look has begun ...
    await call.key("1")  # ... when the answer is keyed
    await call.prompted(2)
    await call.played()
    await call.speak(0.6)
    await call.quiet(0.3)
    assert call.ears.opened[1].finished == 0
    await call.gone()


@live
async def test_a_conversation_that_has_no_gist_only_costs_time() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [End()]))
    call.talk.gists = None  # type: ignore[assignment]
    await call.begin()
    await call.played()
    await call.speak(0.6)
    logging.disable(logging.ERROR)
    try:
        await made_of_it(call, "रायपुर")
    finally:
        logging.disable(logging.NOTSET)
    await call.quiet(0.5)
    assert call.ears.opened[0].finished == 1
    await call.gone()


@live
async def test_after_a_false_interruption_the_rest_of_the_prompt_is_said_again() -> None:
    call = Call(FakeTalk([say("a", "b", "c"), ask()], [End()]))
    await call.begin()
    await call.prompted(3)
    await call.marked(call.line.marks[0])
    await call.speak(0.6)
    await call.quiet(0.5)
    assert call.line.deeds[-1] == "clear"
    for mark in call.line.marks[1:]:
        await call.marked(mark)  # the clear sends them back
    call.ears.opened[0].result.set_result(())
    await call.prompted(5)
    assert [s[1][:1] for s in call.line.sent if s[0] == "play"] == [b"a", b"b", b"c", b"b", b"c"]
    assert len(set(call.line.marks)) == 5
    await call.played()
    await call.clock.go(6)
    await call.was_told("silent")
    assert call.talk.heard_of == [[0, 1, 2]]
    await call.gone()


@live
async def test_a_backchannel_that_stopped_the_prompt_is_not_told_to_the_conversation() -> None:
    call = Call(FakeTalk([say("a", "b"), ask()], [End()]))
    call.talk.gists["अच्छा अच्छा"] = BACKCHANNEL
    await call.begin()
    await call.prompted(2)
    await call.speak(0.6)
    await call.quiet(0.5)
    call.ears.opened[0].result.set_result((Hearing("अच्छा अच्छा"),))
    await until(lambda: len(call.line.marks) == 4)
    await call.gone()
    assert call.talk.told == [("begin",), ("hung_up",)]


@live
async def test_an_answer_over_the_prompt_that_is_weighed_is_told_once() -> None:
    call = Call(FakeTalk([say("a", "b"), ask()], [End()]))
    call.talk.gists["रायपुर"] = Gist(words=True, understood=True)
    await call.begin()
    await call.prompted(2)
    await call.speak(0.6)
    await call.quiet(0.5)
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.was_told("heard", "रायपुर")
    assert call.talk.heard_of == [[]]
    await call.gone()
    assert call.talk.told.count(("heard", "रायपुर")) == 1


@live
async def test_the_conversation_learns_what_was_played_before_it_learns_the_answer_or_the_hang_up() -> None:
    call = Call(FakeTalk([say("a", "b", "c"), ask()], [say("d"), ask("day")]))
    await call.begin()
    await call.prompted(3)
    await call.marked(call.line.marks[1])
    await call.key("1")
    await call.prompted(4)
    assert call.talk.heard_of == [[0, 1]]
    await call.gone()
    assert call.talk.heard_of == [[0, 1], []]
    assert call.talk.told == [("begin",), ("keyed", "1"), ("hung_up",)]


@live
async def test_a_slow_reply_is_covered_once_by_a_few_words_and_comes_after_them() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    await call.begin()
    await call.played()
    call.talk.hold = threading.Event()
    await call.key("1")
    await call.clock.go(1.4)
    assert call.line.deeds == ["play"]
    await call.clock.go(0.2)
    await call.prompted(2)
    assert call.line.sent[-1][1][:1] == b"~"
    await call.clock.go(8)
    call.talk.hold.set()
    await call.prompted(3)
    assert [s[1][:1] for s in call.line.sent] == [b"C", b"~", b"D"]
    await call.marked("filler")
    await call.played()
    await call.clock.go(6)
    await call.was_told("silent")
    await call.gone()


@live
async def test_a_slow_recogniser_is_covered_too() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    await call.begin()
    await call.played()
    await call.speak(0.6)
    await call.quiet(0.5)
    await call.clock.go(1.6)
    await call.prompted(2)
    assert call.line.sent[-1][1][:1] == b"~"
    call.ears.opened[0].result.set_result((Hearing("रायपुर"),))
    await call.prompted(3)
    assert [s[1][:1] for s in call.line.sent] == [b"C", b"~", b"D"]
    await call.gone()


@live
async def test_a_quick_reply_has_no_filler_before_it() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    await call.begin()
    await call.played()
    await call.key("1")
    await call.prompted(2)
    await call.clock.go(3)
    assert [s[1][:1] for s in call.line.sent] == [b"C", b"D"]
    await call.gone()


@live
async def test_a_filler_whose_voice_is_late_is_not_said_into_the_reply() -> None:
    import asyncio

    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")]))
    call.voice.slow["~"] = asyncio.Event()
    await call.begin()
    await call.played()
    call.talk.hold = threading.Event()
    await call.key("1")
    await call.clock.go(1.6)
    call.talk.hold.set()
    await call.prompted(2)
    call.voice.slow["~"].set()
    await settle()
    assert [s[1][:1] for s in call.line.sent] == [b"C", b"D"]
    await call.gone()


@live
async def test_a_key_while_a_filler_is_under_way_clears_it_with_the_prompt_behind_it() -> None:
    call = Call(FakeTalk([say("City?"), ask()], [say("Day?"), ask("day")], [End()]))
    await call.begin()
    await call.played()
    call.talk.hold = threading.Event()
    await call.key("1")
    await call.clock.go(1.6)
    await call.prompted(2)
    call.talk.hold.set()
    await call.prompted(3)
    await call.key("2")
    await until(lambda: "clear" in call.line.deeds)
    assert call.line.deeds[:4] == ["play", "play", "play", "clear"]
    await call.gone()


@pytest.mark.parametrize("seconds", [0.3, 0.5])
def test_the_clear_goes_out_with_the_frame_that_decides_it(seconds: float) -> None:
    @live
    async def run() -> None:
        call = Call(FakeTalk([say("a", "b"), ask()], [End()]))
        call.talk.gists["रायपुर"] = COMPLETE
        await call.begin()
        await call.prompted(2)
        await call.hear(seconds - 0.02, VOICE)
        if seconds == 0.3:
            await made_of_it(call, "मौसम")
        else:
            await made_of_it(call, "रायपुर")
        await call.hear(0.02, VOICE)
        assert call.line.deeds[-1] == "clear"  # no time passed
        await call.gone()

    run()
