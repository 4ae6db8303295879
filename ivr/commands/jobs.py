"""`python app.py jobs`: the jobs with their last runs, or one of them run now. The server runs them by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from booking.channels import Channel
from booking.jobs import Rules, all_jobs
from booking.runs import Job, last_run, run_now
from booking.sending import deliver_due
from booking.wording import Notices
from booking.zone import local
from ivr.clock import Clock
from ivr.commands.configured import configured
from ivr.commands.moments import moment
from ivr.commands.table import table
from ivr.helpline import complaint_rules_of, desk_rules_of, present_wording, reminders_of, retention_of, rules_of
from ivr.settings import Settings
from models.jobs import JobRun
from models.store import Store

SEND = "send_notices"
HEAD = ("job", "runs", "last run", "report")


@click.command()
@click.argument("name", required=False)
@click.option("--now", callback=moment, help="Act as if it were this time (ISO 8601; without a zone: Indian time).")
def command(name: str | None, now: datetime | None) -> None:
    """Run the job NAME once, now; without NAME list all jobs with their last runs."""
    with configured() as (settings, store):
        jobs = {job.name: job for job in all_jobs(store, _rules(settings, _wording(settings, store)))}
        if name is None:
            click.echo(_table(store, jobs))
        elif name == SEND:
            click.echo(_shown(_send(store, settings, now or Clock().now())))
        elif name in jobs:
            _run(store, jobs[name], now or Clock().now())
        else:
            raise click.BadParameter(f"there are {', '.join((*jobs, SEND))}", param_hint="NAME")


def _wording(settings: Settings, store: Store) -> Notices:
    with store.read() as session:
        return present_wording(settings, session)


def _rules(settings: Settings, wording: Notices) -> Rules:
    said, desk = retention_of(settings), desk_rules_of(settings)
    return Rules(rules_of(settings), reminders_of(settings), wording, complaint_rules_of(settings), said, desk)


def _run(store: Store, job: Job, now: datetime) -> None:
    ran = run_now(store, now, job)
    if ran.error:
        raise click.ClickException(f"{job.name}: {ran.error}")
    click.echo(f"{job.name}: {_shown(ran.report)}")


def _send(store: Store, settings: Settings, now: datetime) -> Mapping[str, int]:
    return asdict(deliver_due(store, now, _channels(settings), _wording(settings, store)))


def _channels(settings: Settings) -> Mapping[str, Channel]:
    if not settings.twilio:
        # The built-in exchange lives in the server's process and its telephones with it.
        raise click.ClickException(
            "without TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN only the running server (`make run`) sends notices."
        )
    from ivr.carriers.twilio.client import TwilioClient  # here, as it takes half a second
    from ivr.carriers.twilio.receipts import MESSAGE
    from ivr.carriers.twilio.rest import Account
    from ivr.delivery import channels_of

    secret, told = settings.twilio_auth_token.get_secret_value(), f"{settings.server.base_url}{MESSAGE}"
    account = Account(settings.twilio_account_sid, secret, settings.twilio_number, callback=told)
    return channels_of(settings, TwilioClient(account))


def _table(store: Store, jobs: Mapping[str, Job]) -> str:
    with store.read() as session:
        rows = [HEAD, *(_row(job, last_run(session, job.name)) for job in jobs.values())]
    rows.append((SEND, "every 5 s", "-", "by every server, notice by notice"))
    return table(rows)


def _row(job: Job, row: JobRun | None) -> tuple[str, ...]:
    every = f"daily {job.at:%H:%M}" if job.at else f"every {int(job.every.total_seconds() // 60)} min"
    if row is None or row.started_at is None:
        return (job.name, every, "never", "")
    if row.holder:
        return (job.name, every, f"{local(row.started_at):%Y-%m-%d %H:%M:%S}", "running, or its process has died")
    report = f"failed: {row.error}" if row.error else _shown(row.report or {})
    return (job.name, every, f"{local(row.ended_at or row.started_at):%Y-%m-%d %H:%M:%S}", report)


def _shown(report: Mapping[str, Any]) -> str:
    return ", ".join(f"{k} {v if isinstance(v, int | str) else json.dumps(v)}" for k, v in report.items()) or "done"
