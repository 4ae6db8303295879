"""The rules of the desk; the settings are turned into one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class DeskRules:
    """How callers wait and agents are found.

    An agent has `offer_s` seconds to accept; who refused is asked again after `again_s` seconds at the earliest, and
    only when nobody else is ready. A broken line keeps its place for `drop_min` minutes. An agent whose page has given
    no sign of life for `gone_s` seconds is not offered anything. Until calls were handled, one is taken to last
    `handling_s` seconds. The target: `target` of the callers answered within `within_s` seconds. Calls back are
    promised in slots of `callback_slot_min` minutes, `callbacks` in each. A missed caller is called back within
    `missed_min` minutes, an address typed in within `address_min`. A booking made over `doubtful` answers not
    understood, or more, is confirmed by phone. To who has to wait `long_wait_s` seconds or more a call back is offered
    first. Whom the bot has no room for waits for an agent if that takes `overload_wait_s` seconds at most.
    """

    offer_s: float = 20.0
    again_s: float = 10.0
    drop_min: float = 3.0
    gone_s: float = 30.0
    handling_s: float = 240.0
    long_wait_s: float = 180.0
    target: float = 0.8
    within_s: float = 20.0
    callback_slot_min: int = 30
    callbacks: int = 4
    missed_min: float = 60.0
    address_min: float = 240.0
    doubtful: int = 4
    overload_wait_s: float = 600.0

    @property
    def offer(self) -> timedelta:
        """How long an offer stands."""
        return timedelta(seconds=self.offer_s)

    @property
    def again(self) -> timedelta:
        """How long who refused is left alone."""
        return timedelta(seconds=self.again_s)

    @property
    def drop(self) -> timedelta:
        """How long a broken line keeps its place."""
        return timedelta(minutes=self.drop_min)

    @property
    def gone(self) -> timedelta:
        """After which silence an agent's page is taken to be closed."""
        return timedelta(seconds=self.gone_s)
