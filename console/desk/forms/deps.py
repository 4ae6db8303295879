"""What the agents' forms need beside the console's own: the rules of the domain and the wording of notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app

from booking.appeal_rules import AppealRules
from booking.complaint_stages import ComplaintRules
from booking.notices import Notices
from booking.rules import VisitRules
from console.documents import document_name
from ivr.assembly import Application
from ivr.helpline import appeal_rules_of, complaint_rules_of, rules_of

NAME = "mitan-forms"


@dataclass(frozen=True)
class FormsDeps:
    """The rules of visits, complaints and appeals, and the wording of notices. `document_name(language, id)` names a
    document."""

    rules: VisitRules
    wording: Notices
    document_name: Callable[[str, str], str]
    complaints: ComplaintRules = field(default_factory=ComplaintRules)
    appeals: AppealRules = field(default_factory=AppealRules)


def forms() -> FormsDeps:
    """Those of the application that answers the present request."""
    found: FormsDeps = current_app.extensions[NAME]
    return found


def install(flask: Flask, own: FormsDeps) -> None:
    """Give them to the pages of `flask`."""
    flask.extensions[NAME] = own


def deps_of(application: Application) -> FormsDeps:
    """From the application's parts."""
    settings, prompts = application.settings, application.helpline.prompts
    return FormsDeps(
        rules=rules_of(settings),
        wording=application.helpline.wordings.notices,
        document_name=lambda language, id: document_name(prompts, language, id),
        complaints=complaint_rules_of(settings),
        appeals=appeal_rules_of(settings),
    )
