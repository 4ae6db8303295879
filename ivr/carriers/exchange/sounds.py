"""Sound of TwiML verbs: fetched, and played to the caller at talking speed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from ivr.carriers.exchange import twiml
from ivr.carriers.exchange.handset import Key
from ivr.carriers.exchange.oncall import OnCall
from ivr.carriers.exchange.pace import Pace
from ivr.carriers.exchange.trunk import Trunk
from ivr.line import FRAME_BYTES
from ivr.speech import codec, wav

KEPT = 64  # audio files; a carrier keeps those that it fetched, too: everybody who waits hears the same music
Place = tuple[str, str]  # the application, and the address there
_kept: OrderedDict[Place, bytes] = OrderedDict()
_coming: dict[Place, asyncio.Task[bytes]] = {}  # two hundred who begin to wait together fetch the music once


async def fetched(trunk: Trunk, url: str) -> bytes:
    """The mu-law audio of the WAV at `url`. Raises TrunkError, BadAudio."""
    key = (trunk.local_url(), trunk.absolute(url))
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    if key not in _coming:
        _coming[key] = asyncio.create_task(_fetch(trunk, key))
        _coming[key].add_done_callback(lambda _: _coming.pop(key, None))
    return await asyncio.shield(_coming[key])


async def _fetch(trunk: Trunk, key: Place) -> bytes:
    data = await trunk.get(key[1])
    _kept[key] = await asyncio.to_thread(lambda: codec.to_ulaw(wav.pcm_of(data)))
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return _kept[key]


async def audio(call: OnCall, prompt: twiml.Play | twiml.Say | twiml.Pause) -> bytes:
    """What a verb lets the caller hear. Raises TrunkError, BadAudio."""
    if isinstance(prompt, twiml.Play):
        return await fetched(call.shared.trunk, prompt.url)
    if isinstance(prompt, twiml.Pause):
        return codec.silence(int(prompt.seconds * 1000))
    call.handset.sign(type="caption", text=prompt.text)
    return b""


async def sound(call: OnCall, audio: bytes, until_key: bool) -> str | None:
    """Let the caller hear `audio` at talking speed. With `until_key` a key ends it and is the answer; without, keys are
    lost. Silence (in this exchange) is not sent: it only takes its time."""
    pace = Pace(call.shared.clock)
    for start in range(0, len(audio), FRAME_BYTES):
        key = next_key(call)
        if key and until_key:
            call.handset.clear()
            call.handset.hear(b"")
            return key
        frame = audio[start : start + FRAME_BYTES]
        call.handset.hear(frame if frame.strip(codec.ULAW_SILENCE) else b"")
        call.handset.frame()  # nobody listens
        await pace.step()
    call.handset.hear(b"")
    return None


def next_key(call: OnCall) -> str | None:
    """The next key that was pressed; typed turns before it are lost."""
    while not call.handset.inputs.empty():
        given = call.handset.inputs.get_nowait()
        if isinstance(given, Key):
            return given.digit
    return None
