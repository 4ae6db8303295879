"""Open pages of the desk: how long after an event in the store each shows it, and what they cost the server.

`python -m bench pages [--pages 50] [--seconds 20] [--rates 0 0.2 1]`. Each page is signed in, listens at /live, gives a
sign of life at every beat and fetches what changed, as its script does. An event is a caller who comes into the line;
it is shown when a fetched part names the caller. Rates are events a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.page import Page
from bench.report import Spread, machine, table
from booking.accounts import credentials, people
from booking.accounts.people import NewAccount
from booking.accounts.roles import AGENT
from booking.audit import COMMAND_LINE
from booking.desk.line import Entry, enter
from booking.desk.presence import Post, come, pause
from booking.desk.rules import DeskRules
from booking.zone import ZONE
from ivr.settings import ROOT
from models.store import Store

PASSWORD = "a boat, a mango tree"
RULES = DeskRules()
TICK = os.sysconf("SC_CLK_TCK")
SETTLE_S = 5.0
START_S = 60.0


@dataclass
class Office:
    """A server in a process of its own, and its store."""

    url: str
    store: Store
    process: subprocess.Popen[bytes]

    def cpu_s(self) -> float:
        """CPU seconds that the server has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def office() -> Iterator[Office]:
    """Started, with nobody at the desk."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="mitan-bench-") as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TWILIO_", "DATABASE_URL"))}
        env |= {"MITAN_SERVER__VAR_DIR": folder, "PORT": str(port), "VOSK_MODEL_PATH": folder}
        command = [sys.executable, "-W", "ignore", "app.py", "serve", "--no-download"]
        with Path(folder, "server.log").open("wb") as log:
            process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
        store = None
        try:
            _up(port, process)
            store = Store(f"sqlite:///{folder}/mitan.db")
            yield Office(f"http://127.0.0.1:{port}", store, process)
        finally:
            process.kill()
            process.wait()
            if store:
                store.close()


def _up(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.1)


def _agent(store: Store, number: int) -> tuple[str, str]:
    """An account of an agent: its id and login."""
    login, now = f"agent{number}", datetime.now(ZONE)
    with store.begin() as session:
        made = people.create(session, now, COMMAND_LINE, NewAccount(login, f"Agent {number}", (AGENT,), "hi"))
        credentials.set_password(session, now, COMMAND_LINE, made.id, PASSWORD)
        made.must_change = False
    return made.id, login


def _come(store: Store, agents: Sequence[str]) -> None:
    """All are on a break: callers stay in the line."""
    now = datetime.now(ZONE)
    with store.begin() as session:
        for agent in agents:
            come(session, now, agent, Post(("hi", "en")))
            pause(session, now, agent, "training")


def _caller(store: Store, number: int) -> float:
    """A caller comes into the line; when that was in the store (steady seconds)."""
    with store.begin() as session:
        entry = Entry(f"bench{number}", None, f"+91981234{number:04d}", "hi", summary={"service": "birth_certificate"})
        enter(session, datetime.now(ZONE), RULES, entry)
    return time.monotonic()


async def _run(office: Office, pages: Sequence[Page], rate: float, seconds: float, first: int) -> dict[str, Any]:
    await asyncio.sleep(SETTLE_S)
    cpu, fetched, began = office.cpu_s(), sum(p.fetched for p in pages), time.monotonic()
    came: dict[str, float] = {}
    for number in range(first, first + int(rate * seconds)):
        came[f"{number:04d}"] = await asyncio.to_thread(_caller, office.store, number)
        await asyncio.sleep(max(0.0, began + (number - first + 1) / rate - time.monotonic()))
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    took = time.monotonic() - began
    spent, asked = office.cpu_s() - cpu, sum(p.fetched for p in pages) - fetched
    await asyncio.sleep(2)
    late = [page.shown[one] - at for page in pages for one, at in came.items() if one in page.shown]
    return {"rate": rate, "events": len(came), "shown": len(late), "of": len(came) * len(pages),
            "ms": Spread.of(late, 1000).__dict__, "most_ms": round(max(late, default=0) * 1000),
            "fetches_s": round(asked / took, 1), "cpu_percent": round(100 * spent / took, 1)}  # fmt: skip


async def measure(count: int, rates: Sequence[float], seconds: float) -> dict[str, Any]:
    """`count` pages on one server, at several rates of events."""
    with office() as here:
        pages = [Page(here.url) for _ in range(count)]
        agents = [_agent(here.store, number) for number in range(count)]
        for page, (_, login) in zip(pages, agents, strict=True):
            await page.open(login, PASSWORD)
        _come(here.store, [id for id, _ in agents])
        runs: list[dict[str, Any]] = []
        for rate in rates:
            runs.append(await _run(here, pages, rate, seconds, 1 + sum(r["events"] for r in runs)))
        await asyncio.gather(*(page.close() for page in pages))
    return {"machine": machine(), "pages": count, "runs": runs}


def show(figures: dict[str, Any]) -> None:
    """The figures for a person."""
    print(f"{figures['pages']} pages; {figures['machine']}")
    head = ("events/s", "shown", "of", "median ms", "p95", "p99", "most", "fetches/s", "CPU %")
    rows = [(r["rate"], r["shown"], r["of"], *list(r["ms"].values())[1:], r["most_ms"], r["fetches_s"],
             r["cpu_percent"]) for r in figures["runs"]]  # fmt: skip
    print(table(head, rows))


def main(args: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--pages", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seconds", type=float, default=20, help="of each run (default 20)")
    parser.add_argument("--rates", type=float, nargs="+", default=[0, 0.2, 1], help="events a second")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(args)
    figures = asyncio.run(measure(options.pages, options.rates, options.seconds))
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0
