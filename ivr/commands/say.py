"""`python app.py say`: speak a text into a WAV file, as callers would hear it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ivr.settings import SettingsError, load
from ivr.speech import codec, loudness, wav
from ivr.speech.errors import SpeechUnavailable
from ivr.speech.speak import Speaker
from prompts.sentence import Sentence


@click.command()
@click.argument("text")
@click.option("--language", type=click.Choice(["hi", "en"]), default="hi", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="WAV file to write.")
def command(text: str, language: str, out: Path) -> None:
    """Speak TEXT into a WAV file and print its length and level."""
    try:
        audio = _spoken(Sentence(text, language))
        pcm = codec.to_pcm(audio)
        wav.write_wav(out, pcm)
    except (SettingsError, SpeechUnavailable) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}.") from None
    level = loudness.level_dbfs(pcm)
    click.echo(f"{out}: {codec.seconds(audio):.2f} s, {level:.1f} dBFS, peak {loudness.peak_dbfs(pcm):.1f} dBFS")


def _spoken(sentence: Sentence) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        speaker = Speaker(load().speech, Path(folder))
        try:
            return speaker.audio_now(sentence)
        finally:
            speaker.stop()
