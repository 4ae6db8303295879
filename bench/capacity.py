"""What calls cost: CPU a call-second by part of the server, beside Vosk alone on the same speech, at several loads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import count
from typing import Any

from bench import command, plots
from bench.buffer import starvation, watched
from bench.caller import Caller, Course, exchange
from bench.report import Spread, machine, table
from bench.served import Served
from models.store import Store

PATIENCE_S = 2.0  # callers talk over prompts after this, so that they talk about a third of the time
# The parts of the server by the names of its threads; all others are webhooks, jobs and the interpreter.
PARTS = {"server": "event loop", "recognise": "recognition", "talk": "conversations", "speak": "voice"}
REST, WORKER = "webhooks and the rest", "voice worker process"
VOSK, AGAIN, AROUND = "Vosk", "Vosk: second looks", "recognition around Vosk"
OURS_MS = 6.0  # CPU a call-second that everything but Vosk may cost
P95_MS = 1400.0  # a load under which replies take longer is too much
STEP = 10  # calls more in each run of --until-it-breaks


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
    """CPU milliseconds a call-second by part; Vosk is what its calls took in the recogniser threads."""
    parts = dict.fromkeys([*PARTS.values(), REST], 0.0)
    for thread, spent in after["threads_ms"].items():
        used = spent - before["threads_ms"].get(thread, 0)
        parts[PARTS.get(thread, REST)] += used
    parts[WORKER] = (after["children_s"] - before["children_s"]) * 1000
    vosk, again = ((after["vosk"][k] - before["vosk"][k]) * 1000 for k in ("cpu_s", "again_cpu_s"))
    around = parts.pop("recognition") - vosk
    parts = {VOSK: vosk - again, AGAIN: again, AROUND: around, **parts}
    return {part: round(used / call_seconds, 2) for part, used in parts.items()}


def _step(served: Served, calls: int, seconds: float, first: int) -> dict[str, Any]:
    before = served.ask("cost")
    with watched() as starved:
        courses = asyncio.run(_load(served, calls, seconds, first))
    after = served.ask("cost")
    call_seconds = sum(c.seconds for c in courses)
    replies = [r.reply_s for c in courses for r in c.replies]
    closed = [r.reply_s for c in courses for r in c.replies if r.reply_s is not None and r.expect != "digits"]
    parts = _between(before, after, call_seconds)
    total, vosk = sum(parts.values()), parts[VOSK] + parts[AGAIN]
    decoded, again = (after["vosk"][k] - before["vosk"][k] for k in ("audio_s", "again_s"))
    return {
        "calls": calls,
        "call_seconds": round(call_seconds, 1),
        "talk_share": round(sum(c.spoken_s for c in courses) / call_seconds, 3),
        "cpu_ms_per_call_second": parts,
        "total_ms_per_call_second": round(total, 2),
        "vosk_ms_per_call_second": round(vosk, 2),
        "ours_ms_per_call_second": round(total - vosk, 2),
        "ours_to_vosk": round((total - vosk) / max(vosk, 0.001), 2),
        "decoded_to_spoken": round((decoded - again) / max(sum(c.spoken_s for c in courses), 0.001), 2),
        "decoded_twice": round(again / max(decoded - again, 0.001), 3),
        "reply_ms": asdict(Spread.of(closed, 1000)),
        "without_reply": sum(r is None for r in replies),
        "frames": {k: after["frames"].get(k, 0) - before["frames"].get(k, 0) for k in ("lost", "late", "malformed")},
        "starved": starvation(starved),
        "resident_mb": round(after["resident_mb"] - after["vosk"]["kept_mb"], 1),
    }


def _holds(step: dict[str, Any]) -> bool:
    lost = step["frames"]["lost"] or step["without_reply"] or step["starved"]["gaps_ms"]["n"]
    return not lost and bool(step["reply_ms"]["p95"] <= P95_MS)


def _steps(served: Served, loads: Sequence[int], seconds: float, until_it_breaks: bool) -> Iterator[dict[str, Any]]:
    step: dict[str, Any] = {}
    for number, calls in enumerate(loads):
        yield (step := _step(served, calls, seconds, 1000 * (number + 1)))
    while until_it_breaks and _holds(step):
        yield (step := _step(served, step["calls"] + STEP, seconds, 1000 * step["calls"]))


def measure(loads: Sequence[int], seconds: float, own_models: bool, until_it_breaks: bool) -> dict[str, Any]:
    """All figures of one run."""
    about = machine()
    with Served(own_models) as served:
        idle = served.ask("cost")["resident_mb"]
        steps = list(_steps(served, loads, seconds, until_it_breaks))
        bare = served.ask("bare")
    call_seconds = sum(s["call_seconds"] for s in steps)
    everything = bare["cpu_s"] * bare["all_turns"] / max(bare["turns"], 1)
    bare_ms = everything / call_seconds * 1000
    grown, more = (steps[-1][key] - steps[0][key] for key in ("resident_mb", "calls"))
    held = [s["calls"] for s in steps if _holds(s)]
    return {
        "machine": about,
        "idle_mb": round(idle, 1),
        "steps": steps,
        "held_calls": max(held, default=0),
        "held_calls_per_core": round(max(held, default=0) / int(about["cores"] or 1), 1),
        "memory_mb_per_call": round((steps[-1]["resident_mb"] - idle) / max(s["calls"] for s in steps), 2),
        "memory_mb_per_further_call": round(grown / more, 2) if more else None,
        "bare_ms_per_call_second": round(bare_ms, 2),
        "vosk_to_bare": round(steps[-1]["vosk_ms_per_call_second"] / max(bare_ms, 0.001), 2),
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
        [f"... all that is not Vosk (at most {OURS_MS:g})", *(s["ours_ms_per_call_second"] for s in steps)],
        ["... as a ratio to Vosk", *(s["ours_to_vosk"] for s in steps)],
        ["decoded once, seconds a second of speech", *(s["decoded_to_spoken"] for s in steps)],
        ["decoded twice, share of it", *(s["decoded_twice"] for s in steps)],
        ["reply after the last sound, median ms", *(f"{s['reply_ms']['median']:.0f}" for s in steps)],
        ["... p95 ms", *(f"{s['reply_ms']['p95']:.0f}" for s in steps)],
        ["... p99 ms", *(f"{s['reply_ms']['p99']:.0f}" for s in steps)],
        ["spoken turns without a reply", *(s["without_reply"] for s in steps)],
        ["caller's frames lost / late", *(f"{s['frames']['lost']} / {s['frames']['late']}" for s in steps)],
        ["prompts that ran dry at the carrier", *(s["starved"]["gaps_ms"]["n"] for s in steps)],
        ["... of sentences", *(s["starved"]["sentences"] for s in steps)],
        ["resident MB at the end", *(f"{s['resident_mb']:.0f}" for s in steps)],
    ]
    print("\n" + table(head, rows))
    print(
        f"\nVosk alone, in a loop on the same speech: {figures['bare_ms_per_call_second']} CPU ms a call-second, "
        f"{figures['bare_ms_per_speech_second']} a second of speech\n({figures['bare_turns']} turns, "
        f"{figures['decoded_s_per_turn']} s each; the first turn of a call is decoded in both languages); the server's "
        f"is {figures['vosk_to_bare']} times that.\nMemory a call beyond the models: "
        f"{figures['memory_mb_per_call']} MB, with the warmed-up recognisers; a further call: "
        f"{figures['memory_mb_per_further_call']} MB.\nCalls held: {figures['held_calls']}."
    )


def plot(figures: dict[str, Any]) -> None:
    """CPU by part and load."""
    groups = {f"{s['calls']} calls": s["cpu_ms_per_call_second"] for s in figures["steps"]}
    groups["bare Vosk"] = {VOSK: figures["bare_ms_per_call_second"]}
    plots.stacked("capacity", "CPU ms a call-second", groups)
    calls = [s["calls"] for s in figures["steps"]]
    replies = {name: (calls, [s["reply_ms"][name] for s in figures["steps"]]) for name in ("median", "p95", "p99")}
    plots.lines("capacity-replies", {"reply after the last sound, ms": replies}, "calls at once")


def main(args: Sequence[str]) -> None:
    """The command."""
    parser = command.parser("capacity", __doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=[10, 25], help="calls at once, one run each")
    parser.add_argument("--seconds", type=float, default=30, help="length of each run (default 30)")
    parser.add_argument("--until-it-breaks", action="store_true", help=f"then {STEP} more each time until too many")
    options = parser.parse_args(args)
    figures = measure(options.calls, options.seconds, options.own_models, options.until_it_breaks)
    command.report(options, figures, show, plot)
