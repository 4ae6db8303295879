"""How a sentence that is said into a page is heard, and from which certainty on the helpline takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from dialogs.flow import Limits
from dialogs.understand import Hearing
from ivr.actions import Listen
from ivr.assembly import Application

NAME = "mitan-prompts-ears"


@dataclass(frozen=True)
class Ears:
    """The limits of conversations, the languages that have a recogniser, and `hear(listen, audio)`: what was said in
    8 kHz mu-law audio, best first."""

    limits: Limits
    languages: Callable[[], tuple[str, ...]]
    hear: Callable[[Listen, bytes], tuple[Hearing, ...]]


def install(flask: Flask, ours: Ears) -> None:
    """Let the views find what they need."""
    flask.extensions[NAME] = ours


def ears() -> Ears:
    """Those of the application that answers the present request."""
    found: Ears = current_app.extensions[NAME]
    return found


def ears_of(application: Application) -> Ears:
    """The recognisers of the calls, which are used beside these."""
    own = application.ears

    def hear(listen: Listen, audio: bytes) -> tuple[Hearing, ...]:
        ear = own.ear(listen)
        ear.feed(audio)
        return asyncio.run(ear.finish())

    return Ears(application.helpline.flow.limits, lambda: own.languages, hear)
