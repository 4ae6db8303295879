"""The exchange: the calls that are up, the messages that were sent, the recordings that were made."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Mapping

from ivr.carriers.exchange.call import Agent, Call
from ivr.carriers.exchange.handset import Handset
from ivr.carriers.exchange.message import Message, report
from ivr.carriers.exchange.oncall import Exchanges
from ivr.carriers.exchange.outgoing import Order, OutgoingCall
from ivr.carriers.exchange.recordings import Recordings
from ivr.carriers.exchange.subscribers import Subscribers
from ivr.carriers.exchange.trunk import Trunk
from ivr.clock import Clock

KEPT_MESSAGES = 1000
CLOSE_S = 3.0  # real time that running calls have to end when the server stops


class AllLinesBusyError(Exception):
    """The exchange has as many calls as it may have. Try again later, or raise `max_calls`."""


class Exchange:
    """A telephone exchange in this process. Everything happens on the event loop."""

    def __init__(self, trunk: Trunk, clock: Clock, max_calls: int = 500) -> None:
        self.shared = Exchanges(trunk, clock, Recordings())
        self.calls: dict[str, Call] = {}
        self.messages: deque[Message] = deque(maxlen=KEPT_MESSAGES)
        self.switched_off: set[str] = set()  # numbers whose telephones get no messages
        self._max_calls = max_calls
        self.subscribers = Subscribers()
        self._running: set[asyncio.Task[None]] = set()
        self._telephones: dict[Handset, str] = {}

    def dial(
        self,
        numbers: tuple[str, str],
        handset: Handset,
        agent: Agent = "no-answer",
        parameters: Mapping[str, str] | None = None,
    ) -> Call:
        """Begin a call (`numbers`: caller, called); it runs by itself. Raises AllLinesBusyError."""
        self._telephones[handset] = numbers[0]
        return self._begun(Call(self.shared, numbers, handset, agent, parameters))

    def order(self, order: Order) -> Call:
        """Begin a call to a telephone of the exchange. Raises AllLinesBusyError."""
        return self._begun(OutgoingCall(self.shared, order, self.subscribers.get(order.to)))

    def _begun(self, call: Call) -> Call:
        if len(self.calls) >= self._max_calls:
            raise AllLinesBusyError(f"all {self._max_calls} lines are taken")
        self.calls[call.sid] = call
        task = asyncio.create_task(call.run(), name=f"call-{call.sid}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: self.calls.pop(call.sid, None))
        return call

    def deliver(self, to: str, text: str, callback: str = "") -> Message:
        """Take a message and show it on the telephones that called from the number; `callback` is told of it."""
        message = Message(f"SM{secrets.token_hex(16)}", to, text, self.shared.clock.now(), callback)
        self.messages.append(message)
        off = to in self.switched_off
        for handset, number in self._telephones.items():
            if number == to and not off:
                handset.sign(type="sms", text=text)
        if callback:
            task = asyncio.create_task(report(self.shared.trunk, message, off=off))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return message

    def unplug(self, handset: Handset) -> None:
        """The telephone is gone: it gets no messages any more."""
        self._telephones.pop(handset, None)

    async def close(self) -> None:
        """Hang up all calls and wait a little for them to end."""
        for call in list(self.calls.values()):
            call.hang_up("the exchange closes")
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_S)
        for room in list(self.shared.rooms.values()):
            room.end()
            await room.closed()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
