"""One call at the exchange: a task that asks the application what to do and does it, until somebody hangs up."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from ivr.carriers.exchange import twiml
from ivr.carriers.exchange.handset import Handset
from ivr.carriers.exchange.oncall import Exchanges
from ivr.carriers.exchange.trunk import TrunkError
from ivr.carriers.exchange.verbs import perform
from ivr.speech.errors import BadAudio

Agent = Literal["no-answer", "busy", "completed"]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _End:
    reason: str


@dataclass(frozen=True)
class _GoOn:
    document: str
    url: bool  # `document` is where it is to be had


class Unanswered(Exception):  # noqa: N818
    """The call does not come about; the message is the reason."""


class Call:
    """A call from `caller` to `called`. `agent` is how the agents' desk behaves when the call is put through,
    `parameters` what the telephone gives along for the application."""

    direction = "inbound"

    def __init__(
        self,
        shared: Exchanges,
        numbers: tuple[str, str],
        handset: Handset,
        agent: Agent = "no-answer",
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.sid = self.new_sid("CA")
        self.shared = shared
        self.caller, self.called = numbers
        self.handset = handset
        self.agent: str = agent
        self.conversation = ""
        self.over = False
        self._orders: asyncio.Queue[_End | _GoOn] = asyncio.Queue()
        self.status = "ringing"
        self._parameters = parameters or {}
        self._answered: float | None = None

    def hang_up(self, reason: str = "hung up") -> None:
        """End the call, whatever it is doing."""
        self._orders.put_nowait(_End(reason))

    def go_on(self, document: str, *, url: bool = False) -> None:
        """Drop what the call is doing and carry out another document, or the one at an address."""
        self._orders.put_nowait(_GoOn(document, url))

    async def run(self) -> None:
        """The whole call. Never raises: whatever goes wrong ends the call with a reason."""
        reason, detail = "failed", ""
        try:
            reason = await self._conduct()
        except Unanswered as unanswered:
            reason = str(unanswered)
        except (TrunkError, twiml.TwimlError, BadAudio) as error:
            detail = str(error)
            log.warning("call %s: %s", self.sid, detail)
        except Exception:
            log.exception("call %s failed at the exchange", self.sid)
        finally:
            await self._end(reason, detail)

    async def ask(self, url: str, **form: str) -> str:
        """Ask a webhook of this call; its document."""
        return await self.shared.trunk.post(url, self._form(self.status) | form)

    def state(self, state: str, reason: str = "", detail: str = "") -> None:
        """Tell the caller how the call stands."""
        about = {"call": self.sid, "conversation": self.conversation, "reason": reason, "detail": detail}
        self.handset.sign(type="state", state=state, **about)

    def new_sid(self, kind: str) -> str:
        """A fresh SID, `kind` and 32 hexadecimal digits as Twilio's."""
        return f"{kind}{secrets.token_hex(16)}"

    async def _conduct(self) -> str:
        work: Coroutine[Any, Any, str | None] = self._ring()
        while True:
            result = await self._unless_ordered(work)
            if isinstance(result, _End):
                return result.reason
            if result is None:
                return "finished"
            work = self._document(result) if isinstance(result, _GoOn) else self._carry_out(result)

    async def _unless_ordered(self, work: Coroutine[Any, Any, str | None]) -> str | _End | _GoOn | None:
        """The next document; an order that comes meanwhile stops the work."""
        working = asyncio.create_task(work)
        order = asyncio.create_task(self._orders.get())
        try:
            await asyncio.wait((working, order), return_when=asyncio.FIRST_COMPLETED)
            return order.result() if order.done() else working.result()
        finally:
            for task in (working, order):
                task.cancel()
            await asyncio.gather(working, order, return_exceptions=True)

    async def _document(self, order: _GoOn) -> str:
        return await self.ask(order.document) if order.url else order.document

    async def _ring(self) -> str:
        """Bring the call about; its first document. Raises Unanswered."""
        self.state("ringing")
        if self.called != self.shared.trunk.number:
            raise Unanswered("wrong-number")
        document = await self.ask(self.shared.trunk.voice, **self._parameters)
        self._answered, self.status = self.shared.clock.steady(), "in-progress"
        self.state("answered")
        return document

    async def _carry_out(self, document: str) -> str | None:
        for verb in twiml.parse(document):
            if isinstance(verb, twiml.Hangup):
                return None
            following = await perform(self, verb)
            if following is not None:
                return following
        return None

    async def _end(self, reason: str, detail: str) -> None:
        """The telephone is told last: a caller who waits for the end finds everything stored."""
        try:
            await self._close(reason)
        finally:
            self._free(reason, detail)

    def _free(self, reason: str, detail: str) -> None:
        """The telephone has no part in the call any more, and is told so."""
        self.over = True
        self.state("ended", reason, detail)

    async def _close(self, reason: str) -> None:
        """Tell the application of the end."""
        if self._answered is None:
            return  # the application has never heard of it, or has failed at it
        self.status = "failed" if reason == "failed" else "completed"
        form = self._form(self.status) | self._duration() | {"CallbackSource": "call-progress-events"}
        try:
            await self.shared.trunk.post(self.shared.trunk.status, form)
        except TrunkError as error:
            log.warning("call %s: the end was not taken: %s", self.sid, error)

    def _duration(self) -> dict[str, str]:
        if self._answered is None:
            return {}
        return {"CallDuration": str(ceil(self.shared.clock.steady() - self._answered))}

    def _form(self, status: str) -> dict[str, str]:
        return {
            "AccountSid": self.shared.trunk.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": status,
            "Direction": self.direction,
            "From": self.caller,
            "Caller": self.caller,
            "To": self.called,
            "Called": self.called,
        }
