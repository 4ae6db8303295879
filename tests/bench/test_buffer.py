"""When a prompt has run dry at the carrier, and when not."""

from __future__ import annotations

from bench.buffer import Starved, Watched
from ivr.line import FRAME_BYTES

FRAME = b"\x00" * FRAME_BYTES


def _steps(buffer: Watched, steps: int) -> None:
    for _ in range(steps):
        buffer.tick()


def test_a_sentence_that_comes_late_starves_its_prompt() -> None:
    starved = Starved()
    buffer = Watched(starved)
    _steps(buffer, 50)
    buffer.push(FRAME * 3)
    buffer.mark("1.0")
    _steps(buffer, 8)
    buffer.push(FRAME)
    buffer.mark("1.1")
    assert starved == Starved([100], prompts=1, pieces=2)


def test_a_piece_that_comes_late_within_a_sentence_starves_even_the_first_one() -> None:
    starved = Starved()
    buffer = Watched(starved)
    buffer.push(FRAME)
    _steps(buffer, 3)
    buffer.push(FRAME)
    buffer.mark("1.0")
    assert starved.gaps_ms == [40]


def test_silence_between_prompts_and_after_a_clear_is_no_starvation() -> None:
    starved = Starved()
    buffer = Watched(starved)
    for prompt in ("1.0", "2.0"):
        buffer.push(FRAME)
        buffer.mark(prompt)
        _steps(buffer, 40)
    buffer.push(FRAME)
    buffer.clear()
    _steps(buffer, 40)
    buffer.push(FRAME)
    buffer.mark("2.1")
    assert starved.gaps_ms == []


def test_a_prompt_sent_in_time_is_whole() -> None:
    starved = Starved()
    buffer = Watched(starved)
    buffer.push(FRAME * 5)
    buffer.mark("1.0")
    _steps(buffer, 5)
    buffer.push(FRAME)
    buffer.mark("1.1")
    assert starved == Starved([], prompts=1, pieces=2)
