"""The routes of the agent's own page, on one blueprint."""

from __future__ import annotations

from flask import Blueprint

from console.desk import acts, calling, card, line, now, page, panels, presence, unsent
from console.routing import READ, SEND, routed

ROUTES = (
    ("", "page", page.page, READ),
    ("/line", "line", line.line, READ),
    ("/work-due", "work", line.work, READ),
    ("/now", "now", now.now, READ),
    ("/status", "status", presence.status, READ),
    ("/alive", "alive", presence.alive, SEND),
    ("/ready", "ready", presence.ready, SEND),
    ("/break", "pause", presence.pause, SEND),
    ("/no-break", "stay", presence.stay, SEND),
    ("/leave", "leave", presence.leave, SEND),
    ("/unsent/<form>", "unsent", unsent.keep, SEND),
    ("/post", "post", presence.post, READ),
    ("/post", "post_now", presence.post_now, SEND),
    ("/calling/<int:task>", "calling", calling.calling, READ),
    ("/calling/<int:task>", "call", calling.call, SEND),
    ("/call/<int:handoff>", "card", card.card, READ),
    ("/call/<int:handoff>/offer", "offer", card.offer, READ),
    ("/call/<int:handoff>/said", "said", card.said, READ),
    ("/call/<int:handoff>/facts", "facts", card.facts, READ),
    ("/call/<int:handoff>/caller", "caller", card.caller, READ),
    ("/call/<int:handoff>/controls", "controls", panels.controls, READ),
    ("/call/<int:handoff>/panel/<name>", "panel", panels.panel, READ),
    ("/call/<int:handoff>/refuse", "refuse", acts.refuse, SEND),
    ("/call/<int:handoff>/hold", "hold", acts.hold, SEND),
    ("/call/<int:handoff>/mute", "mute", acts.mute, SEND),
    ("/call/<int:handoff>/second", "second", acts.second, SEND),
    ("/call/<int:handoff>/transfer", "transfer", acts.transfer, SEND),
    ("/call/<int:handoff>/back", "back", acts.back, SEND),
    ("/call/<int:handoff>/hang-up", "hang_up", acts.hang_up, SEND),
    ("/call/<int:handoff>/part", "part", acts.part, SEND),
    ("/call/<int:handoff>/finish", "finish", acts.finish, SEND),
)


def blueprint() -> Blueprint:
    """The routes; `console.keeper.install` and `console.desk.deps.install` first."""
    return routed(__name__, "desk", "/desk", ROUTES, "/static")
