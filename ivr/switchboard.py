"""The live calls of this process: one a conversation, each told to the observer and to the register of calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ivr.call import TALKERS, LiveCall
from ivr.carriers.twilio.stream import Start
from ivr.clock import Clock
from ivr.line import Ears, Line, Talk, Voice
from ivr.observe.observer import Observer
from ivr.settings import Settings
from ivr.timings import Timings
from ivr.underway import UnderWay


@dataclass(frozen=True)
class Phones:
    """What every live call needs."""

    voice: Voice
    ears: Ears
    clock: Clock
    settings: Settings


class Switchboard:
    """Starts the live call of a stream; `talk` gets a conversation by its id and may block."""

    def __init__(self, talk: Callable[[str], Talk], phones: Phones, under_way: UnderWay, observer: Observer) -> None:
        self._talk, self._phones, self._under_way, self._observer = talk, phones, under_way, observer
        self._calls: dict[str, WatchedCall] = {}

    async def start_call(self, line: Line, start: Start) -> LiveCall:
        """Begin the live call of a stream. One that is still there for the same conversation, on a connection that
        broke, is ended first: what it has not stored yet must not be lost."""
        conversation = start.parameters["conversation"]
        self._under_way.seen(start.call_sid, streams=1)
        try:
            if before := self._calls.get(conversation):
                await before.lost()
            talk = await asyncio.get_running_loop().run_in_executor(TALKERS, self._talk, conversation)
        except BaseException:
            self._under_way.seen(start.call_sid, streams=-1)
            raise
        call = WatchedCall(line, talk, self._phones, self._observer, lambda: self._ended(start.call_sid, call))
        self._calls[conversation] = call
        self._observer.call_began(start.call_sid, conversation)
        await call.start()
        return call

    def _ended(self, sid: str, call: WatchedCall) -> None:
        if self._calls.get(call.id) is call:
            del self._calls[call.id]
        self._under_way.seen(sid, streams=-1)
        self._observer.call_ended(sid, call.id)


class WatchedCall(LiveCall):
    """A live call that tells the observer of its turns, and `ended` once when it is over."""

    def __init__(self, line: Line, talk: Talk, phones: Phones, observer: Observer, ended: Callable[[], None]) -> None:
        super().__init__(line, talk, phones.voice, phones.ears, phones.clock, phones.settings)
        self.id = talk.id
        self._phones, self._observer = phones, observer
        self._ended: Callable[[], None] | None = ended

    def _log(self, lap: Timings) -> None:
        super()._log(lap)
        clock = self._phones.clock
        self._observer.turn(self.id, lap, clock.steady(), clock.speed)

    async def gone(self) -> None:
        """The caller is gone."""
        try:
            await super().gone()
        finally:
            self._tell_end()

    async def lost(self) -> None:
        """The connection is gone."""
        try:
            await super().lost()
        finally:
            self._tell_end()

    def _tell_end(self) -> None:
        ended, self._ended = self._ended, None
        if ended:
            ended()
