"""All routes of the agents' forms, on one blueprint."""

from __future__ import annotations

from flask import Blueprint, Flask

from console.desk.forms import (
    appeal,
    booking,
    call,
    choosing,
    complaint,
    complaint_deeds,
    complaint_new,
    deeds,
    deps,
    finding,
    looks,
    new,
    record,
)
from console.routing import READ, SEND, routed

ROUTES = (
    ("/forms/<handoff>", "call", call.forms_of, READ),
    ("/records", "records", call.records, READ),
    ("/new", "new", new.new, READ),
    ("/new", "new_now", new.new_now, SEND),
    ("/times", "times", choosing.free, SEND),
    ("/hold", "hold", choosing.hold, SEND),
    ("/papers", "papers", choosing.papers, READ),
    ("/booking", "find", finding.find, READ),
    ("/booking", "find_now", finding.find_now, SEND),
    ("/booking/<number>", "booking", booking.booking, READ),
    ("/booking/<number>/move", "move_now", deeds.move_now, SEND),
    ("/booking/<number>/cancel", "cancel_now", deeds.cancel_now, SEND),
    ("/booking/<number>/stage", "stage_now", deeds.stage_now, SEND),
    ("/booking/<number>/details", "details_now", deeds.details_now, SEND),
    ("/complaint", "complaint_new", complaint_new.new, READ),
    ("/complaint", "complaint_new_now", complaint_new.new_now, SEND),
    ("/complaint/<number>", "complaint", complaint.complaint, READ),
    ("/complaint/<number>", "complaint_now", complaint_deeds.complaint_now, SEND),
    ("/appeal/<number>", "appeal", appeal.appeal, READ),
    ("/appeal/<number>", "appeal_now", appeal.appeal_now, SEND),
    ("/others/<number>", "others", record.others, READ),
)


def blueprint() -> Blueprint:
    """The routes below `/desk`; `mount` it after `console.keeper.install`."""
    return routed(__name__, "forms", "/desk", ROUTES, "/forms-static")


def mount(flask: Flask, own: deps.FormsDeps) -> None:
    """The forms with what they need."""
    deps.install(flask, own)
    looks.install(flask)
    flask.register_blueprint(blueprint())
