"""The pages of misses and of prompts over a helpline with its conversations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask
from werkzeug.test import TestResponse

from booking import conversations
from booking.zone import local
from console.misses import routes as misses
from console.prompts import deps
from console.prompts import routes as prompts
from console.prompts.deps import PromptDeps
from dialogs.understand import Hearing
from ivr.conversation import Conversation
from ivr.helpline import PROMPTS, Helpline
from prompts import folder
from prompts.editions import current
from tests.calls.player import PinnedClock
from tests.console.accounts.house import Browser, application, everybody
from tests.console.prompts.house import rehearsed, spoken

HOME = "/admin/misses"
UNKNOWN = "टैक्स वाला नंबर के परमिशन"  # not understood as it comes


def furnished(helpline: Helpline) -> Flask:
    """The pages, at the time of the helpline."""
    store = helpline.store
    everybody(store)
    flask = application(store, helpline.clock)  # type: ignore[arg-type]
    ours = PromptDeps(folder.texts(PROMPTS), helpline.flow.graph, helpline.prompts, helpline.names, spoken, -20.0,
                      rehearse=rehearsed(store, helpline.clock.now))  # fmt: skip
    deps.install(flask, ours)
    flask.register_blueprint(prompts.blueprint())
    flask.register_blueprint(misses.blueprint())
    return flask


def call(helpline: Helpline, *said: str) -> Conversation:
    """A call in Hindi; what begins with # is keyed, what ends with ? is heard badly."""
    with helpline.store.begin() as session:
        now = helpline.clock.now()
        caller = f"+9198{now:%d%H%M%S}"  # a new one each time, whose language is not known yet
        id = conversations.start(session, now, "phone", caller, edition=current(session, local(now)))
    talk = Conversation(helpline, id)
    talk.begin()
    for text in ("#1", *said):
        if text.startswith("#"):
            talk.keyed(text[1:])
        else:
            talk.heard([Hearing(text.rstrip("?"), 0.5 if text.endswith("?") else 1.0, "hi")])
    clock_of(helpline).move(60)
    return talk


def clock_of(helpline: Helpline) -> PinnedClock:
    """The clock, which a test moves."""
    assert isinstance(helpline.clock, PinnedClock)
    return helpline.clock


def hashes(text: str) -> list[str]:
    """The hashes of the sentences of a form."""
    return re.findall(r'name="sentence" value="(\w+)"', text)


def forms(text: str) -> list[str]:
    """The addresses of the forms that the list leads to."""
    return [
        at.replace("&amp;", "&") for at in re.findall(rf'class="button[^"]*to-form" href="({HOME}/\w+/[^"]+)"', text)
    ]


def send(browser: Browser, at: str, act: str = "assign", **typed: object) -> TestResponse:
    """Send the form of a group as it stands on its page, with what is typed in it."""
    text = browser.get(at).text
    filled = {"phrases": _area(text), "target": _selected(text, "target"), "draft": _selected(text, "draft")}
    name = re.search(r'name="name" value="([^"]*)"', text)
    filled["name"] = name[1] if name else ""
    return browser.post(at, **{"sentence": hashes(text), **filled, "act": act, **typed})


def _area(text: str) -> str:
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", text)
    return found[1] if found else ""


def _selected(text: str, name: str) -> str:
    (select,) = re.findall(rf'<select[^>]*name="{name}".*?</select>', text, re.DOTALL)
    found: Sequence[str] = re.findall(r'value="([^"]*)" selected', select)
    return found[0] if found else ""
