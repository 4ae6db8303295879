"""`python app.py hear`: recognise what is said in a WAV file, as a call would."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from ivr.actions import Listen
from ivr.line import FRAME_BYTES
from ivr.settings import SettingsError, load
from ivr.speech import codec, wav
from ivr.speech.errors import BadAudio
from ivr.speech.models import LANGUAGES, load_models
from ivr.speech.recognise import Recognisers
from ivr.speech.track import Heard


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), help="Listen in this language only.")
@click.option("--grammar", multiple=True, metavar="PHRASE", help="Expect this phrase; may be given often.")
def command(file: Path, language: str | None, grammar: tuple[str, ...]) -> None:
    """Recognise what is said in the WAV file FILE: a line of JSON a language, best first.

    Without --grammar it is decoded freely.
    """
    languages = (language,) if language else LANGUAGES
    listen = Listen("hear", "intent", languages, tuple((lang, grammar) for lang in languages if grammar))
    try:
        audio = codec.to_ulaw(wav.read_wav(file))
        settings = load().speech
    except (BadAudio, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    models = load_models(settings, lambda line: click.echo(line, err=True))
    for warning in (*(models.missing[lang] for lang in languages if lang in models.missing), *models.warnings):
        click.echo(warning, err=True)
    if not any(lang in models.loaded for lang in languages):
        raise SystemExit(1)
    recognisers = Recognisers(settings, models)
    heard = asyncio.run(_heard(recognisers, listen, audio))
    recognisers.close()
    spoken = [lang for lang in languages if lang in models.loaded]
    best_first = sorted(
        zip(spoken, heard, strict=True), key=lambda one: -(one[1].hearing.confidence if one[1].hearing else 0)
    )
    for lang, one in best_first:
        click.echo(json.dumps(_line(lang, one), ensure_ascii=False))


async def _heard(recognisers: Recognisers, listen: Listen, audio: bytes) -> tuple[Heard, ...]:
    ear = recognisers.ear(listen)
    for at in range(0, len(audio), FRAME_BYTES):
        ear.feed(audio[at : at + FRAME_BYTES])
    return await ear.heard()


def _line(language: str, heard: Heard) -> dict[str, object]:
    said = heard.hearing
    return {
        "language": language,
        "text": said.text if said else "",
        "confidence": said.confidence if said else 0.0,
        "words": [
            {"word": w.text, "confidence": round(w.confidence, 3), "start_s": w.start, "end_s": w.end}
            for w in heard.words
        ],
        "free": heard.free,
        "decoding_ms": round(heard.decoding_ms, 1),
    }
