"""Conversations are played with a draft; the page shows how far they are and what came of them."""

from __future__ import annotations

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from console.accounts.parts import onward
from console.deps import deps
from console.prompts.chosen import Chosen, choose
from console.prompts.deps import prompt_deps
from console.prompts.parts import READERS, for_readers, show
from ivr.gate import open_to
from ivr.trials import keeping
from models.trials import Trial
from prompts.trials import known_trial, trial_of


@for_readers
def begin(id: int) -> Answer:
    """Play them with the draft as it stands."""
    shown = choose(id)
    assert shown.draft is not None
    now, body = deps().now(), shown.body
    with deps().store.begin() as session:
        trial = trial_of(session, now, shown.draft, body).id
        mine = keeping.claim(session, now, trial)
    if mine:
        prompt_deps().rehearse(trial)
    return onward("prompts.publish_page", id=id)


@open_to(*READERS, idle=True)
def look(id: int) -> Response:
    """How far they are; when they are through, the page is to be loaded anew."""
    shown = choose(id)
    with deps().store.read() as session:
        trial = rehearsal_of(session, shown)
    answer = show("rehearsal", shown=shown, trial=trial)
    if trial is None or trial.ended_at is not None:
        answer.headers["HX-Refresh"] = "true"
    return answer


def rehearsal_of(session: Session, shown: Chosen) -> Trial | None:
    """The trial of a draft as it stands, if its conversations are being played or were."""
    assert shown.draft is not None
    found = known_trial(session, shown.draft, shown.body)
    return found if found is not None and found.began_at is not None else None
