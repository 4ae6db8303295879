"""The parts of the desk of one process, joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booking.desk.rules import DeskRules
from ivr.bridge import Bridge
from ivr.desk.broken import Broken
from ivr.desk.controls import Controls
from ivr.desk.listening import Listening
from ivr.desk.offers import Offers
from ivr.desk.queue_desk import QueueDesk
from ivr.desk.ringing import Ringing
from ivr.desk.switchroom import Switchroom
from ivr.desk.tender import Tender
from ivr.desk.waiting import Waiting
from ivr.helpline import Helpline


@dataclass(frozen=True)
class Floor:
    """What the carrier asks, what the pages use, and the thread that looks after the line."""

    desk: QueueDesk
    controls: Controls
    tender: Tender


def floor(
    shared: Helpline,
    rules: DeskRules,
    bridge: Callable[[], Bridge],
    browser: Callable[[str], str],
    has_room: Callable[[], bool] = lambda: True,
) -> Floor:
    """The desk over a helpline and a carrier; `browser` is where the browser telephone of an account is called,
    `has_room` whether the bot could take one more call."""
    switchroom = Switchroom(shared, rules, bridge, browser)
    ringing, listening = Ringing(switchroom), Listening(switchroom)
    broken = Broken(switchroom, listening)
    tender = Tender(switchroom, ringing)
    switchroom.kick = tender.kick
    offers = Offers(switchroom, ringing, listening, broken)
    desk = QueueDesk(switchroom, Waiting(shared, rules, has_room), offers, listening, broken)
    return Floor(desk, Controls(switchroom, listening), tender)
