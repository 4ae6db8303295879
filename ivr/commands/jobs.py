"""`python app.py jobs NAME`: run a job once, now. The server runs the same jobs by itself."""

from __future__ import annotations

from collections.abc import Callable

import click

from booking import jobs
from booking.rules import VisitRules
from ivr.clock import Clock
from ivr.schedule import Carrier
from ivr.settings import Settings, SettingsError, load
from models.store import Store, StoreError

Job = Callable[[Store, Settings], str]


def _release_expired(store: Store, _settings: Settings) -> str:
    with store.begin() as session:
        return f"{jobs.release_expired(session, Clock().now())} expired holds released"


def _ensure_slots(store: Store, settings: Settings) -> str:
    rules = VisitRules(**settings.visits.model_dump())
    with store.begin() as session:
        return f"{jobs.ensure_slots(session, Clock().now(), rules)} slots added"


def _send_notices(store: Store, settings: Settings) -> str:
    carrier = _carrier(settings)
    report = jobs.send_notices(store, Clock().now(), carrier.send_message, carrier.sent_message)
    return f"{report.sent} notices sent, {report.retried} to be tried again, {report.failed} given up"


def _carrier(settings: Settings) -> Carrier:
    if not settings.twilio:
        # The built-in exchange lives in the server's process and its telephones with it.
        raise click.ClickException(
            "without TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN only the running server (`make run`) sends notices."
        )
    from ivr.carriers.twilio.client import Account, TwilioClient  # here, as it takes half a second

    secret = settings.twilio_auth_token.get_secret_value()
    return TwilioClient(Account(settings.twilio_account_sid, secret, settings.twilio_number))


JOBS: dict[str, Job] = {
    "release_expired": _release_expired,
    "send_notices": _send_notices,
    "ensure_slots": _ensure_slots,
}


@click.command()
@click.argument("name", type=click.Choice(sorted(JOBS)))
def command(name: str) -> None:
    """Run the job NAME once, now."""
    try:
        settings = load()
        store = Store(settings.store_url)
        store.ready()
        click.echo(JOBS[name](store, settings))
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    store.close()
