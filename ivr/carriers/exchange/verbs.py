"""Carrying out TwiML verbs on a call. Each answers the next document, or None to go on with the verb behind it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any

from websockets.exceptions import WebSocketException

from ivr.carriers.exchange import tones, twiml
from ivr.carriers.exchange.conference import confer
from ivr.carriers.exchange.messages import Messages
from ivr.carriers.exchange.oncall import OnCall
from ivr.carriers.exchange.pace import Pace
from ivr.carriers.exchange.sounds import audio, next_key, sound
from ivr.carriers.exchange.stream import StreamLeg
from ivr.speech import codec
from ivr.speech.activity import Activity

RECORDINGS = "https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{sid}"
AGENT_RINGS_S, AGENT_TALKS_S = 3.0, 5.0  # of an agent that takes the call
log = logging.getLogger(__name__)


async def perform(call: OnCall, verb: twiml.Verb) -> str | None:
    """Carry out one verb."""
    return await _PERFORM[type(verb)](call, verb)


async def _play(call: OnCall, verb: twiml.Play) -> str | None:
    await sound(call, await audio(call, verb), until_key=False)
    return None


async def _say(call: OnCall, verb: twiml.Say) -> str | None:
    call.handset.sign(type="caption", text=verb.text)
    return None


async def _pause(call: OnCall, verb: twiml.Pause) -> str | None:
    await sound(call, codec.silence(int(verb.seconds * 1000)), until_key=False)
    return None


async def _redirect(call: OnCall, verb: twiml.Redirect) -> str | None:
    return await call.ask(verb.url)


async def _connect(call: OnCall, verb: twiml.Connect) -> str | None:
    call.conversation = verb.parameters.get("conversation", call.conversation)
    call.state("answered")
    stream_sid = call.new_sid("MZ")
    try:
        socket = await call.shared.trunk.socket(verb.url)
    except (OSError, WebSocketException, TimeoutError) as error:
        log.warning("call %s: the stream cannot be opened: %s", call.sid, error)
    else:
        messages = Messages(call.shared.trunk.account_sid, call.sid, stream_sid)
        await StreamLeg(socket, messages, call.handset, call.shared.clock).run(dict(verb.parameters))
    return await call.ask(verb.action, StreamSid=stream_sid) if verb.action else None


async def _gather(call: OnCall, verb: twiml.Gather) -> str | None:
    digits = await _keys(call, verb)
    if verb.action and (digits or verb.on_empty):
        return await call.ask(verb.action, Digits=digits, msg="Gather End")
    return None


async def _keys(call: OnCall, verb: twiml.Gather) -> str:
    key: str | None = None
    for prompt in verb.prompts:
        key = await sound(call, await audio(call, prompt), until_key=True)
        if key:
            break
    digits = ""
    quiet = codec.silence(int(verb.timeout_s * 1000))
    while (key := key or await sound(call, quiet, until_key=True)) and key not in verb.finish:
        digits += key
        key = None
        if len(digits) == verb.count:
            break
    return digits


async def _record(call: OnCall, verb: twiml.Record) -> str | None:
    if verb.beep:
        await sound(call, tones.beep(), until_key=False)
    note, key, spoken = await _note(call, verb)
    if not spoken or not verb.action:
        return None  # an empty recording is none: Twilio goes on with the next verb
    shared = call.shared
    sid = shared.recordings.keep(note)
    url = RECORDINGS.format(account=shared.trunk.account_sid, sid=sid)
    seconds = str(ceil(codec.seconds(note)))
    return await call.ask(
        verb.action, RecordingSid=sid, RecordingUrl=url, RecordingDuration=seconds, Digits=key or "hangup"
    )


async def _note(call: OnCall, verb: twiml.Record) -> tuple[bytes, str | None, bool]:
    """The recording, the key that ended it, and whether anything was said."""
    note, activity, pace = bytearray(), Activity(2), Pace(call.shared.clock)
    while len(note) < verb.max_s * codec.RATE and activity.silence_ms < verb.silence_s * 1000:
        key = next_key(call)
        if key and key in verb.finish:
            return bytes(note), key, activity.voiced_ms > 0
        frame = call.handset.frame()
        activity.feed(frame)
        note += frame
        await pace.step()
    return bytes(note), None, activity.voiced_ms > 0


async def _dial(call: OnCall, verb: twiml.Dial) -> str | None:
    call.state("agent", "ringing")
    seconds = 0.0
    if call.agent == "completed":
        await _ring(call, min(AGENT_RINGS_S, verb.timeout_s))
        call.state("agent", "answered")
        await sound(call, codec.silence(int(AGENT_TALKS_S * 1000)), until_key=False)
        seconds = AGENT_TALKS_S
    elif call.agent == "no-answer":
        await _ring(call, verb.timeout_s)
    else:
        await sound(call, tones.busy(), until_key=False)
    if not verb.action:
        return None
    sid = call.new_sid("CA")
    return await call.ask(verb.action, DialCallStatus=call.agent, DialCallSid=sid, DialCallDuration=str(ceil(seconds)))


async def _ring(call: OnCall, seconds: float) -> None:
    cycle = tones.ringing()
    rings = cycle * ceil(seconds * codec.RATE / len(cycle))
    await sound(call, rings[: int(seconds * codec.RATE)], until_key=False)


_PERFORM: dict[type[twiml.Verb], Callable[[Any, Any], Awaitable[str | None]]] = {
    twiml.Play: _play,
    twiml.Say: _say,
    twiml.Pause: _pause,
    twiml.Redirect: _redirect,
    twiml.Connect: _connect,
    twiml.Gather: _gather,
    twiml.Record: _record,
    twiml.Dial: _dial,
    twiml.Conference: confer,
}
