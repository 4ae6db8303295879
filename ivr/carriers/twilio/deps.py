"""What the Twilio side needs from the rest of the product. The application fills these in; nothing is imported back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ivr.actions import Action
from ivr.bridge import Desk
from ivr.carriers.twilio.signature import Signatures
from ivr.carriers.twilio.stream import Start
from ivr.clock import Clock
from ivr.line import Line, Talk
from ivr.settings import Settings
from ivr.underway import Admission
from prompts.sentence import Sentence

Outcome = Literal["handoff", "ended"]


@dataclass(frozen=True)
class Deps:
    """The webhooks' seams. All are called from HTTP threads and may block; a call is known by Twilio's CallSid.

    `call_opened(call_sid, caller, called, proof)` opens the call record and its conversation and answers the
    conversation id; asked again for the same call it answers the same. `caller` is `+91…`, None when withheld; `proof`
    is one for trying a draft, "" for all others. Raises TrialRefused (`ivr.trials.opening`).
    `practises(call_sid)`: whether the call tries a draft; then no agent is called.
    `open_talk(call_sid)` is the conversation of an opened call by keypad with its stored state; `begin()` starts or
    takes it up again, `keyed`, `silent` and `recorded` come on later instances without `begin()`.
    `outcome(call_sid)`: "handoff" when the caller is to be put through, "ended" when the conversation is over (or the
    call is not known), None while it is not finished (the socket was lost).
    `dial_failed(call_sid)`: the agent did not answer; the conversation goes on, telling that a callback is noted.
    `call_closed(call_sid, status, seconds)` closes the record; a second time it changes nothing.
    `speech_ready()`: whether calls can be answered by speech; False: keypad only.
    `admission` decides how a new call is taken, and is told of every call that a webhook names.
    `busy(call_sid)`: what an opened call hears that is not taken; a callback has been noted.
    `audio_path(sentence)` is the path `/audio/<token>.wav` under which `audio_of(token)` finds its WAV (None: no such).
    `fetch_recording(url)` gets the WAV of a recording from the carrier (`client.TwilioClient.fetch_recording`).
    `desk` is the agents' queue; without one a caller who is handed over is put through to the agents' number.
    """

    settings: Settings
    clock: Clock
    signatures: Signatures
    call_opened: Callable[[str, str | None, str, str], str]
    open_talk: Callable[[str], Talk]
    outcome: Callable[[str], Outcome | None]
    dial_failed: Callable[[str], None]
    call_closed: Callable[[str, str, int], None]
    speech_ready: Callable[[], bool]
    admission: Admission
    busy: Callable[[str], list[Action]]
    audio_path: Callable[[Sentence], str]
    audio_of: Callable[[str], bytes | None]
    fetch_recording: Callable[[str], bytes]
    desk: Desk | None = None
    practises: Callable[[str], bool] = lambda call: False


class LiveCall(Protocol):
    """A call with audio, as the socket drives it. Methods come one at a time, on the event loop."""

    async def audio(self, frame: bytes) -> None:
        """The caller's next 20 ms: 160 bytes of 8 kHz mu-law. Must not take long: the next frame waits."""

    async def key(self, digit: str) -> None:
        """The caller pressed a key."""

    async def marked(self, name: str) -> None:
        """What was played up to the mark `name` has been heard, or was cleared."""

    async def typed(self, text: str) -> None:
        """The caller typed a turn (only through our own exchange)."""

    async def gone(self) -> None:
        """The stream was stopped: the call is over. It or `lost` comes exactly once, last, whatever happened."""

    async def lost(self) -> None:
        """The connection broke; the carrier may connect the call again."""


StartCall = Callable[[Line, Start], Awaitable[LiveCall]]
"""Begins the live call of a stream; `start.parameters["conversation"]` is the id that `call_opened` answered."""
