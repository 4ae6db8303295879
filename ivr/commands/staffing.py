"""`python app.py staffing`: the agents needed in each hour, from the recorded load or a given one (Erlang C)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click

from booking.desk.erlang import Load, Target
from booking.desk.load import Need, recorded, staffing
from booking.zone import local
from ivr.clock import Clock
from ivr.commands.table import table
from ivr.settings import Settings, SettingsError, load
from models.store import Store, StoreError

HEAD = ("hour", "calls", "handling", "agents", "in time", "mean wait", "on calls", "to schedule")

Share = click.FloatRange(1, 99)


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="Recorded days to look at.")
@click.option(
    "--calls", type=click.FloatRange(0, 100_000), help="Callers for agents an hour, instead of recorded ones."
)
@click.option("--handling", type=click.FloatRange(1, 36_000), help="Seconds for a call with the work after it.")
@click.option("--target", type=Share, help="Per cent of callers to be answered in time.  [default: as configured]")
@click.option("--within", type=click.FloatRange(0, 3600), help="In time, seconds.  [default: as configured]")
@click.option("--occupancy", type=click.FloatRange(10, 100), default=90.0, show_default=True,
              help="Most of an agent's time on calls, per cent.")  # fmt: skip
@click.option("--shrinkage", type=click.FloatRange(0, 90), default=30.0, show_default=True,
              help="Paid time without calls (breaks, training, illness), per cent.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(days: int, as_json: bool, **given: Any) -> None:
    """Agents needed in each hour, so that enough callers are answered in time."""
    try:
        settings = load()
        loads = {-1: _given(settings, given)} if given["calls"] is not None else _recorded(settings, days, given)
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    needs = staffing(loads, _target(settings, given), given["shrinkage"] / 100)
    if as_json:
        click.echo(json.dumps([_plain(n) for n in needs], indent=2))
    elif not needs:
        click.echo(f"nobody has waited for an agent in the last {days} days: name a load with --calls and --handling")
    else:
        click.echo(_table(needs))


def _given(settings: Settings, given: dict[str, Any]) -> Load:
    return Load(given["calls"], given["handling"] or settings.desk.handling_s)


def _target(settings: Settings, given: dict[str, Any]) -> Target:
    share = settings.desk.target if given["target"] is None else given["target"] / 100
    within = settings.desk.within_s if given["within"] is None else given["within"]
    return Target(share, within, given["occupancy"] / 100)


def _recorded(settings: Settings, days: int, given: dict[str, Any]) -> dict[int, Load]:
    """The load of whole days: today is not over yet."""
    store = Store(settings.store_url)
    try:
        store.ready()
        last = _today() - timedelta(days=1)
        with store.read() as session:
            loads = recorded(session, (last - timedelta(days=days - 1)).date(), last.date(), settings.desk.handling_s)
    finally:
        store.close()
    return {h: Load(one.calls, given["handling"] or one.handling_s) for h, one in loads.items()}


def _today() -> datetime:
    return local(Clock().now())


def _table(needs: Sequence[Need]) -> str:
    return table([HEAD, *(_row(n) for n in needs)])


def _row(need: Need) -> tuple[str, ...]:
    found = need.estimate
    return (
        "any" if need.hour < 0 else f"{need.hour:02d}:00",
        f"{need.load.calls:.1f}",
        f"{need.load.handling_s:.0f} s",
        str(found.agents),
        f"{found.in_time:.0%}",
        f"{found.wait_s:.0f} s",
        f"{found.occupancy:.0%}",
        str(need.scheduled),
    )


def _plain(need: Need) -> dict[str, float | int | None]:
    found = need.estimate
    return {
        "hour": None if need.hour < 0 else need.hour,
        "calls": need.load.calls,
        "handling_s": need.load.handling_s,
        "agents": found.agents,
        "in_time": found.in_time,
        "wait_s": found.wait_s,
        "occupancy": found.occupancy,
        "scheduled": need.scheduled,
    }
