"""What the pages of prompts need from the application, beside what all pages need (`console/deps.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from dialogs.flow import Graph
from ivr.assembly import Application
from ivr.helpline import PROMPTS
from prompts import folder

NAME = "mitan-prompts"


@dataclass(frozen=True)
class PromptDeps:
    """The files that the product came with (edition 0), and the graph that says the prompts."""

    first: Mapping[str, str]
    graph: Graph


def install(flask: Flask, ours: PromptDeps) -> None:
    """Let the views find what they need."""
    flask.extensions[NAME] = ours


def prompt_deps() -> PromptDeps:
    """Those of the application that answers the present request."""
    found: PromptDeps = current_app.extensions[NAME]
    return found


def deps_of(application: Application) -> PromptDeps:
    """What the pages need, from the application's parts."""
    return PromptDeps(folder.texts(PROMPTS), application.helpline.flow.graph)
