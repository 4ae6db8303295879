"""A sentence is tried on a draft: typed or said, it is shown what is understood of it, why, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Response, abort, request

from booking.zone import local
from console.deps import deps
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.ears import ears
from console.prompts.parts import fetched, for_readers, show, typed
from console.prompts.weighing import lexicon
from dialogs.check import EXPECTS
from dialogs.doubt import HARMLESS
from dialogs.understand import Hearing, Lexicon, Meaning
from dialogs.understand.compare import Said, outcome
from dialogs.understand.explain import Reason, Word, known, reasons
from dialogs.understand.grammar import grammar
from dialogs.understand.lines import same
from ivr.actions import Listen
from ivr.speech import codec, wav
from ivr.speech.errors import BadAudio

LONGEST = 500  # characters of a sentence; understanding itself reads 600
MOST_BYTES = 1_000_000  # of a recording: a minute of what the page sends
SPOKEN = ("hi", "en")


@dataclass(frozen=True)
class Tried:
    """What came of a sentence: its meaning and why, what the helpline does with it ("taken", "which", "ask_back",
    "kind" or "not"), and its meaning in the present edition where that is another (else None)."""

    said: Said
    meaning: Meaning
    verdict: str
    reasons: Sequence[Reason]
    words: Sequence[Word]
    present: Meaning | None
    heard: bool = False


@for_readers
def page(id: int) -> Response:
    """The form."""
    return _page(choose(id), _asked("", "intent", "hi"))


@for_readers
def typed_in(id: int) -> Response:
    """A sentence was typed."""
    shown = choose(id)
    said = _asked(typed("said"), typed("at"), typed("language"))
    if len(said.text) > LONGEST:
        return _page(shown, said, problem="long")
    return _page(shown, said, _tried(shown, said, Hearing(said.text)) if said.text.strip() else None)


@for_readers
def spoken(id: int) -> Response:
    """A sentence was said: the body is a WAV file."""
    shown = choose(id)
    said = _asked("", request.args.get("at", ""), request.args.get("language", ""))
    if said.language not in ears().languages():
        return _page(shown, said, problem="no_model")
    try:
        hearing = _heard(said, lexicon(shown.contents))
    except BadAudio:
        return _page(shown, said, problem="bad_audio")
    if hearing is None:
        return _page(shown, said, problem="silence")
    return _page(shown, said, _tried(shown, said, hearing, heard=True))


def _asked(text: str, at: str, language: str) -> Said:
    """The sentence at its question, with two times on offer where one of them is to be chosen. Answers 400 for a
    question or language that there is none of."""
    at, language = at or "intent", language or "hi"
    if at not in questions() or language not in SPOKEN:
        abort(400)
    now = local(deps().now()).replace(tzinfo=None)
    among = _areas() if at == "area" else ()
    return Said(text, at, language, now, offers(now) if at == "slot" else (), 10 if at == "digits" else None, among)


def questions() -> tuple[str, ...]:
    """The kinds of questions that can be tried."""
    return tuple(expect for expect in EXPECTS if expect != "area" or _areas())


def _areas() -> tuple[str, ...]:
    """The areas of the first city that has any."""
    return next((tuple(a.id for a in city.areas) for city in prompt_deps().names.catalogue.cities if city.areas), ())


def offers(now: datetime) -> tuple[datetime, ...]:
    """The times on offer: tomorrow at ten and at three."""
    day = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return day.replace(hour=10), day.replace(hour=15)


def _heard(said: Said, own: Lexicon) -> Hearing | None:
    """What was said in the recording that was sent; None: nothing. Raises BadAudio."""
    if (request.content_length or 0) > MOST_BYTES:
        raise BadAudio("too long")
    audio = codec.to_ulaw(wav.pcm_of(request.get_data(cache=False)))
    expected = grammar(said.expect, said.language, own, said.offers, said.among, said.length)
    free = said.expect in ("text", "about")
    found = ears().hear(Listen("", said.expect, (said.language,), ((said.language, expected),), free), audio)
    return next((one for one in found if one.text), None)


def _tried(shown: Chosen, said: Said, hearing: Hearing, heard: bool = False) -> Tried:
    own, said = lexicon(shown.contents), replace(said, text=hearing.text)
    meaning = said.meaning(own, hearing.confidence)
    present = said.meaning(lexicon(choose(None).contents), hearing.confidence)
    other = None if same(outcome(present), outcome(meaning)) else present
    why = reasons(said, own, meaning)
    return Tried(said, meaning, _verdict(meaning), why, known(said, own), other, heard)


def _verdict(meaning: Meaning) -> str:
    """What the helpline does with it (see dialogs.answers.take)."""
    limits, found = ears().limits, meaning.gold()
    if meaning.confidence < limits.floor or not found:
        return "kind" if outcome(meaning) else "not"
    if meaning.confidence < limits.doubtful and meaning.intent not in HARMLESS and set(found) != {"text"}:
        return "ask_back"
    return "which" if len(meaning.service) > 1 or len(meaning.city) > 1 else "taken"


def _page(shown: Chosen, said: Said, tried: Tried | None = None, problem: str = "") -> Response:
    """The page, or what was understood alone where that is asked for."""
    lists = {spot.key for spot in shown.contents if spot.kind == "phrases"}
    return show("tried" if fetched() else "try", 422 if problem and not fetched() else 200, shown=shown, said=said,
                tried=tried, problem=problem, questions=questions(), languages_spoken=SPOKEN, lists=lists,
                limits=ears().limits)  # fmt: skip
