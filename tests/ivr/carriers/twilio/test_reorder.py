"""Chunks late, lost, doubled and odd: the caller's audio stays in order and in time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.carriers.twilio.reorder import MAX_FILL, RESYNC, WINDOW, Reorder
from ivr.carriers.twilio.stream import Media

SILENT = b"\xff" * 160


def chunk(number: int | None, size: int = 160) -> Media:
    return Media(number, number, 0, bytes([(number or 0) % 200]) * size)


def fed(*numbers: int | None) -> tuple[list[int], Reorder]:
    """The first bytes of the frames that came out (255: silence)."""
    order = Reorder()
    return [frame[0] for number in numbers for frame in order.feed(chunk(number))], order


def test_chunks_in_order_go_through_at_once() -> None:
    assert fed(1, 2, 3)[0] == [1, 2, 3]


def test_two_chunks_that_changed_places_are_put_right() -> None:
    out, order = fed(1, 3, 2, 4)
    assert out == [1, 2, 3, 4]
    assert (order.late, order.lost) == (0, 0)


def test_a_missing_chunk_is_waited_for_and_then_filled_with_silence() -> None:
    out, order = fed(1, 3, 4, 5)
    assert out == [1]
    out, order = fed(1, 3, 4, 5, 6)
    assert out == [1, 255, 3, 4, 5, 6]
    assert order.lost == 1
    assert WINDOW == 3


def test_a_chunk_that_comes_after_its_place_was_filled_is_dropped() -> None:
    out, order = fed(1, 3, 4, 5, 6, 2, 7)
    assert out == [1, 255, 3, 4, 5, 6, 7]
    assert order.late == 1


def test_a_doubled_chunk_is_heard_once() -> None:
    assert fed(1, 2, 2, 3)[0] == [1, 2, 3]


def test_a_long_gap_is_shortened() -> None:
    out, order = fed(1, 1001, 1002, 1003, 1004)
    assert out.count(255) == MAX_FILL
    assert order.lost == 999


def test_a_carrier_that_counts_anew_is_not_unheard_for_ever() -> None:
    out, _ = fed(*range(500, 600), *range(1, 200))
    assert 199 % 200 in out
    assert len(out) >= 100 + 199 - RESYNC


def test_chunks_without_numbers_go_through_as_they_come() -> None:
    assert fed(None, None)[0] == [0, 0]


def test_pieces_of_other_sizes_become_frames_of_20_ms() -> None:
    order = Reorder()
    frames = [f for n in range(1, 5) for f in order.feed(chunk(n, 100))]
    assert [len(f) for f in frames] == [160, 160]


@given(st.permutations(list(range(1, 30))), st.sets(st.integers(1, 29), max_size=10))
def test_whatever_the_order_frames_are_whole_and_never_go_back(numbers: list[int], lost: set[int]) -> None:
    out, _ = fed(*(n for n in numbers if n not in lost))
    heard = [n for n in out if n != 255]
    assert heard == sorted(set(heard))
