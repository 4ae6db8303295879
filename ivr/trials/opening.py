"""Which new calls try a draft: those with a proof, and those to the test number."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ivr.helpline import PROMPTS, Helpline
from models.trials import Trial
from prompts import drafts, folder
from prompts.trials import trial_of


class TrialRefused(Exception):  # noqa: N818
    """The call wants to try a draft and may not: it ends, rather than becoming a citizen's call."""


def dialled(helpline: Helpline, session: Session, called: str) -> int | None:
    """The trial that is heard at the number `called`; None: it is not the test number. Raises TrialRefused: there is no
    draft."""
    if not called or called != helpline.settings.dialog.test_number:
        return None
    draft = drafts.on_number(session)
    if draft is None:
        raise TrialRefused("the test number was called, and there is no draft")
    body = drafts.body_of(session, draft, folder.texts(PROMPTS))
    return trial_of(session, helpline.clock.now(), draft, body).id


def known(session: Session, trial: int) -> bool:
    """Whether the trial is there still."""
    return session.get(Trial, trial) is not None
