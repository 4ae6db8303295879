"""From the caller's last sound to the first sound of the reply, by kind of question, in real time over the exchange."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench import command, plots
from bench.buffer import starvation, watched
from bench.caller import Caller, Course, exchange
from bench.report import Spread, machine, table
from bench.served import Served
from ivr.carriers.exchange.trunk import Trunk
from models.store import Store

WEBHOOKS_A_SECOND = 4.0


@dataclass(frozen=True)
class TimedTrunk(Trunk):
    """Notes how long every webhook took."""

    took_s: list[float] = field(default_factory=list)

    async def post(self, url: str, form: Any) -> str:
        """Ask a webhook."""
        began = time.monotonic()
        answer = await super().post(url, form)
        self.took_s.append(time.monotonic() - began)
        return answer


async def _webhooks(trunk: TimedTrunk, until: float) -> None:
    """Calls that are opened and closed without sound, so that the webhooks' p99 rests on enough of them."""
    while time.monotonic() < until:
        sid = f"CA{secrets.token_hex(16)}"
        form = {"CallSid": sid, "AccountSid": trunk.account_sid, "From": "+919826499999", "To": trunk.number}
        await trunk.post(trunk.voice, form | {"CallStatus": "ringing"})
        await trunk.post(trunk.status, form | {"CallStatus": "completed", "CallDuration": "0"})
        await asyncio.sleep(2 / WEBHOOKS_A_SECOND)


async def _calls(served: Served, calls: int, seconds: float) -> tuple[list[Course], list[float]]:
    office = exchange(served, TimedTrunk)
    trunk = office.shared.trunk
    assert isinstance(trunk, TimedTrunk)
    store = Store(served.store)
    until = time.monotonic() + seconds

    async def later(number: int) -> Course:
        await asyncio.sleep(number * 1.7)
        # Most are impatient and talk over the prompts: in the same time more questions are answered.
        caller = Caller(office, store, number, "en" if number % 2 else "hi", patience_s=1.0 if number > 1 else None)
        return await caller.run(until - time.monotonic())

    courses = asyncio.gather(*(later(n) for n in range(calls)))
    await _webhooks(trunk, until)
    done = await courses
    await office.close()
    store.close()
    return list(done), trunk.took_s


def measure(calls: int, seconds: float, own_models: bool) -> dict[str, Any]:
    """All figures of one run."""
    about = machine()
    with Served(own_models) as served:
        before = served.ask("cost")
        with watched() as starved:
            courses, webhooks = asyncio.run(_calls(served, calls, seconds))
        after = served.ask("cost")
        turns = served.ask("turns")["turns"]
    kinds: dict[str, list[float]] = defaultdict(list)
    replies = [r for c in courses for r in c.replies]
    for reply in replies:
        if reply.reply_s is not None:
            kinds[reply.expect].append(reply.reply_s)
    firsts = [c.first_audio_s for c in courses if c.first_audio_s is not None]
    return {
        "machine": about,
        "calls": calls,
        "seconds": seconds,
        "reply_ms": {k: asdict(Spread.of(v, 1000)) for k, v in sorted(kinds.items())},
        "without_reply": sum(r.reply_s is None for r in replies),
        "first_audio_ms": asdict(Spread.of(firsts, 1000)),
        "cpu_ms_per_call_second": round(_cpu_s(before, after) * 1000 / max(sum(c.seconds for c in courses), 1), 2),
        "frames_lost": after["frames"].get("lost", 0),
        "starved": starvation(starved),
        "webhook_ms": asdict(Spread.of(webhooks, 1000)),
        "parts_ms": _parts(turns),
    }


def _cpu_s(before: dict[str, Any], after: dict[str, Any]) -> float:
    return float(sum(after[k] - before[k] for k in ("cpu_s", "children_s")))


def _parts(turns: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Where the time of the spoken turns went, inside the server."""
    steps = {
        "waiting for the end of the turn": ("last_voice", "ended"),
        "recognition": ("ended", "answered"),
        "conversation and store": ("answered", "decided"),
        "voice": ("decided", "audio"),
    }
    said = [t for t in turns if t["how"] == "said"]
    return {
        step: asdict(Spread.of((t[b] - t[a] for t in said if t[a] is not None and t[b] is not None), 1000))
        for step, (a, b) in steps.items()
    }


def show(figures: dict[str, Any]) -> None:
    """The tables."""
    print(f"{figures['calls']} calls at once for {figures['seconds']:.0f} s; {figures['machine']}")
    head = ["ms", "n", "median", "p95", "p99"]
    rows = [(name, *Spread(**s).row()) for name, s in figures["reply_ms"].items()]
    print("\nFrom the last sample of speech to the first audio of the reply, by kind of question\n" + table(head, rows))
    rows = [(name, *Spread(**s).row()) for name, s in figures["parts_ms"].items()]
    print("\nWhere it went (inside the server, from the last voiced frame)\n" + table(head, rows))
    rows = [
        ("answered to first audio", *Spread(**figures["first_audio_ms"]).row()),
        ("webhook", *Spread(**figures["webhook_ms"]).row()),
    ]
    print("\n" + table(head, rows) + f"\n\nspoken turns without a reply: {figures['without_reply']}")
    print(
        f"CPU ms a call-second, all parts: {figures['cpu_ms_per_call_second']}; caller's frames lost: "
        f"{figures['frames_lost']}; prompts that ran dry at the carrier: {figures['starved']['gaps_ms']['n']}"
    )


def plot(figures: dict[str, Any]) -> None:
    """Replies by kind of question."""
    names = ("median", "p95", "p99")
    kinds = figures["reply_ms"] | {"first audio": figures["first_audio_ms"], "webhook": figures["webhook_ms"]}
    plots.bars("latency", "ms", {kind: {n: spread[n] for n in names} for kind, spread in kinds.items()})


def main(args: Sequence[str]) -> None:
    """The command."""
    parser = command.parser("latency", __doc__)
    parser.add_argument("--calls", type=int, default=6, help="calls at once (default 6)")
    parser.add_argument("--seconds", type=float, default=75, help="length of the run (default 75)")
    options = parser.parse_args(args)
    figures = measure(options.calls, options.seconds, options.own_models)
    command.report(options, figures, show, plot)
