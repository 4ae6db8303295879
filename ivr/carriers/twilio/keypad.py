"""The keypad-only way: a conversation's actions as TwiML, a webhook's form as what the caller did.

It serves when speech cannot be recognised: the same conversation, asked by `<Play>` and answered by `<Gather>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from urllib.parse import urlencode

from ivr.actions import Action, End, Listen, RecordNote, Speak, Transfer
from ivr.carriers.twilio import handoff_twiml, twiml
from ivr.carriers.twilio.bridge import WAIT
from ivr.carriers.twilio.deps import Deps
from ivr.line import Talk

KEYS, NOTE, DIALLED = "/twilio/voice/keys", "/twilio/voice/note", "/twilio/voice/dialled"
BACK = "*"
MIN_TIMEOUT_S = 3  # Twilio's pause between two keys is the same setting as the wait for the first


def document(deps: Deps, actions: Sequence[Action], call: str, caller: str | None) -> str:
    """The TwiML that says what is to be said and then does the last action; without one it hangs up."""
    audio = [
        deps.signatures.url(deps.audio_path(sentence))
        for action in actions
        if isinstance(action, Speak)
        for sentence in action.sentences
    ]
    last = next((a for a in reversed(actions) if not isinstance(a, Speak)), End())
    if isinstance(last, Listen):
        return _gather(audio, last)
    if isinstance(last, RecordNote):
        note = _numbered(NOTE, last.turn)
        return twiml.record(audio, note, seconds=last.seconds, silence_s=ceil(deps.settings.dialog.note_silence_s))
    if isinstance(last, Transfer):
        return handed_over(deps, audio, call, caller)
    return twiml.hangup(audio)


def handed_over(deps: Deps, audio: Sequence[str], call: str, caller: str | None) -> str:
    """Let the caller wait for an agent; without a queue that takes the call, dial the agents' number."""
    if deps.desk and not deps.practises(call) and deps.desk.takes(call):
        return handoff_twiml.onward(audio, deps.signatures.url(WAIT))
    return put_through(deps, audio, call, caller)


def put_through(deps: Deps, audio: Sequence[str], call: str, caller: str | None) -> str:
    """Dial the agents' desk, showing the caller's number there; in a call that tries a draft nobody answers."""
    if deps.practises(call):
        return twiml.redirect(audio, DIALLED)
    agents = deps.settings.agents
    return twiml.dial(audio, agents.number, action=DIALLED, timeout_s=agents.dial_s, caller_id=caller)


def _gather(audio: Sequence[str], listen: Listen) -> str:
    action = _numbered(KEYS, listen.turn, keypad=listen.keypad)
    length = 1 if listen.keypad == "menu" else listen.length
    return twiml.gather(audio, action, length=length, timeout_s=max(ceil(listen.silence_s), MIN_TIMEOUT_S))


def _numbered(path: str, turn: int | None, **values: str) -> str:
    """The webhook with the number of its turn: an answer that comes twice is told from the next one."""
    query = urlencode({**values, **({} if turn is None else {"turn": turn})})
    return f"{path}?{query}" if query else path


def answer(talk: Talk, keypad: str, digits: str) -> list[Action]:
    """Tell the conversation what was keyed. `*` anywhere in a string of digits means back: it ends no `<Gather>`."""
    if not digits:
        return talk.silent()
    if keypad == "digits" and BACK in digits:
        return talk.keyed(BACK)
    return talk.keyed(digits)
