"""The interface put into the server's application."""

from __future__ import annotations

from flask import Flask

from console.api.deps import ApiDeps, Limits
from console.api.service import PREFIX, api
from console.documents import document_name
from ivr import gate
from ivr.assembly import Application
from ivr.helpline import appeal_rules_of, complaint_rules_of, rules_of


def mount(flask: Flask, application: Application) -> None:
    """Serve the interface below `/api/v1`."""
    gate.mount(flask, PREFIX, api(deps_of(application)), "bearer tokens with scopes (console/api/client.py)")


def deps_of(application: Application) -> ApiDeps:
    """What the interface needs, from the application's parts."""
    settings, helpline = application.settings, application.helpline
    return ApiDeps(
        store=helpline.store,
        now=application.clock.now,
        rules=rules_of(settings),
        wording=application.helpline.wordings.notices,
        complaint_rules=complaint_rules_of(settings),
        appeal_rules=appeal_rules_of(settings),
        document_name=lambda language, id: document_name(helpline.prompts, language, id),
        timed=lambda endpoint, seconds: application.metrics.webhook.labels(endpoint).observe(seconds),
        limits=Limits(**settings.api.model_dump()),
    )
