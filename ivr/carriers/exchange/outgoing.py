"""A call that the application makes: it rings at a telephone of the exchange and does what it is told when answered."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.carriers.exchange.call import Call, Unanswered
from ivr.carriers.exchange.handset import Handset
from ivr.carriers.exchange.oncall import Exchanges
from ivr.carriers.exchange.reports import Reports
from ivr.carriers.exchange.subscribers import Subscriber

NAMES = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}  # events and what they report


@dataclass(frozen=True)
class Order:
    """Who is called from what number, for how long it rings (seconds), what the call does then (`document`, or the one
    at `url`), and where the `events` (initiated, ringing, answered, completed) are told."""

    to: str
    caller: str
    seconds: float = 60.0
    document: str = ""
    url: str = ""
    callback: str = ""
    events: frozenset[str] = frozenset({"completed"})


class OutgoingCall(Call):
    """A call to `subscriber` (None: there is no such telephone)."""

    direction = "outbound-api"

    def __init__(self, shared: Exchanges, order: Order, subscriber: Subscriber | None) -> None:
        handset = subscriber.handset if subscriber else Handset(lambda _: None)
        super().__init__(shared, (order.caller, order.to), handset)
        self.status = "queued"
        self._order, self._subscriber = order, subscriber
        self._reports = Reports(shared.trunk, order.callback)

    def state(self, state: str, reason: str = "", detail: str = "") -> None:
        """Tell the telephone, unless it is in another call."""
        if self._subscriber and self._subscriber.call in (self, None):
            super().state(state, reason, detail)

    async def _ring(self) -> str:
        self._report("initiated")
        if self._subscriber is None:
            raise Unanswered("failed")
        if self._subscriber.call is None:
            self._report("ringing")
        outcome = await self._subscriber.ring(self, self._order.seconds, self.shared.clock)
        if outcome != "answered":
            raise Unanswered(outcome)
        self._answered = self.shared.clock.steady()
        self._report("answered")
        self.state("answered")
        return self._order.document or await self.ask(self._order.url)

    async def _end(self, reason: str, detail: str) -> None:
        """The telephone is free first: the application may ring it again as soon as it hears of the end."""
        self._free(reason, detail)
        await self._close(reason)

    async def _close(self, reason: str) -> None:
        if self._answered is not None:
            self.status = "failed" if reason == "failed" else "completed"
        else:
            self.status = reason if reason in ("busy", "no-answer", "failed") else "canceled"
        self._tell("completed")
        await self._reports.told()

    def _report(self, event: str) -> None:
        self.status = NAMES[event]
        self._tell(event)

    def _tell(self, event: str) -> None:
        if event in self._order.events:
            source = {"CallbackSource": "call-progress-events"}
            self._reports.tell(self._form(self.status) | self._duration() | source)
