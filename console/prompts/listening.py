"""A prompt is heard at once, in the voice of the helpline and with sample values, also before it is saved."""

from __future__ import annotations

from flask import Response, abort, request

from booking.zone import local
from console.deps import deps
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import LONGEST, WORDS, for_readers
from console.prompts.samples import samples
from ivr.speech import codec, wav
from ivr.speech.errors import SpeechUnavailable
from prompts.contents import Spot
from prompts.errors import PromptError, TextError
from prompts.render import Prompts
from prompts.sentence import Sentence
from prompts.template import sentences
from prompts.wording import taken


@for_readers
def hear(id: int, language: str, key: str) -> Response:
    """The audio of a prompt as the draft has it, or of the `?text=` typed for it."""
    shown, spot = choose(id), Spot("prompt", language, key)
    if spot not in shown.contents:
        abort(404)
    try:
        audio = b"".join(prompt_deps().audio(sentence) for sentence in _sentences(shown, spot, _text(shown, spot)))
    except (TextError, PromptError):
        return Response(f"{WORDS['en']['unheard']}\n", 422, mimetype="text/plain")
    except SpeechUnavailable:
        return Response(f"{WORDS['en']['unheard']}\n", 503, mimetype="text/plain")
    return Response(wav.to_wav(codec.to_pcm(audio)), mimetype="audio/wav")


def _text(shown: Chosen, spot: Spot) -> str:
    """What is to be heard. Raises TextError for what was typed and cannot be said."""
    typed = request.args.get("text", "")[:LONGEST]
    return taken(spot, typed, shown.base[spot], ())[0] if typed else shown.contents[spot][0]


def _sentences(shown: Chosen, spot: Spot, text: str) -> tuple[Sentence, ...]:
    """The sentences with sample values. Raises PromptError."""
    ours = prompt_deps()
    own = ((s, v) for s, v in shown.contents.items() if (s.kind, s.language) == (spot.kind, spot.language))
    said = {s.key: sentences(value[0]) for s, value in own}
    prompts = Prompts({spot.language: {**said, spot.key: sentences(text)}}, ours.prompts)
    now = local(deps().now())
    values = samples([text], spot.language, ours.names.catalogue, now)
    values |= {"brand": deps().brand[spot.language], "helpline": deps().helpline}
    return prompts.render(spot.language, spot.key, values, ours.names, now)
