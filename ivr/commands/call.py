"""`python app.py call`: a test call through the built-in exchange."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from booking.errors import BookingError
from ivr.application import serve_in_background
from ivr.carriers.exchange.phone import CallRefusedError
from ivr.clock import ZONE, Clock
from ivr.commands.call_run import Report, Way, make
from ivr.commands.call_setup import arrange
from ivr.script import DEFAULT_CALLER, Script, ScriptError, Turn, load
from ivr.settings import Settings, SettingsError
from ivr.settings import load as load_settings
from ivr.speech.errors import SpeechError
from ivr.speech.speak import Speaker
from models.store import Store, StoreError

NOW = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M%z"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("more_audio", nargs=-1, type=FILE)
@click.option("--keys", help="What to press, one turn a word: '1 2 9826401715#'.")
@click.option("--audio", type=FILE, multiple=True, help="WAV files, one a turn; more may follow without --audio.")
@click.option("--script", "script_file", type=FILE, help="A call script (YAML, see ivr/script.py).")
@click.option("--from", "caller", help=f"The caller's number.  [default: the script's, else {DEFAULT_CALLER}]")
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Times real time.")
@click.option("--now", type=NOW, help="Pin the clock at this time (Asia/Kolkata).")
@click.option("--url", help="Call through a running server, ws://host:port; its own clock counts.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(  # noqa: PLR0913 - one parameter an option
    more_audio: tuple[Path, ...],
    keys: str | None,
    audio: tuple[Path, ...],
    script_file: Path | None,
    caller: str | None,
    speed: float,
    now: datetime | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Call the helpline, print the transcript and the booking; exit 1 when what was expected is not so."""
    audio += more_audio
    if sum(map(bool, (keys, audio, script_file))) != 1:
        raise click.UsageError("give one of --keys, --audio and --script")
    if url and (speed != 1.0 or now):
        raise click.UsageError("--speed and --now are for a server of our own, not with --url")
    try:
        script = load(script_file) if script_file else _plain(keys, audio)
        start = now.replace(tzinfo=now.tzinfo or ZONE) if now else script.now
        with _way(url, Clock(start, speed), script, script_file) as way:
            report = asyncio.run(make(way, script, script.caller if caller is None else caller))
    except (ScriptError, SettingsError, StoreError, SpeechError, CallRefusedError, BookingError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(report.plain(), ensure_ascii=False, indent=2) if as_json else _text(report))
    raise SystemExit(1 if report.problems else 0)


def _plain(keys: str | None, audio: tuple[Path, ...]) -> Script:
    if keys is not None:
        return Script("keys", tuple(Turn("keys", word) for word in keys.split()))
    return Script("audio", tuple(Turn("audio", str(path.resolve())) for path in audio))


@contextmanager
def _way(url: str | None, clock: Clock, script: Script, file: Path | None) -> Iterator[Way]:
    """The server to call: a running one, or one of our own for the time of the call."""
    settings = load_settings()
    folder = file.parent if file else Path()
    if url:
        store, speaker = Store(settings.store_url), Speaker(settings.speech, settings.server.var_dir / "speech")
        try:
            yield Way(url, settings.brand.helpline, store, speaker, folder, 1.0)
        finally:
            speaker.stop()
            store.close()
        return
    with serve_in_background(_any_port(settings), clock) as running:
        application = running.application
        arrange(application.helpline.store, script.setup)
        address = "ws" + running.url.removeprefix("http")
        yield Way(
            address, settings.brand.helpline, application.helpline.store, application.speaker, folder, clock.speed
        )


def _any_port(settings: Settings) -> Settings:
    server = settings.server.model_copy(update={"port": 0, "host": "127.0.0.1", "public_url": ""})
    return settings.model_copy(update={"server": server})


def _text(report: Report) -> str:
    lines = [f"{turn.at_s:7.1f}  {turn.who:6}  {turn.text}" for turn in report.turns]
    lines.append(f"call {report.call} ended: {report.reason}; conversation {report.conversation}: {report.outcome}")
    lines += [json.dumps(booking, ensure_ascii=False, indent=2) for booking in report.bookings]
    lines += [f"not as expected: {problem}" for problem in report.problems]
    return "\n".join(lines)
