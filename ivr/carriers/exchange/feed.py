"""Music and announcements for somebody who waits or is held: the document at a URL, carried out again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from ivr.carriers.exchange import sounds, twiml
from ivr.carriers.exchange.oncall import OnCall
from ivr.carriers.exchange.trunk import TrunkError
from ivr.line import FRAME_BYTES
from ivr.speech import codec
from ivr.speech.errors import BadAudio

AHEAD = 2 * codec.RATE  # bytes (2 s): the next sound is fetched while so much is left, so that no gap is heard
GAP_MS = 1000  # of silence where the document brings no sound, so that it is not asked for without a pause
log = logging.getLogger(__name__)


class Feed:
    """Sound from `source` (method and URL), in frames. `about` is added to what its webhook is asked with; `once`
    carries it out only one time (an announcement)."""

    def __init__(
        self, call: OnCall, source: tuple[str, str], about: Callable[[], Mapping[str, str]], *, once: bool = False
    ) -> None:
        self._call, self._about = call, about
        self._method, self._url = source
        self._once = once
        self._ready = bytearray()
        self._wanted = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    @property
    def over(self) -> bool:
        """Whether everything has been heard."""
        return self._task.done() and not self._ready

    def frame(self) -> bytes:
        """The next 20 ms; empty while there is nothing."""
        frame = bytes(self._ready[:FRAME_BYTES])
        del self._ready[:FRAME_BYTES]
        if len(self._ready) < AHEAD:
            self._wanted.set()
        return frame

    def stop(self) -> None:
        """Fetch nothing more."""
        self._task.cancel()

    async def _run(self) -> None:
        url = self._url
        while True:
            try:
                url = await self._round(url)
            except (TrunkError, twiml.TwimlError, BadAudio) as error:
                log.warning("call %s: nothing to be heard while waiting: %s", self._call.sid, error)
                url = self._url
                await self._push(codec.silence(GAP_MS))
            if self._once:
                return

    async def _round(self, url: str) -> str:
        """One time through the document; where to go on."""
        if self._method.upper() == "GET":
            await self._push(await sounds.fetched(self._call.shared.trunk, url))
            return url
        heard = 0
        for verb in twiml.parse(await self._call.ask(url, **self._about())):
            if isinstance(verb, twiml.Redirect):
                url = verb.url
                break
            if isinstance(verb, twiml.Play | twiml.Say | twiml.Pause):
                audio = await sounds.audio(self._call, verb)
                heard += len(audio)
                await self._push(audio)
        if not heard and not self._once:
            await self._push(codec.silence(GAP_MS))
        return url

    async def _push(self, audio: bytes) -> None:
        self._ready += audio
        while len(self._ready) >= AHEAD and not self._once:
            self._wanted.clear()
            await self._wanted.wait()
