"""What the pages of prompts need from the application, beside what all pages need (`console/deps.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from dialogs.flow import Graph
from ivr.assembly import Application
from ivr.helpline import PROMPTS
from ivr.names import CatalogueNames
from ivr.trials.beside import Rehearsals
from prompts import folder
from prompts.render import Prompts
from prompts.sentence import Sentence

NAME = "mitan-prompts"


@dataclass(frozen=True)
class PromptDeps:
    """The files and prompts that the product came with (edition 0), the graph that says the prompts, the names of
    services and cities, `audio(sentence)` in the voice of the helpline (8 kHz mu-law; raises SpeechUnavailable), and
    the loudness of all prompts in dBFS. `proof(trial)` lets a call try a draft; `test_number` ("": none) is where one
    is heard by telephone. `rehearse(trial)` begins to play conversations with it."""

    first: Mapping[str, str]
    graph: Graph
    prompts: Prompts
    names: CatalogueNames
    audio: Callable[[Sentence], bytes]
    level_dbfs: float
    proof: Callable[[int], str] = lambda trial: ""
    test_number: str = ""
    rehearse: Callable[[int], None] = lambda trial: None


def install(flask: Flask, ours: PromptDeps) -> None:
    """Let the views find what they need."""
    flask.extensions[NAME] = ours


def prompt_deps() -> PromptDeps:
    """Those of the application that answers the present request."""
    found: PromptDeps = current_app.extensions[NAME]
    return found


def deps_of(application: Application) -> PromptDeps:
    """What the pages need, from the application's parts."""
    own, settings = application.helpline, application.settings
    return PromptDeps(
        first=folder.texts(PROMPTS),
        graph=own.flow.graph,
        prompts=own.prompts,
        names=own.names,
        audio=application.speaker.audio_now,
        level_dbfs=settings.speech.level_dbfs,
        proof=application.reception.proofs.give,
        test_number=settings.dialog.test_number,
        rehearse=Rehearsals(own.store, settings.store_url, application.clock.now).begin,
    )
