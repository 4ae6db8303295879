"""What queue and carrier have in common: a change of the line in the store, then what the carrier does about it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from threading import Event
from typing import TypeVar

from sqlalchemy.orm import Session

from booking.desk.retrying import in_turn
from booking.desk.rules import DeskRules
from ivr.bridge import Bridge, BridgeFailed
from ivr.desk.legs import legs_of
from ivr.helpline import Helpline

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)  # between the tries of what the carrier did not do
HANDS = 8  # threads that ask the carrier
Result = TypeVar("Result")
log = logging.getLogger(__name__)


@dataclass
class Switchroom:
    """The store's side (`helpline`, `rules`), the carrier's (`bridge`; `browser`: where the browser telephone of an
    account is called), and `kick`, which has the line looked at now.

    What has been decided in the store holds, also when the carrier does not do it at once: it is asked again, in a
    thread beside.
    """

    helpline: Helpline
    rules: DeskRules
    bridge: Callable[[], Bridge]
    browser: Callable[[str], str]
    kick: Callable[[], None] = lambda: None
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(HANDS, thread_name_prefix="desk"))
    closing: Event = field(default_factory=Event)

    @property
    def ring_s(self) -> int:
        """How long a telephone rings, seconds; a carrier's least is 5."""
        return max(5, ceil(self.rules.offer_s))

    def change(self, handoff: int, deed: Callable[[Session], Result]) -> Result:
        """Change a handoff in the store; the telephones of agents who are not in it any more are hung up. Raises what
        `deed` raises, Conflict, StoreError."""
        result, idle = self.changed(handoff, deed)
        self.hang_up(idle)
        self.kick()
        return result

    def changed(self, handoff: int, deed: Callable[[Session], Result]) -> tuple[Result, list[str]]:
        """Change a handoff in the store; the legs that nobody needs any more are left to the caller of this."""

        def with_legs(session: Session) -> tuple[Result, list[str]]:
            before = legs_of(session, handoff)
            result = deed(session)
            after = legs_of(session, handoff)
            return result, [leg for leg in before.values() if leg not in after.values()]

        return in_turn(self.helpline.store, with_legs)

    def carry(self, *deeds: Callable[[Bridge], object]) -> None:
        """Let the carrier do these, one after the other, in a thread beside: again and again for a while where it
        fails, and not where call or room is gone."""
        if deeds:
            self.hands.submit(self._carried, deeds)

    def hang_up(self, legs: Iterable[str]) -> None:
        """Put down the telephones of those who are not in a call any more."""
        self.carry(*(_hang_up(leg) for leg in legs))

    def _carried(self, deeds: tuple[Callable[[Bridge], object], ...]) -> None:
        for deed in deeds:
            try:
                self.surely(deed)
            except BridgeFailed as failed:
                log.warning("the carrier did not do what the queue decided: %s", failed)
            except Exception:
                log.exception("the carrier could not be asked")

    def surely(self, deed: Callable[[Bridge], Result]) -> Result:
        """Ask the carrier, again for a while; raises BridgeFailed."""
        for pause in PAUSES_S:
            try:
                return deed(self.bridge())
            except BridgeFailed as failed:
                if failed.permanent:
                    raise
                log.info("the carrier is asked again: %s", failed)
            self.pause(pause)
        return deed(self.bridge())

    def pause(self, seconds: float) -> None:
        """Wait, in a thread beside; not when everything ends."""
        self.closing.wait(seconds / self.helpline.clock.speed)

    def close(self) -> None:
        """Ask for nothing more; what is under way is waited for."""
        self.closing.set()
        self.hands.shutdown(cancel_futures=True)


def _hang_up(leg: str) -> Callable[[Bridge], object]:
    return lambda bridge: bridge.hang_up(leg)
