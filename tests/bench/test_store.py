from __future__ import annotations

from typing import Any

from bench import bookings, million
from bench.store import booked, missed
from models.store import Store


def test_both_ways_to_book_fill_the_same_store_and_nothing_is_oversold(empty_url: str) -> None:
    figures = booked(empty_url, 40, (1, 8), 0.001)
    assert figures["wrong"] == []
    assert figures["rush_refused"] == 8 * bookings.HOT - bookings.HOT * bookings.RUSH_SEATS
    assert all(run[who]["a_second"] > 0 for run in figures["runs"] for who in ("bare", "ours"))


def test_a_store_with_something_missing_is_noticed(empty_url: str) -> None:
    ground = bookings.ground(empty_url)
    rush = bookings.rush(ground, 4)
    assert bookings.problems(ground, 1 + rush.bookings - rush.refused, rush) == []
    assert "not 99" in bookings.problems(ground, 99, rush)[0]
    ground.store.close()


def test_the_full_store_answers_what_is_asked(empty_url: str) -> None:
    store: Store = million.fill(empty_url, 60_000)
    took = million.ask(store, 60_000, times=2, seed=1)
    assert {len(seconds) for seconds in took.values()} == {2}
    store.close()


def test_goals_that_are_missed_are_named() -> None:
    def run(threads: int, ours: float, longest: float = 9.0) -> dict[str, Any]:
        return {"threads": threads, "spread": "hot", "bare": {"a_second": 100.0},
                "ours": {"a_second": ours, "longest_ms": longest}}  # fmt: skip

    assert missed("sqlite", {"runs": [run(1, 10), run(32, 301)]}) == []
    assert missed("postgresql", {"runs": [run(1, 61)]}) == []
    assert "2.9 times" in missed("sqlite", {"runs": [run(32, 290)]})[0]
    assert "waited 251 ms" in missed("sqlite", {"runs": [run(32, 300, 251)]})[0]
    assert "59%" in missed("postgresql", {"runs": [run(1, 59)]})[0]
    questions = {"questions": {"tracking by number": {"median_ms": 2.1}, "free slots": {"median_ms": 4.9}}}
    assert missed("sqlite", questions) == ["tracking by number: 2.1 ms, not 2.0"]
