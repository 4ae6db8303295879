"""Telephones that can be called: by number ("+91…") or by name ("client:asha"), one call at a time."""

from __future__ import annotations

import asyncio
from typing import Literal, Protocol

from ivr.carriers.exchange.handset import Handset
from ivr.clock import Clock

KEPT_S = 120.0  # a page is loaded again, or a line lost and found, before somebody else gets its number
Outcome = Literal["answered", "busy", "no-answer"]


class Ringing(Protocol):
    """A call as the telephone that it rings at sees it."""

    sid: str
    caller: str
    called: str
    over: bool

    def hang_up(self, reason: str = "hung up") -> None:
        """End the call."""


class Subscriber:
    """A telephone on a line. `call` is the call that rings or is up there, `holder` the browser that waits there under
    a number ("": it does not)."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset
        self.holder = ""
        self.gone = False
        self._answer: asyncio.Future[Outcome] | None = None
        self._call: Ringing | None = None

    @property
    def call(self) -> Ringing | None:
        """The call that is up or rings."""
        return self._call if self._call and not self._call.over else None

    def take(self, call: Ringing) -> None:
        """A call of its own, which it has dialled."""
        self._call = call

    async def ring(self, call: Ringing, seconds: float, clock: Clock) -> Outcome:
        """Ring for a call until it is answered or refused, or `seconds` of the clock have gone by."""
        if self.call or self.gone:
            return "busy" if self.call else "no-answer"
        self._call, self._answer = call, asyncio.get_running_loop().create_future()
        self.handset.fresh()
        self.handset.sign(type="incoming", call=call.sid, caller=call.caller, called=call.called)
        try:
            return await asyncio.wait_for(self._answer, seconds / clock.speed)
        except TimeoutError:
            return "no-answer"
        finally:
            self._answer = None

    def answer(self, outcome: Outcome) -> None:
        """The receiver is taken up ("answered"), or the call is refused ("busy"). Without a call it means nothing."""
        if self._answer and not self._answer.done():
            self._answer.set_result(outcome)

    def leave(self) -> None:
        """The telephone is gone, and with it its call."""
        self.gone = True
        if self._answer:
            self.answer("no-answer")
        elif self.call:
            self.call.hang_up()


class Subscribers:
    """The telephones by address. Who comes with an address that is there takes it over until it leaves: a page that was
    reloaded, or a second one of the same person. A number under which a browser waits is only that browser's, also for
    `kept_s` real seconds after it left."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._found: dict[str, list[Subscriber]] = {}
        self._held: dict[str, str] = {}
        self._kept_s = kept_s

    def connect(self, address: str, subscriber: Subscriber) -> bool:
        """Let calls to `address` ring here; False: somebody else waits there."""
        if self._held.get(address, subscriber.holder) != subscriber.holder:
            return False
        if subscriber.holder:
            self._held[address] = subscriber.holder
        others = [s for s in self._found.get(address, ()) if s is not subscriber]
        self._found[address] = [*others, subscriber]
        return True

    def disconnect(self, subscriber: Subscriber) -> None:
        """The telephone is gone."""
        left = {a: [s for s in found if s is not subscriber] for a, found in self._found.items()}
        self._found = {a: found for a, found in left.items() if found}
        if subscriber.holder:
            asyncio.get_running_loop().call_later(self._kept_s, self._free, subscriber.holder)

    def get(self, address: str) -> Subscriber | None:
        """The telephone of an address; None when there is none now."""
        found = self._found.get(address)
        return found[-1] if found else None

    def _free(self, holder: str) -> None:
        """Anybody may wait under the numbers where `holder` does not any more."""
        for address in [a for a, by in self._held.items() if by == holder]:
            if not any(s.holder == holder for s in self._found.get(address, ())):
                del self._held[address]
