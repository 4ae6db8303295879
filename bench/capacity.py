"""What calls cost: CPU a call-second by part of the server, beside Vosk alone on the same speech, at several loads."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from typing import Any

from bench.caller import Caller, Course, exchange
from bench.report import Spread, machine, table
from bench.served import Served
from models.store import Store

PATIENCE_S = 1.0  # callers talk over prompts after this, so that they talk about a third of the time
# The parts of the server by the names of its threads; all others are webhooks, jobs and the interpreter.
PARTS = {"server": "event loop", "recognise": "recognition", "talk": "conversations", "speak": "voice"}


async def _load(served: Served, calls: int, seconds: float, first: int) -> list[Course]:
    """`calls` callers at once, each calling again when its call is over."""
    office, store = exchange(served), Store(served.store)
    until = time.monotonic() + seconds
    numbers = count(first)
    done: list[Course] = []

    async def caller(place: int) -> None:
        await asyncio.sleep(place * 0.1)
        while (left := until - time.monotonic()) > 1:
            number = next(numbers)
            done.append(await Caller(office, store, number, "en" if number % 2 else "hi", PATIENCE_S).run(left))

    await asyncio.gather(*(caller(place) for place in range(calls)))
    await office.close()
    store.close()
    return done


def _between(before: dict[str, Any], after: dict[str, Any], call_seconds: float) -> dict[str, float]:
    """CPU milliseconds a call-second by part."""
    parts = dict.fromkeys([*PARTS.values(), "webhooks and the rest"], 0.0)
    for thread, spent in after["threads_ms"].items():
        used = spent - before["threads_ms"].get(thread, 0)
        parts[PARTS.get(thread, "webhooks and the rest")] += used
    parts["voice worker process"] = (after["children_s"] - before["children_s"]) * 1000
    return {part: round(used / call_seconds, 2) for part, used in parts.items()}


def _step(served: Served, calls: int, seconds: float, first: int) -> dict[str, Any]:
    before = served.ask("cost")
    courses = asyncio.run(_load(served, calls, seconds, first))
    after = served.ask("cost")
    call_seconds = sum(c.seconds for c in courses)
    replies = [r.reply_s for c in courses for r in c.replies]
    closed = [r.reply_s for c in courses for r in c.replies if r.reply_s is not None and r.expect != "digits"]
    parts = _between(before, after, call_seconds)
    return {
        "calls": calls,
        "call_seconds": round(call_seconds, 1),
        "talk_share": round(sum(c.spoken_s for c in courses) / call_seconds, 3),
        "cpu_ms_per_call_second": parts,
        "total_ms_per_call_second": round(sum(parts.values()), 2),
        "reply_ms": asdict(Spread.of(closed, 1000)),
        "without_reply": sum(r is None for r in replies),
        "resident_mb": round(after["resident_mb"], 1),
    }


def measure(loads: Sequence[int], seconds: float, own_models: bool) -> dict[str, Any]:
    """All figures of one run."""
    about = machine()
    with Served(own_models) as served:
        idle = served.ask("cost")["resident_mb"]
        steps = []
        for number, calls in enumerate(loads):
            steps.append(_step(served, calls, seconds, 1000 * (number + 1)))
        bare = served.ask("bare")
    call_seconds = sum(s["call_seconds"] for s in steps)
    everything = bare["cpu_s"] * bare["all_turns"] / max(bare["turns"], 1)
    return {
        "machine": about,
        "idle_mb": round(idle, 1),
        "steps": steps,
        "bare_ms_per_call_second": round(everything / call_seconds * 1000, 2),
        "bare_ms_per_speech_second": round(bare["cpu_s"] / max(bare["speech_s"], 0.001) * 1000, 2),
        "bare_turns": int(bare["turns"]),
        "decoded_s_per_turn": round(bare["speech_s"] / max(bare["turns"], 1), 2),
    }


def show(figures: dict[str, Any]) -> None:
    """The tables."""
    steps = figures["steps"]
    print(f"{figures['machine']}; {figures['idle_mb']:.0f} MB resident before the first call")
    head = ["", *(f"{s['calls']} calls" for s in steps)]
    rows: list[list[Any]] = [
        ["call-seconds", *(f"{s['call_seconds']:.0f}" for s in steps)],
        ["share of time the caller talks, %", *(f"{s['talk_share'] * 100:.0f}" for s in steps)],
    ]
    for part in steps[0]["cpu_ms_per_call_second"]:
        rows.append([f"CPU ms a call-second: {part}", *(s["cpu_ms_per_call_second"][part] for s in steps)])
    rows += [
        ["CPU ms a call-second: all", *(s["total_ms_per_call_second"] for s in steps)],
        ["reply after the last sound, median ms", *(f"{s['reply_ms']['median']:.0f}" for s in steps)],
        ["... p95 ms", *(f"{s['reply_ms']['p95']:.0f}" for s in steps)],
        ["spoken turns without a reply", *(s["without_reply"] for s in steps)],
        ["resident MB at the end", *(f"{s['resident_mb']:.0f}" for s in steps)],
    ]
    print("\n" + table(head, rows))
    print(
        f"\nVosk alone, in a loop on the same speech: {figures['bare_ms_per_call_second']} CPU ms a call-second, "
        f"{figures['bare_ms_per_speech_second']} a second of speech\n({figures['bare_turns']} turns, "
        f"{figures['decoded_s_per_turn']} s each; the first turn of a call is decoded in both languages). The resident "
        "memory includes\nthe speech that is kept for this."
    )


def main(args: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench capacity", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=[10, 25], help="calls at once, one run each")
    parser.add_argument("--seconds", type=float, default=30, help="length of each run (default 30)")
    parser.add_argument("--own-models", action="store_true", help="the configured models instead of the test models")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = measure(options.calls, options.seconds, options.own_models)
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
